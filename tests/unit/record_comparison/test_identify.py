"""Which record a file is of: by its bytes, by what it begins with, by the data in it; or not known."""

from __future__ import annotations

import copy
import io
import json
import re
from datetime import UTC, datetime

import pikepdf
import pytest
from click.testing import CliRunner

from service import catalog, pipeline
from service.archive import Archive
from service.archive.additions import add_file
from service.archive.additions.addition import SIGNED
from service.audit.event import Actor
from service.cli import main
from service.config import Settings
from service.conversion import pdf_texts, text_worker
from service.conversion.conversion_errors import not_verified_in
from service.payload_json import dump
from service.record_comparison import identified_words, likely_records
from service.record_comparison.identify import identify
from service.sealed_copies import add_copy
from service.submission import validate
from tests.helpers import pdf as pdfs
from tests.helpers import signatures as made
from tests.helpers.archive import entry
from tests.helpers.pictures import scanned

EDITION = catalog.edition("annex3", 2021)
BEFORE = EDITION.sample("full")
AFTER = copy.deepcopy(BEFORE) | {"case_name": "另一个案例"}
PDFS = [made.blank_pdf("first"), made.blank_pdf("second")]
SIGNED_PDF = made.signed(PDFS[1])
B_LT = made.with_revocation_data(made.signed(PDFS[1], at=datetime.now(UTC), field="Seal"))
OVERDRAWN_SEALED = made.changed(PDFS[1])
PNG = scanned()
# A red bar on the archived page, then a signature by somebody who is not trusted.
OVERPAINTED = {
    "unknown_signer": made.signed(
        made.painted(PDFS[1]), made.identity("自制", by="自制根"), above=("自制根",)
    ),
    "untrusted": made.signed(made.painted(PDFS[1]), made.authority("自签"), above=("自签",)),
    "expired": made.signed(made.painted(PDFS[1]), made.identity("旧章", days=(-20, -10))),
    "unsupported": made.with_foreign_seal(made.signed(made.painted(PDFS[1])), None),
}


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Settings that trust the test's root; PDFs are examined in this process."""
    monkeypatch.setattr(add_copy, "examine", made.examine_here(tmp_path))
    monkeypatch.setattr(pdf_texts, "read", lambda pdf, _: "\n".join(text_worker.texts(pdf)))
    return Settings.from_env({"KEXIE_ARCHIVE": str(tmp_path / "archive")})


@pytest.fixture
def archive(settings):
    """Two versions of 甲, with a sealed and a signed copy of the second."""
    with Archive.open(settings) as opened:
        for payload, pdf in zip((BEFORE, AFTER), PDFS, strict=True):
            files = {"payload": dump(payload), "docx": pipeline.docx(validate(EDITION, payload)), "pdf": pdf}
            record = opened.add(entry("甲", "annex3", files=files))
        add_copy.add(opened, record, PNG, settings)
        add_file.add(opened, record, SIGNED, SIGNED_PDF, "application/pdf", {}, Actor("service:x", "-"))
        yield opened


def carrying(payload):
    """A PDF made elsewhere that carries this payload."""
    return pdfs.carrying(made.blank_pdf("elsewhere"), payload)


