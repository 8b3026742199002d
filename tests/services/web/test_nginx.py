"""Behind Debian's nginx under a prefix, with the very configuration of docs/guide/deployment.md."""

from __future__ import annotations

import re
import shutil

import httpx
import pytest

from service.config import Settings
from tests.helpers import ROOT
from tests.helpers.documentation import blocks
from tests.helpers.serve import served
from tests.helpers.servers import Server, free_port

DOCS = ROOT / "docs" / "guide" / "deployment.md"
AROUND = """
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A client of nginx, with the service behind it."""
    folder = tmp_path_factory.mktemp("nginx")
    (folder / "temporary").mkdir()
    settings = Settings.from_env(
        {
            "KEXIE_TEMP_DIR": str(folder / "temporary"),
            "KEXIE_CONVERTERS": "1",
            "KEXIE_ARCHIVE": str(folder / "archive"),
            "KEXIE_PROXIES": "1",
        }
    )
    (block,) = blocks(DOCS, "nginx")
    with served(settings, folder / "log", "--workers", "1") as service:
        port = free_port()
        site = block.text.replace("listen 80;", f"listen 127.0.0.1:{port};")
        site = site.replace("http://127.0.0.1:8000/", f"{service.url}/")
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder, site=site))
        command = [
            shutil.which("nginx", path="/usr/sbin:/usr/bin"),
            "-p",
            folder,
            "-c",
            folder / "nginx.conf",
        ]
        nginx = Server([*command, "-g", "daemon off; master_process off;"], port, folder / "nginx.log")
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=300) as client:
                yield client
        finally:
            nginx.stop()


def test_the_documentation_and_all_that_it_links_to_is_there(portal):
    assert portal.get("/forms").headers["Location"].endswith("/forms/")
    assert 'href="/forms/forms/annex2/2021"' in portal.get("/forms/").text
    page = portal.get("/forms/docs")
    links = re.findall(r'(?:src|href|data-spec)="(/[^"]*)"', page.text)
    assert len(links) == 5
    for link in links:
        assert link.startswith("/forms/")
        assert portal.get(link).status_code == 200
    assert portal.get("/forms/openapi.json").json()["servers"] == [{"url": "/forms"}]


def test_a_document_comes_whole_with_its_headers(portal):
    payload = {"case_name": "案例", "background": "张三" * 400}
    address = "/forms/api/v1/forms/annex3/2021/documents"
    for kind, begins in (("pdf", b"%PDF-"), ("docx", b"PK")):
        answer = portal.post(f"{address}?format={kind}", json=payload, headers={"X-Request-ID": "portal-7"})
        assert (answer.status_code, answer.content[: len(begins)]) == (200, begins)
        assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
        assert answer.headers["X-Request-ID"] == "portal-7"
    document = portal.post(f"{address}?format=docx", json=payload).content
    read = portal.post("/forms/api/v1/extract", files={"file": ("f.docx", document)})
    assert read.json()["data"] == payload


def test_errors_come_through_and_a_client_forges_nothing(portal):
    forged = {"X-Forwarded-Prefix": "/evil", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    described = portal.get("/forms/openapi.json", headers=forged).json()
    assert described["servers"] == [{"url": "/forms"}]
    answer = portal.get("/forms/api/v1/forms/annex9/2021", headers=forged)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_form")
    assert portal.get("/elsewhere").headers["Content-Type"] == "text/html"
