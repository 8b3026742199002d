"""The four properties: each kind of damage fails its own check, and what is not checked is said."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing

import pypdfium2
import pytest
from click.testing import CliRunner
from PIL import Image
from sqlalchemy import text

from service.archive.additions import add_file
from service.archive.additions.addition import PDF, SEALED
from service.audit.event import process_actor
from service.cli import main
from service.four_properties.properties import permissions
from tests.helpers.archive import Tamper, entry
from tests.helpers.docx_builder import form, parts, zipped

ME = process_actor().who
PAYLOAD = '{"cover": {"applicant": "云泽县科学技术协会"}}'.encode()


def pdf(claim=b"<pdfaid:part>2</pdfaid:part>"):
    made = io.BytesIO()
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(595, 842).close()
        document.save(made)
    return made.getvalue() + claim


FILES = {"payload": PAYLOAD, "docx": form(), "pdf": pdf()}


@pytest.fixture
def verify(place):
    """Runs the command; answers its exit code, the result of each check, and the report."""

    def run():
        done = CliRunner().invoke(main, ["verify", "--report", "report.json"])
        report = json.loads((place / "report.json").read_text(encoding="utf-8"))
        checks = [check for each in report["properties"] for check in each["checks"]]
        return done, {check["code"]: check for check in checks}, report

    return run


def wrong(checks):
    return {code for code, check in checks.items() if check["result"] in ("failed", "explain")}


def test_a_whole_archive_passes_and_says_what_was_not_checked(archive, verify):
    archive.add(entry(files=FILES))
    done, checks, report = verify()
    assert done.exit_code == 0, done.output
    assert wrong(checks) == set()
    assert [each["name"] for each in report["properties"]] == ["真实性", "完整性", "可用性", "安全性"]
    assert {code for code, check in checks.items() if check["result"] == "not_checked"} == {
        "viruses",
        "media",
    }
    assert checks["signatures"]["result"] == "nothing_to_check"
    assert (checks["pdf_opens"]["checked"], checks["files_unchanged"]["checked"]) == (1, 3)
    assert all(check["evidence"] and check["evidence_en"] for check in checks.values())
    assert "安全性：合格（另有 2 项未检测）" in done.output


@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        ("payload", b"{", "payload_readable"),
        ("docx", b"PK no document", "docx_opens"),
        ("docx", zipped({"word/document.xml": "<none/>"}), "docx_opens"),
        ("pdf", b"%PDF-1.7 no document <pdfaid:part>2</pdfaid:part>", "pdf_opens"),
    ],
)
def test_a_document_that_does_not_open_fails_usability(archive, verify, part, content, code):
    archive.add(entry(files={**FILES, part: content}))
    done, checks, report = verify()
    assert done.exit_code == 6
    assert code in wrong(checks)
    assert wrong(checks) <= {code, "submitters_present"}
    assert report["result"] == "failed"


def test_what_is_to_be_explained_does_not_fail(archive, verify):
    archive.add(entry("old", files={**FILES, "pdf": pdf(b""), "original": b"x"}, original_name="旧.wps"))
    archive.add(entry("nobody", files={**FILES, "payload": b"{}"}))
    done, checks, report = verify()
    assert done.exit_code == 0
    assert wrong(checks) == {"pdf_a", "formats", "submitters_present"}
    named = {code: [(each["id"], each["file"]) for each in checks[code]["named"]] for code in wrong(checks)}
    assert named == {
        "pdf_a": [("old", "申报书.pdf")],
        "formats": [("old", "原件 .wps")],
        "submitters_present": [("nobody", None)],
    }
    assert (report["who"], report["made_by"]) == (ME, f"服务器上的用户 {ME.removeprefix('user:')}")
    assert ".wps 1 份" in checks["formats"]["evidence"]


def test_scans_and_signed_copies_of_one_archive_are_counted_apart(archive, verify):
    record = archive.add(entry(files=FILES))
    for number, report in enumerate(({}, {"verdict": "valid"}, {"verdict": "unknown_signer"})):
        add_file.add(archive, record, SEALED, pdf() + b"%d" % number, PDF, report, process_actor())
    done, checks, _ = verify()
    assert done.exit_code == 0, done.output
    assert (checks["signatures"]["result"], checks["signatures"]["checked"]) == ("explain", 2)
    (named,) = checks["signatures"]["named"]
    assert (named["key"], named["id"], named["file"], named["why"]) == (
        record.key,
        "3201-0001",
        "盖章件-3.pdf",
        "签署人未知",
    )


def test_sealed_copies_are_opened_and_their_formats_and_hashes_are_in_the_report(archive, verify):
    record = archive.add(entry(files=FILES))
    made = io.BytesIO()
    Image.new("RGB", (40, 60)).save(made, "PNG")
    scan, unclaimed = made.getvalue(), pdf(b"")
    _, torn, gone = (
        add_file.add(archive, record, SEALED, content, kind, {}, process_actor())[0]
        for content, kind in ((scan, "image/png"), (scan[:-20], "image/png"), (unclaimed, PDF))
    )
    done, checks, _ = verify()
    assert (done.exit_code, wrong(checks)) == (6, {"added_opens", "added_pdf_a"})
    assert (checks["added_opens"]["checked"], "不全的 1 份" in checks["added_opens"]["evidence"]) == (3, True)
    assert checks["added_pdf_a"]["checked"] == 1
    assert ".pdf 2 份，.png 2 份" in checks["formats"]["evidence"]
    assert "含盖章件、签名件 3 个；不符 0 个" in checks["files_unchanged"]["evidence"]
    Tamper(archive).delete(gone.file.sha256)
    Tamper(archive).write(torn.file.sha256, b"another")
    _, checks, report = verify()
    assert wrong(checks) == {"files_unchanged", "files_present", "added_opens"}
    assert "不全的 2 份" in checks["added_opens"]["evidence"]
    assert {each["file"] for each in report["faults"]} == {torn.name, gone.name}


@pytest.mark.parametrize(
    ("damage", "codes"),
    [
        (
            lambda tamper, record: tamper.write(record.files["pdf"].sha256, pdf(b"x")),
            {"files_unchanged", "pdf_opens"},
        ),
        (lambda tamper, record: tamper.write(record.manifest, b"{}"), {"manifests_unchanged"}),
        (
            lambda tamper, record: tamper.delete(record.files["docx"].sha256),
            {"files_present", "docx_opens"},
        ),
        (lambda tamper, record: tamper.delete(record.manifest), {"manifests_present"}),
        (lambda tamper, record: tamper.write("cd" * 32, b"nobody's"), {"nothing_foreign"}),
    ],
)
def test_damage_fails_the_check_that_is_for_it(archive, verify, damage, codes):
    record = archive.add(entry(files=FILES))
    damage(Tamper(archive), record)
    done, checks, report = verify()
    assert done.exit_code == 6
    assert wrong(checks) == codes
    assert len(report["faults"]) == 1
    assert checks["pdf_opens"]["checked"] == checks["docx_opens"]["checked"] == 1


def test_a_record_whose_manifest_or_row_is_gone_ends_no_report(archive, verify):
    kept = archive.add(entry("kept", files={**FILES, "original": b"x"}, original_name="旧.doc"))
    Tamper(archive).delete(kept.manifest)
    gone = archive.add(entry("gone", files=FILES))
    add_file.add(archive, gone, SEALED, pdf(), PDF, {"verdict": "unknown_signer"}, process_actor())
    with closing(sqlite3.connect(archive.engine.url.database)) as database, database:
        database.execute("DELETE FROM records WHERE key = ?", [gone.key])  # foreign keys are off
    done, checks, report = verify()
    assert done.exit_code == 6, done.output
    assert report["result"] == "failed"
    assert "manifests_present" in wrong(checks)
    assert (checks["signatures"]["result"], checks["signatures"]["named"]) == ("explain", [])


def test_a_changed_row_of_the_log_or_of_the_index_fails_authenticity(archive, verify):
    archive.add(entry(files=FILES))
    with archive.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET who = 'key:nobody'"))
        connection.execute(text("UPDATE records SET warnings = 3"))
    done, checks, _ = verify()
    assert done.exit_code == 6
    assert wrong(checks) == {"audit_chain", "metadata_agree"}


def test_the_report_names_the_row_where_the_log_breaks(archive, place, monkeypatch):
    record = archive.add(entry(files=FILES))
    Tamper(archive).delete(record.files["docx"].sha256)
    with archive.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET who = 'key:nobody'"))
    monkeypatch.setattr("service.conversion.convert", lambda docx, settings: docx)
    assert CliRunner().invoke(main, ["verify", "--report", "report.pdf"]).exit_code == 6
    with zipfile.ZipFile(place / "report.pdf") as package:
        printed = re.sub("<[^>]+>", "", package.read("word/document.xml").decode())
    _, _, found = printed.partition("五、发现的问题")
    assert "1. 审计日志第 1 行：这一行的内容与它的校验值不符，已被改动。" in found
    assert "2. annex2 2021 编号 3201-0001 第 1 版 申报书.docx：文件不见了。" in found
    assert "没有发现问题" not in found


@pytest.fixture
def printed(place, monkeypatch):
    """Makes the report on paper; its text, without LibreOffice."""
    monkeypatch.setattr("service.conversion.convert", lambda docx, settings: docx)

    def text_of(**more):
        monkeypatch.setenv("KEXIE_FONDS", more.pop("fonds", ""))
        CliRunner().invoke(main, ["verify", "--report", "report.pdf"])
        with zipfile.ZipFile(place / "report.pdf") as package:
            return re.sub("<[^>]+>", "", package.read("word/document.xml").decode())

    return text_of


def test_what_is_to_be_explained_is_named_on_paper_and_no_report_says_that_nothing_was_found(
    archive, place, printed
):
    record = archive.add(entry(files=FILES))
    assert "五、发现的问题逐个文件核对，没有发现问题。" in printed()
    add_file.add(archive, record, SEALED, pdf(), PDF, {"verdict": "untrusted"}, process_actor())
    for number in range(22):
        archive.add(entry(f"n{number:02}", files={**FILES, "payload": b"{}"}))
    whole = printed(fonds="X043")
    found = whole.partition("五、发现的问题")[2]
    assert (
        "1. 需说明，电子签名有效：存入时逐个核验：证书不可信 1 件。"
        "annex2 2021 编号 3201-0001 第 1 版 盖章件-1.pdf（证书不可信）。"
    ) in found
    assert "2. 需说明，责任者已著录：没有责任者的记录 22 条。annex2 2021 编号 n00 第 1 版；" in found
    assert "annex2 2021 编号 n19 第 1 版，及另外 2 件。" in found
    assert "没有发现问题" not in whole
    assert f"检测对象全宗 X043 的电子档案（目录 {place / 'kept'}）" in whole
    assert f"检测操作者服务器上的用户 {ME.removeprefix('user:')}" in whole


def test_macros_fail_security(archive, verify):
    archive.add(entry(files={**FILES, "docx": zipped({**parts(form()), "word/vbaProject.bin": b"x"})}))
    _, checks, _ = verify()
    assert wrong(checks) == {"no_macros"}


def test_a_folder_that_others_can_read_fails_security(archive, place):
    assert permissions(archive).result == "passed"
    (place / "kept").chmod(0o755)
    assert permissions(archive).result == "failed"


def test_another_kind_of_report_is_refused_before_anything_is_read(archive):
    done = CliRunner().invoke(main, ["verify", "--report", "report.txt"])
    assert done.exit_code == 2
    assert ".json" in done.output
