"""A sealed copy is added to its record beside what was archived: kept, verified, never replaced."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pikepdf
import pytest

from service.archive import Archive, export
from service.archive.additions import add_file, addition_table
from service.archive.additions.addition import SEALED, statement
from service.archive.additions.addition_table import ADDITIONS
from service.archive.object_store import stored_file
from service.audit.event import Actor
from service.config import Settings
from service.document_data import PAYLOAD
from service.errors import NotSealed, OtherRecord, UnreadableDocument
from service.sealed_copies import add_copy
from service.signatures.verdicts import Signature
from tests.helpers import signatures as made
from tests.helpers.archive import Tamper, entry, faults
from tests.helpers.pictures import scanned

BLANK = made.blank_pdf("3201-0001")
OTHER = made.blank_pdf("3201-0002")
PICTURES = {f"image/{kind}": scanned(kind=kind) for kind in ("png", "jpeg", "tiff")}
TORN = [content[: len(content) // 2] for content in PICTURES.values()]


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Settings that trust the test's root; PDFs are examined in this process."""
    monkeypatch.setattr(add_copy, "examine", made.examine_here(tmp_path))
    return Settings.from_env({"KEXIE_ARCHIVE": str(tmp_path / "archive"), "KEXIE_SEALED_LIMIT": "100000"})


@pytest.fixture
def archive(settings):
    with Archive.open(settings) as opened:
        yield opened


def record_of(archive, id="3201-0001", pdf=BLANK, **more):
    files = {"payload": json.dumps({"id": id}).encode(), "docx": b"PK " + id.encode(), "pdf": pdf}
    return archive.add(entry(id, files=files, **more))


def carrying(payload):
    """A PDF made elsewhere that carries this payload."""
    document = pikepdf.open(io.BytesIO(made.blank_pdf("elsewhere")))
    document.attachments[PAYLOAD] = pikepdf.AttachedFileSpec(document, payload, filename=PAYLOAD)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_signed_copy_is_kept_with_what_was_found(archive, settings):
    record = record_of(archive)
    signed = made.signed(BLANK)
    copy, new = add_copy.add(archive, record, signed, settings, Actor("key:1", "-"))
    found = add_copy.finding(copy)
    assert (new, copy.number, copy.name, copy.added_by) == (True, 1, "盖章件-1.pdf", "key:1")
    assert (found.name.zh, found.match.zh[:7]) == ("有效", "文件以本记录的")
    assert [each.signer for each in found.signatures] == ["云泽县科协公章，云泽县科学技术协会"]
    assert add_file.read(archive, copy) == signed
    assert archive.read(record, "pdf") == BLANK


def test_a_copy_that_was_changed_before_it_was_signed_is_no_valid_one(archive, settings):
    copy, _ = add_copy.add(archive, record_of(archive), made.signed(made.painted(BLANK)), settings)
    found = add_copy.finding(copy)
    assert (found.verdict, found.name.zh, found.unproved) == ("changed_before", "签署前已被改动", True)
    assert "签署之前已加了签名以外的内容" in found.match.zh


def test_of_a_copy_from_before_it_is_said_what_was_not_examined(archive, settings):
    copy, _ = add_copy.add(archive, record_of(archive), made.signed(BLANK), settings)
    (signature,) = copy.result["signatures"]
    earlier = {key: value for key, value in signature.items() if key != "before"}
    found = add_copy.found_in(copy.result | {"signatures": [earlier]})
    assert (found.verdict, found.unproved) == ("valid", False)
    assert "存入时还不核验签署之前加了什么" in found.match.zh
    assert (signature["before"], found.signatures[0].before) == ("unchanged", None)


def test_several_copies_are_kept_and_the_same_one_once(archive, settings):
    record = record_of(archive)
    first, _ = add_copy.add(archive, record, made.signed(BLANK), settings)
    changed = made.changed(add_file.read(archive, first))
    second, _ = add_copy.add(archive, record, changed, settings)
    assert add_copy.add(archive, record, changed, settings) == (second, False)
    assert [each.number for each in add_file.additions(archive, record, SEALED)] == [1, 2]
    assert [add_copy.finding(each).name.zh for each in (first, second)] == ["有效", "签署后有改动"]


@pytest.mark.parametrize("media_type", PICTURES)
def test_a_scan_is_kept_as_what_it_is(archive, settings, media_type):
    copy, _ = add_copy.add(archive, record_of(archive), PICTURES[media_type], settings)
    found = add_copy.finding(copy)
    assert copy.media_type == media_type
    assert (found.verdict, found.name.zh) == (None, "没有电子签名")
    assert "请人工核对" in found.match.zh


def test_an_unsigned_scan_as_pdf_is_kept(archive, settings):
    copy, _ = add_copy.add(archive, record_of(archive), made.blank_pdf("a scan"), settings)
    assert (copy.result["match"], copy.result["verdict"]) == ("unknown", None)


