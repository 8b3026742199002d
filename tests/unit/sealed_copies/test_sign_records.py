"""The service's signature: beside the archived PDF, which stays as it is, agreed to by other programs."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pikepdf
import pytest
from asn1crypto import tsp

from service.archive import Archive
from service.archive.additions import add_file, signing_queue
from service.archive.additions.addition import SEALED, SIGNED
from service.config import Settings
from service.errors import NotSealed, UsageError
from service.record_comparison.identify import identify
from service.sealed_copies import add_copy, match_record, sign_records
from service.signatures import verdicts, verify_worker
from service.signatures.sign import PdfSigner
from tests.helpers import signatures as made
from tests.helpers.archive import Tamper, entry

PDF = made.blank_pdf("3201-0001")
PASSPHRASE = "云泽 seal"


class Authority(BaseHTTPRequestHandler):
    """A time stamp authority (RFC 3161); `broken` while it answers with an error."""

    broken = False
    asked = 0

    def do_POST(self):
        Authority.asked += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = tsp.TimeStampReq.load(body)
        answer = b"" if self.broken else made.stamper().request_tsa_response(request).dump()
        self.send_response(500 if self.broken else 200)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def stamps():
    """The URL of a time stamp authority."""
    server = HTTPServer(("127.0.0.1", 0), Authority)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(tmp_path):
    """Makes the settings of an archive with a signing key, and `more`."""
    key = tmp_path / "seal.p12"
    key.write_bytes(made.identity().pkcs12(PASSPHRASE, made.authority()))

    def of(**more):
        known = {
            "KEXIE_ARCHIVE": tmp_path / "archive",
            "KEXIE_SIGN_KEY": key,
            "KEXIE_SIGN_PASSPHRASE": PASSPHRASE,
        }
        return Settings.from_env({name: str(value) for name, value in (known | more).items()})

    return of


def stamped_by(url):
    return {"KEXIE_TIMESTAMP_URL": url, "KEXIE_ALLOWED_HOSTS": url[7:-1]}


def record_of(archive, id="3201-0001"):
    return archive.add(entry(id, files={"payload": b"{}", "docx": id.encode(), "pdf": PDF}))


def queued(archive, record):
    with archive.reading() as connection:
        return signing_queue.of_record(connection, record.key)


def found(pdf, folder):
    (folder / "0.crt").write_bytes(made.authority().der)
    facts = verify_worker.facts(pdf, verify_worker.Trust(folder))
    return [verdicts.signature(each) for each in facts["signatures"]]


def signed_pdf(archive, record):
    (signed,) = add_file.additions(archive, record, SIGNED)
    return signed, add_file.read(archive, signed)


def test_an_archived_pdf_is_signed_with_a_time_stamp_and_stays(settings, stamps, tmp_path):
    of = settings(**stamped_by(stamps))
    with Archive.open(of) as archive:
        record = record_of(archive)
        assert sign_records.sign_due(archive, of) == sign_records.SigningCount(signed=1)
        signed, pdf = signed_pdf(archive, record)
        assert archive.read(record, "pdf") == PDF
        assert list(archive.verify()) == []
        assert queued(archive, record) is None
        assert sign_records.sign_due(archive, of).signed == 0
    assert pdf.startswith(PDF)
    assert (signed.name, signed.result["level"], signed.result["stamped"]) == (
        "签名件-1.pdf",
        "PAdES B-T",
        True,
    )
    (signature,) = found(pdf, tmp_path)
    assert (signature.verdict, signature.stamped, signature.whole_file) == ("valid", True, True)
    assert "云泽县科协公章" in signature.signer


def test_a_pdf_that_was_signed_or_destroyed_meanwhile_leaves_no_file(settings, monkeypatch):
    of = settings()
    with Archive.open(of) as archive:
        record = record_of(archive)
        sign = PdfSigner.sign

        def meanwhile(signer, pdf):
            with archive.writing() as connection:
                assert signing_queue.remove(connection, record.key)
            return sign(signer, pdf)

        monkeypatch.setattr(PdfSigner, "sign", meanwhile)
        sign_records.sign_due(archive, of)
        assert add_file.additions(archive, record) == []
        assert list(archive.verify()) == []


def test_the_signature_is_invisible_and_changes_no_metadata(settings):
    """As ISO 19005-2, 6.3, demands of annotations, 6.4.3 of signatures, 6.6 of metadata."""
    of = settings()
    with Archive.open(of) as archive:
        record = record_of(archive)
        sign_records.sign_due(archive, of)
        _, pdf = signed_pdf(archive, record)
    with pikepdf.open(io.BytesIO(pdf)) as after, pikepdf.open(io.BytesIO(PDF)) as before:
        (field,) = after.Root.AcroForm.Fields
        assert [float(each) for each in field.Rect] == [0, 0, 0, 0]
        assert int(field.F) & 0b111 == 0b100  # printed; neither hidden nor invisible
        assert next(iter(field.V.ByteRange)) == 0
        assert sum(list(field.V.ByteRange)[2:]) == len(pdf)
        assert after.docinfo["/Title"] == before.docinfo["/Title"]
        assert after.Root.get("/Metadata") == before.Root.get("/Metadata")
        assert after.trailer.ID[0] == before.trailer.ID[0]


def test_with_revocation_lists_the_proofs_are_kept_in_the_file(settings, stamps, tmp_path):
    known = tmp_path / "known"
    known.mkdir()
    made.trust(known, made.authority())
    (known / "list.crl").write_bytes(made.revocation_list())
    of = settings(KEXIE_TRUST=known, **stamped_by(stamps))
    with Archive.open(of) as archive:
        record = record_of(archive)
        count = sign_records.sign_due(archive, of)
        assert count.failed == 0, count.reason
        signed, pdf = signed_pdf(archive, record)
    assert signed.result["level"] == "PAdES B-LT"
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.Root.DSS.CRLs) == 1
        assert len(document.Root.DSS.Certs) >= 2
    (signature,) = found(pdf, tmp_path)
    assert (signature.verdict, signature.extended) == ("valid", True)


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT"])
def test_what_the_service_signed_is_recognised_also_where_it_was_not_kept(
    settings, stamps, tmp_path, monkeypatch, level
):
    """As a copy that was signed before the archive was restored is; others may have sealed it since."""
    known = tmp_path / "known"
    known.mkdir()
    (known / "list.crl").write_bytes(made.revocation_list())
    made.trust(known, made.authority())
    more = {"B-B": {}, "B-T": stamped_by(stamps)}.get(level, {"KEXIE_TRUST": known, **stamped_by(stamps)})
    of = settings(**more)
    monkeypatch.setattr(add_copy, "examine", made.examine_here(tmp_path))
    signed = PdfSigner(of).sign(PDF)
    assert signed.result["level"] == f"PAdES {level}"
    with Archive.open(of) as archive:
        record = record_of(archive)
        record_of(archive, "3201-0002")  # the same PDF
        for pdf in (signed.content, made.visibly_signed(signed.content, "Seal")):
            records, archived = match_record.by_revision(archive, pdf)
            assert ({each.id for each in records}, archived) == ({"3201-0001", "3201-0002"}, len(PDF))
            assert match_record.match(archive, record, pdf) == (match_record.ORIGINAL, len(PDF))
            found = identify(archive, pdf, of)
            assert (found.result, found.finding.verdict, found.unproved) == ("continued", "valid", False)
            assert {each.before for each in found.finding.signatures} == {"unchanged"}


def test_a_dead_authority_is_asked_once_for_all_that_are_due(settings, stamps, monkeypatch):
    of = settings(**stamped_by(stamps))
    monkeypatch.setattr(Authority, "broken", True)
    monkeypatch.setattr(Authority, "asked", 0)
    with Archive.open(of) as archive:
        records = [record_of(archive, f"3201-{number}") for number in range(3)]
        count = sign_records.sign_due(archive, of)
        assert (count.signed, count.failed, Authority.asked) == (0, 3, 1)
        waiting = [queued(archive, each) for each in records]
        assert [each.tries for each in waiting] == [1, 0, 0]
        assert all(each.due > datetime.now(UTC) and "status 500" in each.reason for each in waiting)


def test_a_damaged_record_keeps_no_other_from_being_signed(settings):
    of = settings()
    with Archive.open(of) as archive:
        lost = record_of(archive)
        Tamper(archive).delete(lost.files["pdf"].sha256)
        other = archive.add(entry("3201-0003", files={"payload": b"{}", "pdf": made.blank_pdf("3201-0003")}))
        count = sign_records.sign_due(archive, of)
        assert (count.signed, count.failed) == (1, 1)
        assert add_file.additions(archive, other, SIGNED)


def test_signing_stops_between_two_records(settings):
    of = settings()
    with Archive.open(of) as archive:
        for number in range(3):
            record_of(archive, f"3201-{number}")
        stopping = iter((False, True)).__next__
        assert sign_records.sign_due(archive, of, stopping) == sign_records.SigningCount(signed=1)


def test_a_record_is_archived_while_the_authority_fails_and_signed_later(settings, stamps, monkeypatch):
    of = settings(**stamped_by(stamps))
    monkeypatch.setattr(Authority, "broken", True)
    with Archive.open(of) as archive:
        record = record_of(archive)
        count = sign_records.sign_due(archive, of)
        assert (count.signed, count.failed, "status 500" in count.reason.en) == (0, 1, True)
        waiting = queued(archive, record)
        assert (waiting.tries, waiting.due > datetime.now(UTC)) == (1, True)
        monkeypatch.setattr(Authority, "broken", False)
        assert sign_records.sign_due(archive, of) == sign_records.SigningCount()
        with archive.writing() as connection:
            later = datetime.now(UTC) + timedelta(seconds=-1)
            connection.exec_driver_sql(f"UPDATE signings SET due = '{later:%Y-%m-%dT%H:%M:%S.%fZ}'")
        assert sign_records.sign_due(archive, of).signed == 1


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"KEXIE_SIGN_PASSPHRASE": "wrong"}, "PKCS#12"),
        ({"KEXIE_SIGN_KEY": "/nowhere/seal.p12"}, "No such file"),
        ({"KEXIE_TIMESTAMP_URL": "https://tsa.example/"}, "not allowed"),
        ({"KEXIE_SIGN_KEY": "pkcs11:object=seal"}, "module-path"),
        ({"KEXIE_SIGN_KEY": "pkcs11:object=seal;colour=red?module-path=/m.so"}, "colour"),
    ],
    ids=["passphrase", "no file", "host", "no module", "unknown attribute"],
)
def test_a_key_that_cannot_be_used_is_reported_and_loses_nothing(settings, wrong, reason):
    of = settings(**wrong)
    with Archive.open(of) as archive:
        record = record_of(archive)
        count = sign_records.sign_due(archive, of)
        assert (count.failed, reason in count.reason.en) == (1, True), count.reason
        assert PASSPHRASE not in queued(archive, record).reason
        assert list(archive.verify()) == []


def test_the_pdf_that_the_service_signed_is_no_sealed_copy(settings):
    of = settings()
    with Archive.open(of) as archive:
        record = record_of(archive)
        assert sign_records.sign_due(archive, of).signed == 1
        (signed,) = add_file.additions(archive, record, SIGNED)
        with pytest.raises(NotSealed, match="本服务签名的那份"):
            add_copy.add(archive, record, add_file.read(archive, signed), of)
        assert add_file.additions(archive, record, SEALED) == []


def test_records_from_before_are_signed_on_demand(settings, tmp_path):
    without = Settings.from_env({"KEXIE_ARCHIVE": str(tmp_path / "archive")})
    with Archive.open(without) as archive:
        records = [record_of(archive, f"3201-{number}") for number in range(3)]
        with pytest.raises(UsageError, match="KEXIE_SIGN_KEY"):
            sign_records.sign_due(archive, without)
    of = settings()
    with Archive.open(of) as archive:
        assert sign_records.sign_due(archive, of).signed == 0
        assert sign_records.queue_unsigned(archive, records) == 3
        assert sign_records.sign_due(archive, of).signed == 3
        assert sign_records.queue_unsigned(archive, records) == 0
