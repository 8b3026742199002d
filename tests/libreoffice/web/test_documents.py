"""Documents over HTTP in every format, and readiness."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from urllib.parse import unquote

import pytest

from service import catalog, create_app
from service.web.http.parameters import MEDIA_TYPES

ANNEX2 = "/api/v1/forms/annex2/2021"


@pytest.fixture(scope="module")
def app():
    return create_app()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="module")
def full():
    return catalog.edition("annex2", 2021).sample("full")


def saved_name(answer):
    return unquote(re.search(r"filename\*=UTF-8''(\S+)", answer.headers["Content-Disposition"])[1])


@pytest.mark.parametrize("how", ["format", "Accept"])
@pytest.mark.parametrize(("format", "begins"), [("docx", b"PK"), ("pdf", b"%PDF-"), ("zip", b"PK")])
def test_documents_come_in_the_format_asked_for(client, full, how, format, begins):
    query = f"?format={format}" if how == "format" else ""
    headers = {"Accept": MEDIA_TYPES[format]} if how == "Accept" else {}
    answer = client.post(f"{ANNEX2}/documents{query}", json=full, headers=headers)
    assert answer.status_code == 200
    assert answer.mimetype == MEDIA_TYPES[format]
    assert answer.data.startswith(begins)
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.data).hexdigest()}"'
    assert saved_name(answer).endswith(f"项目申报书（云泽县科学技术协会）.{format}")


def test_a_document_is_a_pdf_where_nothing_is_asked_for(client):
    assert (
        client.post(f"{ANNEX2}/documents", json={}, headers={"Accept": "*/*"}).mimetype == "application/pdf"
    )


def test_the_zip_holds_both_documents_and_a_manifest_of_them(client, full):
    answer = client.post(f"{ANNEX2}/documents?format=zip", json=full)
    package = zipfile.ZipFile(io.BytesIO(answer.data))
    manifest = json.loads(package.read("manifest.json"))
    summary = catalog.edition("annex2", 2021).summary()
    assert {key: manifest[key] for key in summary} == summary
    assert [file["name"].rsplit(".")[-1] for file in manifest["files"]] == ["docx", "pdf"]
    for file in manifest["files"]:
        content = package.read(file["name"])
        assert (file["sha256"], file["size"]) == (hashlib.sha256(content).hexdigest(), len(content))


def test_ready_only_with_libreoffice(client, tmp_path):
    assert client.get("/readyz").json["status"] == "ready"
    broken = create_app({"KEXIE_SOFFICE": str(tmp_path / "soffice")}).test_client().get("/readyz")
    assert (broken.status_code, broken.json["code"]) == (503, "converter_missing")
    assert int(broken.headers["Retry-After"]) > 0
    assert "LibreOffice" in broken.json["detail"]