def test_a_copy_is_known_by_the_data_that_it_carries(archive, settings):
    record, other = record_of(archive), record_of(archive, "3201-0002", OTHER)
    pdf = carrying(archive.read(record, "payload"))
    copy, _ = add_copy.add(archive, record, pdf, settings)
    assert copy.result["match"] == "data"
    with pytest.raises(OtherRecord, match="编号“3201-0001”第 1 版的，不是编号“3201-0002”第 1 版的"):
        add_copy.add(archive, other, pdf, settings)
    with pytest.raises(OtherRecord, match="附带的数据与编号“3201-0002”第 1 版不同"):
        add_copy.add(archive, other, carrying(b"{}"), settings)


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"PK\x03\x04 a Word document", UnreadableDocument, "须是 PDF"),
        (b"", UnreadableDocument, "须是 PDF"),
        (made.encrypted(BLANK), UnreadableDocument, "设有密码"),
        (b"%PDF-1.7 nothing", UnreadableDocument, "已损坏或不完整"),
        (b"%PDF-" + bytes(100_000), UnreadableDocument, "超过 0 MiB"),
        *((each, UnreadableDocument, "图片打不开：已损坏、不完整") for each in TORN),
        (BLANK, NotSealed, "就是归档的那份 PDF"),
        (made.signed(OTHER), OtherRecord, "编号“3201-0002”第 1 版的，不是编号“3201-0001”第 1 版的"),
        (OTHER, OtherRecord, "编号“3201-0002”第 1 版的"),
    ],
)
def test_what_is_refused(archive, settings, content, error, message):
    record = record_of(archive)
    record_of(archive, "3201-0002", OTHER)
    with pytest.raises(error, match=message):
        add_copy.add(archive, record, content, settings)
    assert add_file.additions(archive, record) == []


def test_another_tenants_record_is_not_named(archive, settings):
    record = record_of(archive)
    record_of(archive, "secret-number", OTHER, tenant="云湖县")
    with pytest.raises(OtherRecord) as refused:
        add_copy.add(archive, record, made.signed(OTHER), settings)
    assert "secret" not in str(refused.value)


def test_another_version_is_named(archive, settings):
    first = record_of(archive)
    record_of(archive, pdf=OTHER)
    with pytest.raises(OtherRecord, match="编号“3201-0001”第 2 版的，不是编号“3201-0001”第 1 版的"):
        add_copy.add(archive, first, made.signed(OTHER), settings)


def test_copies_are_verified_and_exported_with_their_record(archive, settings, tmp_path):
    record = record_of(archive)
    copy, _ = add_copy.add(archive, record, made.signed(BLANK), settings, Actor("key:1", "-"))
    check = archive.verify()
    assert (list(check), check.files) == ([], 4)
    assert archive.verify_record(record) == []
    assert export(archive, tmp_path / "bag").files == 4
    folder = tmp_path / "bag" / "data" / "2021" / "annex2" / "3201-0001"
    statement = json.loads((folder / "盖章件-1.json").read_text("utf-8"))
    assert (statement["record"], statement["sha256"]) == (record.key, copy.file.sha256)
    assert statement["result"]["signatures"][0]["verdict"] == "valid"


def test_what_is_changed_of_a_copy_is_found(archive, settings):
    record = record_of(archive)
    copy, _ = add_copy.add(archive, record, PICTURES["image/png"], settings)
    tamper = Tamper(archive)
    for digest, name, code in (
        (copy.file.sha256, "盖章件-1.png", "object_changed"),
        (copy.statement, "盖章件-1.json", "manifest_changed"),
    ):
        kept = tamper.read(digest)
        tamper.write(digest, b"X" + kept[1:])
        assert [(each.code, each.file) for each in faults(archive)] == [(code, name)]
        assert [(each.code, each.file) for each in archive.verify_record(record)] == [(code, name)]
        tamper.write(digest, kept)
    with archive.writing() as connection:
        connection.exec_driver_sql("UPDATE additions SET added_by = 'somebody else'")
    assert [(each.code, each.file) for each in faults(archive)] == [("row_differs", "盖章件-1.json")]
    tamper.delete(copy.file.sha256)
    assert "object_missing" in [each.code for each in faults(archive)]


def test_what_is_not_as_the_log_has_it_is_found(archive, settings):
    """A copy replaced with a statement of its own, removed, or inserted: rows and objects agree each time."""
    record = record_of(archive)
    copy, _ = add_copy.add(archive, record, PICTURES["image/png"], settings)
    tamper = Tamper(archive)

    def instead(content, number=1):
        with archive.writing() as connection:
            connection.execute(ADDITIONS.delete().where(ADDITIONS.c.number == number))
            if content:
                archive.objects.put([(file := stored_file(content), content)])
                made = replace(copy, file=file)
                described = statement(replace(made, number=number), record)
                archive.objects.put([(of := stored_file(described), described)])
                addition_table.insert(connection, replace(made, number=number, statement=of.sha256))

    instead(b"\x89PNG another")
    for digest in (copy.file.sha256, copy.statement):
        tamper.delete(digest)
    for found in (faults(archive), archive.verify_record(record)):
        assert [(each.code, each.file) for each in found] == [("differs_from_log", "盖章件-1.png")]
    instead(PICTURES["image/png"])
    assert archive.verify_record(record) == []
    instead(b"\x89PNG slipped in", 2)
    assert [each.code for each in archive.verify_record(record)] == ["addition_unlogged"]
    instead(b"", 2)
    instead(b"")
    (lost,) = archive.verify_record(record)
    assert (lost.code, lost.file, lost.record.id) == ("addition_missing", "盖章件-1", "3201-0001")


def test_a_log_of_an_earlier_version_has_no_hashes(archive, settings):
    record = record_of(archive)
    add_copy.add(archive, record, PICTURES["image/png"], settings)
    with archive.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET detail = 'sealed-1' WHERE action = 'seal'")
    assert faults(archive) == []


@pytest.mark.parametrize(
    ("verdict", "kind", "name"),
    [
        ("valid", "timestamp", "没有电子签名，只有时间戳"),
        ("expired", "signature", "证书已过期"),
        ("unknown_signer", "signature", "签署人未知"),
    ],
)
def test_pages_that_no_valid_signature_vouches_for_are_to_be_compared(verdict, kind, name):
    signature = Signature(verdict, "Seal", kind=kind).as_dict()
    found = add_copy.found_in({"verdict": verdict, "match": "original", "signatures": [signature]})
    assert (found.name.zh, found.unproved) == (name, True)
    assert "逐页核对" in found.match.zh
