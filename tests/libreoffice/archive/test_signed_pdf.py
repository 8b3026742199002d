"""The signed PDF of a real document: other programs agree, PDF/A is still claimed, regeneration identical."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime

import pikepdf

from service import catalog, pipeline
from service.archive import Archive, Entry
from service.archive.additions import add_file
from service.archive.additions.addition import SIGNED
from service.config import Settings
from service.payload_json import dump
from service.sealed_copies import sign_records
from service.submission import validate
from tests.helpers import signatures as made

EDITION = catalog.edition("annex3", 2021)
SUBMISSION = validate(EDITION, EDITION.sample("full"))


def _produced(settings):
    return pipeline.produce(SUBMISSION, settings=settings).documents


def _archived(archive, settings):
    """A record of a sample, with its documents."""
    files = {"payload": dump(SUBMISSION.payload), **_produced(settings)}
    return archive.add(Entry("annex3", 2021, "1", EDITION.summary(), files, datetime.now(UTC)))


def test_a_signed_document_is_still_pdf_a_and_stays_regenerable(shared, tmp_path):
    key = tmp_path / "seal.p12"
    key.write_bytes(made.identity().pkcs12("secret", made.authority()))
    chosen = {"KEXIE_SIGN_KEY": str(key), "KEXIE_SIGN_PASSPHRASE": "secret"}
    settings = Settings.from_env(shared.as_env() | chosen | {"KEXIE_ARCHIVE": str(tmp_path / "archive")})
    with Archive.open(settings) as archive:
        record = _archived(archive, settings)
        assert sign_records.sign_due(archive, settings).signed == 1
        (signed,) = add_file.additions(archive, record, SIGNED)
        pdf, plain = add_file.read(archive, signed), archive.read(record, "pdf")
    assert plain == _produced(settings)["pdf"]
    file = tmp_path / "signed.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, timeout=300)
    assert "Signature Validation: Signature is Valid." in said.stdout
    assert "Total document signed" in said.stdout
    assert "ETSI.CAdES.detached" in said.stdout
    with pikepdf.open(io.BytesIO(pdf)) as after, pikepdf.open(io.BytesIO(plain)) as before:
        claimed = after.Root.Metadata.read_bytes()
        assert b"<pdfaid:part>2</pdfaid:part>" in claimed
        assert claimed == before.Root.Metadata.read_bytes()
        assert len(after.pages) == len(before.pages)
