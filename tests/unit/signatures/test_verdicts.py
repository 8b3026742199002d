"""What is found of the signatures of a PDF: each case its exact verdict."""

from __future__ import annotations

import io
import re
import threading
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from service.config import Settings
from service.errors import UsageError, VerificationTimeout
from service.signatures import verdicts, verify_worker
from service.signatures.trust import trusted
from service.signatures.verifier_process import examine
from tests.helpers import signatures as made

TODAY = datetime.now(UTC).replace(microsecond=0)
BLANK = made.blank_pdf()
SIGNED = made.signed(BLANK)
B_LT = made.with_revocation_data(made.signed(BLANK, at=TODAY))
OLD = made.identity("旧公章", days=(-800, -30))


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """A folder with the root in DER, as the worker reads it."""
    folder = tmp_path_factory.mktemp("trusted")
    (folder / "0.crt").write_bytes(made.authority().der)
    return verify_worker.Trust(folder)


def found(pdf, trust):
    facts = verify_worker.facts(pdf, trust)
    return facts["state"], [verdicts.signature(each) for each in facts["signatures"]]


CASES = {
    "signed well": (lambda: SIGNED, ["valid"]),
    "two signatures": (lambda: made.signed(SIGNED, made.identity("科技局"), "Seal2"), ["valid", "valid"]),
    "time stamp": (lambda: made.signed(BLANK, at=TODAY), ["valid"]),
    "B-LT": (lambda: B_LT, ["valid"]),
    "B-LT, and signed once more": (lambda: made.signed(B_LT, field="Seal2"), ["valid", "valid"]),
    "B-LT, changed": (lambda: made.changed(B_LT), ["changed"]),
    "changed after signing": (lambda: made.changed(SIGNED), ["changed"]),
    "changed between two signatures": (
        lambda: made.signed(made.changed(SIGNED), field="Seal2"),
        ["changed", "valid"],
    ),
    "a byte of the content changed": (lambda: SIGNED.replace(b"595", b"594", 1), ["broken"]),
    "expired certificate": (lambda: made.signed(BLANK, OLD), ["expired"]),
    "expired, but stamped in time": (lambda: made.signed(BLANK, OLD, at=TODAY - timedelta(60)), ["valid"]),
    "expired, and stamped too late": (lambda: made.signed(BLANK, OLD, at=TODAY), ["expired"]),
    "unknown signer": (
        lambda: made.signed(BLANK, made.identity("别处", by="别的根证书"), above=("别的根证书",)),
        ["unknown_signer"],
    ),
    "Chinese seal": (lambda: made.with_foreign_seal(SIGNED, b"/GM.sm2seal"), ["unsupported"]),
    "SM2 in the usual form": (lambda: made.with_foreign_seal(SIGNED, None), ["unsupported"]),
    "unsigned": (lambda: BLANK, []),
}


@pytest.mark.parametrize("name", CASES)
def test_each_case_has_its_verdict(name, known):
    pdf, expected = CASES[name]
    state, signatures = found(pdf(), known)
    assert (state, [each.verdict for each in signatures]) == ("read", expected)