BYTE_CHANGED = made.signed(PDFS[0], field="Other").replace(b"(first)", b"(fIrst)")
EDITED = copy.deepcopy(AFTER) | {"case_name": "第三个案例"}
CASES = {
    "pdf": (PDFS[0], "same_file", 1, "pdf", "与档案“甲”第 1 版的“PDF 文书”完全相同"),
    "payload": (dump(AFTER), "same_file", 2, "payload", "第 2 版的“数据”完全相同"),
    "sealed": (PNG, "same_file", 2, "sealed-1", "第 2 版的“第 1 份盖章件”完全相同"),
    "signed": (SIGNED_PDF, "same_file", 2, "signed", "PDF 文书（本服务已签名）”完全相同"),
    "sealed elsewhere": (made.signed(PDFS[0], field="New"), "continued", 1, "", "开头与档案“甲”第 1 版"),
    "changed": (made.changed(made.signed(PDFS[0])), "continued", 1, "", "开头与档案“甲”第 1 版"),
    "B-LT": (B_LT, "continued", 2, "", "开头与档案“甲”第 2 版的 PDF 文书完全相同，后面的内容是签名、"),
    "overdrawn": (
        made.changed(PDFS[0]),
        "continued",
        1,
        "",
        "开头与档案“甲”第 1 版的 PDF 文书完全相同，后加的内容没有经核验有效的电子签名：页面上看到的"
        "可能已被改动，请与归档的 PDF 逐页核对。",
    ),
    "a byte changed": (BYTE_CHANGED, "unknown", None, "", "扫描件和另行生成的 PDF"),
    "junk behind": (PDFS[0] + b"junk " * 1000, "continued", 1, "", "后加的内容没有经核验有效的电子签名"),
    "damaged": (made.signed(PDFS[0]) + b"junk " * 1000, "continued", 1, "", "没有核验签名"),
    "carried data": (
        carrying(BEFORE),
        "same_data",
        1,
        "",
        "比对的是 PDF 附带的数据，页面没有比对",
    ),
    "signed data": (
        made.signed(carrying(BEFORE)).replace(b"(elsewhere)", b"(Elsewhere)"),
        "same_data",
        1,
        "",
        "填写的内容与档案“甲”第 1 版相同",
    ),
    "edited": (carrying(EDITED), "other_data", 2, "", "与档案“甲”第 2 版最接近，有 1 处不同"),
    "saved": (dump({"form": "annex3", "year": 2021, "data": EDITED}), "other_data", 2, "", "有 1 处不同"),
    "scan": (made.blank_pdf("a scan"), "unknown", None, "", "扫描件和另行生成的 PDF"),
    "damaged scan": (
        made.signed(made.blank_pdf("a scan")) + b"junk " * 1000,
        "unknown",
        None,
        "",
        "没有核验签名",
    ),
    "picture": (b"\xff\xd8\xff scan", "unknown", None, "", "请扫封面页上的二维码"),
    "text": (b"nothing", "unknown", None, "", "档案里没有这个文件"),
}


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("pdf", "same_file file=pdf"),
        ("sealed", "same_file file=sealed-1"),
        ("sealed elsewhere", "continued signatures=valid"),
        ("changed", "continued signatures=changed"),
        ("junk behind", "continued signatures=none"),
        ("damaged", "continued signatures=unverified"),
        ("edited", "other_data"),
        ("text", "unknown"),
    ],
)
def test_the_log_says_of_which_file_and_what_of_its_signatures(archive, settings, name, detail):
    found = identify(archive, CASES[name][0], settings, "")
    assert found.detail == f"{detail} sha256={found.sha256}"


@pytest.mark.parametrize("name", CASES)
def test_a_file_is_identified(archive, settings, name):
    content, result, version, part, words = CASES[name]
    found = identify(archive, content, settings)
    said = identified_words.explanation(found)
    assert (found.result, found.record and found.record.version, found.file) == (result, version, part)
    assert words in said.zh
    assert "{" not in said.zh + said.en
    assert ("此后又有新版，最新的是第 2 版" in said.zh) == (version == 1)


def test_signatures_are_reported(archive, settings):
    for name, verdict in (
        ("sealed elsewhere", "valid"),
        ("changed", "changed"),
        ("B-LT", "valid"),
        ("overdrawn", None),
        ("a byte changed", "broken"),
        ("signed data", "broken"),
        ("sealed", None),
    ):
        assert identify(archive, CASES[name][0], settings).finding.verdict == verdict
    for name in ("pdf", "carried data", "scan"):
        assert identify(archive, CASES[name][0], settings).finding is None


def test_without_a_signature_nothing_is_started_to_verify_it(archive, settings, monkeypatch):
    monkeypatch.setattr(add_copy, "examine", lambda *_: pytest.fail("the verifier was started"))
    for name in ("overdrawn", "junk behind", "carried data", "scan"):
        identify(archive, CASES[name][0], settings)


def test_only_a_signature_vouches_for_what_was_added(archive, settings):
    for name, said in (
        ("changed", "签署后有改动"),
        ("overdrawn", "没有电子签名"),
        ("damaged", "签名没有核验"),
    ):
        found = identify(archive, CASES[name][0], settings)
        assert identified_words.heading(found).zh == f"归档的 PDF 之后加了内容；{said}"
    for name in ("sealed elsewhere", "B-LT", "sealed", "a byte changed", "signed data"):
        assert not identify(archive, CASES[name][0], settings).unproved


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("unknown_signer", "签署人未知"),
        ("untrusted", "签名证书不可信"),
        ("expired", "签名证书已过期"),
        ("unsupported", "签名无法核验：算法不支持"),
    ],
)
def test_a_signature_that_is_not_valid_vouches_for_no_page(archive, settings, verdict, said):
    found = identify(archive, OVERPAINTED[verdict], settings)
    assert (found.result, found.finding.verdict) == ("continued", verdict)
    assert identified_words.heading(found).zh == f"归档的 PDF 之后加了内容；{said}"
    assert "请与归档的 PDF 逐页核对。" in identified_words.explanation(found).zh


