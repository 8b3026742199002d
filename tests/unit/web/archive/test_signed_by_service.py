"""A record archived over HTTP is signed by the service soon after; nobody waits for it."""

from __future__ import annotations

from service import catalog, pipeline
from service.web.api import archive_document
from tests.helpers import signatures as made
from tests.helpers.application import application
from tests.helpers.processes import awaited

RECORDS = "/api/v1/forms/annex3/2021/records"
DATA = catalog.edition("annex3", 2021).sample("minimal")


def test_an_archived_pdf_is_signed_in_the_background(tmp_path, monkeypatch):
    def proved(submission):
        docx = pipeline.produce(submission, ("docx",)).documents["docx"]
        return pipeline.Product({"docx": docx, "pdf": made.blank_pdf("archived")}, ())

    monkeypatch.setattr(archive_document, "proved", proved)
    key = tmp_path / "seal.p12"
    key.write_bytes(made.identity().pkcs12("secret"))
    with application(tmp_path, KEXIE_SIGN_KEY=str(key), KEXIE_SIGN_PASSPHRASE="secret") as app:
        client = app.test_client()
        record = client.post(RECORDS, json=DATA).headers["Location"]
        assert awaited(lambda: client.get(f"{record}/signed").status_code == 200)
        assert client.get(f"{record}/signed").data.startswith(made.blank_pdf("archived"))
        page = client.get(record.removeprefix("/api/v1")).get_data(as_text=True)
        assert "PDF 文书（本服务已签名）" in page
        assert "还没有给 PDF 签名" not in page
