"""The JavaScript client of docs/guide/clients.md in a portal's page, which asks the service itself."""

from __future__ import annotations

import httpx

from service import catalog
from tests.helpers import ROOT
from tests.helpers.documentation import blocks

PAGE = ROOT / "docs" / "guide" / "clients.md"


def test_the_client_for_browsers_runs_in_a_portal_s_page(service, portal, browser):
    (library,), (example,) = (blocks(PAGE, "javascript", title) for title in ("kexie.mjs", "browser"))
    script = f"""async ([url, token, data]) => {{
        {library.text.replace("export class", "class")}
        {example.text}
        return [link.download, blob.type, await blob.slice(0, 5).text()];
    }}"""
    asked = {"form": "annex3", "year": 2021, "origin": portal}
    made = httpx.post(f"{service}/api/v1/embed-tokens", json=asked, timeout=300)
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(portal)
        with page.expect_download() as download:
            data = catalog.edition("annex3", 2021).sample("full")
            found = page.evaluate(script, [service, made.json()["token"], data])
        assert found == ["申报书.pdf", "application/pdf", "%PDF-"]
        assert download.value.suggested_filename == "申报书.pdf"
    finally:
        context.close()