def test_a_trusted_signature_vouches_for_no_page_that_was_changed_before(archive, settings):
    pdf = made.signed(made.painted(PDFS[1]), field="Other")
    found = identify(archive, pdf, settings)
    assert (found.result, found.finding.verdict, found.unproved) == ("continued", "changed_before", True)
    assert identified_words.heading(found).zh == "签署前文件内容已被改动，请逐页核对"
    assert "签署之前已加了签名以外的内容" in identified_words.explanation(found).zh
    after_ours = identify(archive, made.signed(made.painted(SIGNED_PDF), field="Other"), settings)
    assert [each.verdict for each in after_ours.finding.signatures] == ["changed", "changed_before"]
    honest = identify(archive, made.signed(SIGNED_PDF, field="Other"), settings)
    assert (honest.finding.verdict, honest.unproved) == ("valid", False)


@pytest.mark.parametrize(
    ("content", "said", "stored"),
    [
        (
            OVERDRAWN_SEALED,
            "没有电子签名",
            "没有电子签名。归档的 PDF 之后加了内容，没有电子签名：页面上看到的可能已被改动",
        ),
        (
            OVERPAINTED["unknown_signer"],
            "签署人未知",
            "签署人未知。文件以本记录的 PDF 原样开头，后加的内容没有有效的签名证明：页面上看到的可能已被改动",
        ),
    ],
    ids=["unsigned", "unknown signer"],
)
def test_of_a_sealed_copy_what_was_found_is_repeated(archive, settings, content, said, stored):
    add_copy.add(archive, next(archive.records()), content, settings)
    found = identify(archive, content, settings)
    assert (found.result, found.file, found.unproved) == ("same_file", "sealed-2", True)
    heading = f"与存入的盖章件 2 相同（不是归档的 PDF 本身）；存入时{said}"
    assert identified_words.heading(found).zh == heading
    assert identified_words.explanation(found).zh == (
        f"与档案“甲”第 2 版的“第 2 份盖章件”完全相同，一个字节也不差。存入时核验的结果：{stored}，"
        "请与归档的 PDF 逐页核对。"
    )


def test_a_word_document_saved_elsewhere_is_read(archive, settings):
    package = pipeline.docx(validate(EDITION, EDITED))
    found = identify(archive, package, settings)
    assert (found.result, [each.label.zh for each in found.differences]) == ("other_data", ["案例名称"])
    other = copy.deepcopy(BEFORE) | {"association_name": "云湖县科学技术协会"}
    unknown = identify(archive, pipeline.docx(validate(EDITION, other)), settings)
    assert (unknown.result, "同一名称的记录" in unknown.reason.zh) == ("unknown", True)


def titled(title, pdf=PDFS[0]):
    """A PDF as another program saves it, with a title and without what was attached."""
    document = pikepdf.open(io.BytesIO(pdf))
    document.docinfo["/Title"] = title
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_manifest(digest):
    document = pikepdf.open(io.BytesIO(made.blank_pdf("elsewhere")))
    content = json.dumps({"files": [{"name": "申报书.docx", "sha256": digest}]}).encode()
    document.attachments["manifest.json"] = pikepdf.AttachedFileSpec(document, content, filename="m")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


NAME = BEFORE["association_name"]
ELSEWHERE = made.blank_pdf("elsewhere")