def rewritten(pdf):
    """Another whole PDF behind this one, whose cross-reference table does not continue that of this one."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = generic.NumberObject(90)
    for each in (page, writer.root["/Pages"], writer.root, writer.trailer["/Info"]):
        writer.update_container(each)
    out = io.BytesIO()
    writer.write(out)
    return pdf + re.sub(rb"/Prev \d+", lambda found: b" " * len(found[0]), out.getvalue()[len(pdf) :])


HONEST = {
    "invisible": lambda: SIGNED,
    "visible": lambda: made.visibly_signed(BLANK),
    "certified": lambda: made.visibly_signed(BLANK, certify=True),
    "two signatures": lambda: made.visibly_signed(SIGNED, "Seal2"),
    "time stamp": lambda: made.signed(BLANK, at=TODAY),
    "B-LT": lambda: B_LT,
    "B-LT, and signed once more": lambda: made.visibly_signed(B_LT, "Seal2"),
}
PAINTED = {
    "painted, then signed": (lambda: made.signed(made.painted(BLANK)), ["changed_before"]),
    "resized, then signed": (lambda: made.visibly_signed(made.changed(BLANK)), ["changed_before"]),
    "signed, painted, signed": (
        lambda: made.signed(made.painted(SIGNED), field="Seal2"),
        ["changed", "changed_before"],
    ),
    "painted, signed twice": (
        lambda: made.visibly_signed(made.signed(made.painted(BLANK)), "Seal2"),
        ["changed_before", "changed_before"],
    ),
    "another PDF behind": (lambda: made.signed(rewritten(BLANK)), ["changed_before"]),
}


@pytest.mark.parametrize("name", HONEST)
def test_before_an_honest_signature_nothing_else_was_added(name, known):
    found = verify_worker.facts(HONEST[name](), known, len(BLANK))["signatures"]
    assert {(each["before"], verdicts.signature(each).verdict) for each in found} == {("unchanged", "valid")}


@pytest.mark.parametrize("name", PAINTED)
def test_what_was_changed_after_archiving_and_before_signing_is_found(name, known):
    pdf, expected = PAINTED[name]
    found = verify_worker.facts(pdf(), known, len(BLANK))["signatures"]
    assert [verdicts.signature(each).verdict for each in found] == expected
    assert found[-1]["before"] == "changed"


def test_what_was_added_before_signing_and_cannot_be_read_is_doubtful(known, monkeypatch):
    def fails(*_):
        raise NotImplementedError

    monkeypatch.setattr(verify_worker._SIGNING, "apply", fails)
    (found,) = verify_worker.facts(SIGNED, known, len(BLANK))["signatures"]
    assert verdicts.signature(found).verdict == "undecided_before"


def test_objects_in_streams_are_read_as_pyhanko_reads_them():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(SIGNED)) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    ours, theirs = verify_worker.Reader(out.getvalue()), PdfFileReader(io.BytesIO(out.getvalue()))
    refs = theirs.xrefs.explicit_refs_in_revision(0)
    assert len(refs) > 5
    for ref in refs:
        read = [reader.get_object(generic.Reference(ref.idnum, 0, reader)) for reader in (ours, theirs)]
        assert str(read[0]) == str(read[1])
    assert list(ours._tables)


def test_who_signed_when_and_how_far_it_reaches(known):
    _, (first, second) = found(made.signed(SIGNED, made.identity("科技局"), "Seal2", at=TODAY), known)
    assert first.signer == "云泽县科协公章，云泽县科学技术协会"
    assert first.issuer == "云泽测试根证书，云泽县科学技术协会"
    assert (first.field, first.whole_file, first.extended, first.stamped) == ("Seal1", False, True, False)
    assert (second.field, second.whole_file, second.extended, second.stamped) == ("Seal2", True, False, True)
    assert datetime.fromisoformat(second.time) == TODAY
    assert verdicts.worst([first, second]) == "valid"
    assert verdicts.worst([]) is None


def test_a_time_stamp_that_nobody_trusts_proves_no_time(tmp_path):
    (tmp_path / "0.crt").write_bytes(made.identity().der)  # the signer's own certificate, and no root
    _, (signature,) = found(made.signed(BLANK, at=TODAY - timedelta(days=300)), verify_worker.Trust(tmp_path))
    assert (signature.verdict, signature.stamped) == ("valid", False)
    assert datetime.fromisoformat(signature.time) > TODAY - timedelta(days=1)


def test_more_signatures_than_can_be_checked_are_reported(known, monkeypatch):
    monkeypatch.setattr(verify_worker, "MOST", 1)
    assert found(made.signed(SIGNED, field="Seal2"), known) == ("crowded", [])


def test_a_revoked_certificate_is_found_by_a_list(tmp_path):
    gone = made.identity("吊销章")
    (tmp_path / "0.crt").write_bytes(made.authority().der)
    (tmp_path / "1.crl").write_bytes(made.revocation_list(gone))
    _, (signature,) = found(made.signed(BLANK, gone), verify_worker.Trust(tmp_path))
    assert signature.verdict == "revoked"


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (made.encrypted(BLANK), "encrypted"),
        (made.encrypted(SIGNED), "encrypted"),
        (b"%PDF-1.7 nothing", "damaged"),
        (SIGNED[:-300], "damaged"),
        (b"", "damaged"),
    ],
    ids=["encrypted", "encrypted and signed", "no PDF", "cut", "empty"],
)
def test_what_cannot_be_read(content, state, known):
    assert found(content, known) == (state, [])


def test_a_file_that_only_other_readers_open_is_no_damaged_one(known):
    """As a scanner may write it: where its objects lie is wrong."""
    assert found(BLANK.replace(b"startxref\n", b"startxref\n1"), known) == ("read", [])
    state, signatures = found(SIGNED.replace(b"startxref\n", b"startxref\n1"), known)
    assert (state, [each.verdict for each in signatures]) == ("read", ["unreadable"])


def test_a_pdf_is_examined_in_a_process_of_its_own(tmp_path):
    settings = Settings.from_env({"KEXIE_TRUST": str(made.trust(tmp_path, made.authority()))})
    examined = examine(made.signed(BLANK, at=TODAY), settings)
    assert [each.verdict for each in examined.signatures] == ["valid"]
    painted = examine(made.signed(made.painted(BLANK)), settings, len(BLANK))
    assert [(each.verdict, each.before) for each in painted.signatures] == [("changed_before", "changed")]
    unknown = Settings.from_env({})
    assert [each.verdict for each in examine(SIGNED, unknown).signatures] == ["unknown_signer"]


def test_a_verification_that_takes_too_long_is_no_verdict_on_the_file(caplog):
    with pytest.raises(
        VerificationTimeout, match=r"超过 0\.01 秒仍未完成，已中止，没有得出结果.*请稍后重试"
    ) as late:
        examine(SIGNED, Settings.from_env({"KEXIE_READ_DEADLINE": "0.01"}))
    assert late.value.status == 503
    assert f"signatures not verified within 0.01 s, PDF of {len(SIGNED)} bytes" in caplog.text


def test_a_pdf_that_waits_for_others_in_vain_has_no_verdict_and_takes_no_turn(monkeypatch):
    turns = threading.BoundedSemaphore(1)
    monkeypatch.setattr("service.signatures.verifier_process._turns", turns)
    turns.acquire()
    with pytest.raises(VerificationTimeout, match=r"等了 0\.01 秒仍未轮到，没有得出结果.*请稍后重试") as late:
        examine(SIGNED, Settings.from_env({"KEXIE_READ_DEADLINE": "0.01"}))
    assert (late.value.code, late.value.status) == ("verification_timeout", 503)
    turns.release()  # raises ValueError if it was released before
    assert examine(SIGNED, Settings.from_env({})).state == "read"


def test_trusted_certificates_and_lists_come_from_a_file_or_a_folder(tmp_path):
    file = made.trust(tmp_path, made.authority(), made.authority("别的根证书"))
    of = Settings.from_env({"KEXIE_TRUST": str(file)})
    assert [kind for kind, _ in trusted(of)] == ["crt", "crt"]
    folder = tmp_path / "known"
    folder.mkdir()
    (folder / "root.der").write_bytes(made.authority().der)
    (folder / "list.crl").write_bytes(made.revocation_list(OLD))
    (folder / "README").write_text("not read")
    assert {kind for kind, _ in trusted(Settings.from_env({"KEXIE_TRUST": str(folder)}))} == {"crt", "crl"}
    assert trusted(Settings.from_env({})) == []
    for name in ("missing.pem", "known/README"):
        with pytest.raises(UsageError, match="KEXIE_TRUST"):
            trusted(Settings.from_env({"KEXIE_TRUST": str(tmp_path / name)}))


@pytest.mark.parametrize("verdict", ["unknown_signer", "untrusted"])
def test_of_a_self_signed_seal_one_cause_is_named(verdict):
    def said(issuer):
        return verdicts.explanation(
            verdicts.Signature(verdict, "Seal1", signer="云泽县科协公章", issuer=issuer)
        ).zh

    assert "签署人自己签发的" in said("云泽县科协公章")
    assert said("根证书") == verdicts.EXPLANATIONS[verdict].zh