def test_records_that_a_file_may_be_of_are_named_with_the_reason(archive, settings):
    number = archive.add(entry("3201-0007", files={"docx": b"PK 7"}))
    code = f"3201-0007 #{number.manifest[:16]}"
    code_of = ("3201-0007", 1, likely_records.WRITTEN_CODE)
    for content, name, id, version, reason in (
        (titled(f"申报书（{NAME}）"), "", "甲", 1, likely_records.SAME_PDF_ID),
        (titled(f"申报书（{NAME}）", ELSEWHERE), "", "甲", 2, likely_records.SAME_NAME),
        (titled(NAME, PDFS[1]), "", "甲", 2, likely_records.SAME_PDF_ID),
        (ELSEWHERE, "申报书（3201-0007）.pdf", "3201-0007", 1, likely_records.SAME_NUMBER),
        (PNG + b" other", "3201-0007.png", "3201-0007", 1, likely_records.SAME_NUMBER),
        (PNG + b" another", "申报书3201-0007盖章.png", "3201-0007", 1, likely_records.SAME_NUMBER),
        (titled(f"编号 {code}", ELSEWHERE), "", *code_of),
        (titled(f"封面码 {number.manifest[:16].upper()}", ELSEWHERE), "", *code_of),
        (ELSEWHERE, f"＃{number.manifest[:16]}.pdf", *code_of),
        (titled(f"记录号：{number.key}", ELSEWHERE), "", "3201-0007", 1, likely_records.WRITTEN_KEY),
        (with_manifest(number.files["docx"].sha256), "", "3201-0007", 1, likely_records.CARRIED_HASH),
    ):
        found = identify(archive, content, settings, name=name)
        assert (found.result, found.record) == ("unknown", None)
        (likely,) = found.likely
        assert (likely.record.id, likely.record.version, likely.reason) == (id, version, reason)
        assert identified_words.explanation(found).zh.endswith("但不能证明就是它的，请人工核对。")
        assert identify(archive, content, settings, "云湖县", name).likely == []
    for content in (ELSEWHERE, b"nothing", b"%PDF- damaged", titled("3201\x00-0007", ELSEWHERE)):
        assert identify(archive, content, settings, name="3201.pdf").likely == []


def test_another_tenants_records_are_not_named(archive, settings):
    for content, *_ in CASES.values():
        assert identify(archive, content, settings, "云湖县").record is None


def test_the_command_says_it_and_logs_it(archive, tmp_path):
    file = tmp_path / "file.pdf"

    def run(*words):
        return CliRunner().invoke(main, [*words, "--archive", str(tmp_path / "archive")])

    archive.add(entry("甲二〇二一", files={"docx": b"PK"}))
    before = [each.name for each in tmp_path.rglob("*") if "objects" in each.parts]
    for content in (PDFS[0], carrying(EDITED), b"nothing"):
        file.write_bytes(content)
        assert run("records", "identify", str(file)).exit_code == 0
    report = json.loads(run("records", "identify", str(file), "--json").stdout)
    assert (report["result"], report["record"], report["likely"]) == ("unknown", None, [])
    file.write_bytes(CASES["sealed elsewhere"][0])
    assert "+08:00 (自报 / claimed)\n" in run("records", "identify", str(file)).stdout
    scan = tmp_path / "甲县（甲二〇二一）.png"
    scan.write_bytes(PNG + b" other")
    perhaps = run("records", "identify", str(scan)).stdout
    assert re.search("也许是 / perhaps\t甲二〇二一\t.*\t文件名或文中有它的编号 / its id is in ", perhaps)
    file.write_bytes(carrying(EDITED))
    report = json.loads(run("records", "identify", str(file), "--json").stdout)
    assert (report["record"]["id"], report["differences"][0]["after"]) == ("甲", ["第三个案例"])
    assert (report["name"], report["other_records"]) == ("不是归档的那一份，附带的数据也不同", [])
    assert [each.name for each in tmp_path.rglob("*") if "objects" in each.parts] == before
    logged = json.loads(run("audit", "--action", "identify", "--json").stdout)
    assert [(row["id"], row["version"], row["detail"].split(" sha256=")[0]) for row in logged] == [
        ("甲", 1, "same_file file=pdf"),
        ("甲", 2, "other_data"),
        (None, None, "unknown"),
        (None, None, "unknown"),
        ("甲", 1, "continued signatures=valid"),
        (None, None, "unknown"),
        ("甲", 2, "other_data"),
    ]


def test_the_command_says_what_is_known_where_signatures_are_not_verified_in_time(
    archive, tmp_path, monkeypatch
):
    def late(*_):
        raise not_verified_in(30)

    monkeypatch.setattr(add_copy, "examine", late)
    file = tmp_path / f"{NAME}.pdf"
    for pdf, heading in (
        (ELSEWHERE, "认不出是哪条档案的"),
        (carrying(AFTER), "不是归档的那一份；附带的数据相同，页面没有比对"),
    ):
        file.write_bytes(made.signed(pdf))
        words = ("records", "identify", str(file), "--archive", str(tmp_path / "archive"))
        result = CliRunner().invoke(main, words)
        assert (result.exit_code, result.stdout.splitlines()[0].split(" / ")[0]) == (0, heading)
        assert "核验签名超过 30 秒仍未完成" in result.stdout
        assert "\t甲\t" in result.stdout or "\n甲\t" in result.stdout
        report = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)
        assert (report["unfinished"], report["verdict"]) == (True, None)
