"""A proved document is the same in every format."""

from __future__ import annotations

import pytest

from service import catalog, create_app

ANNEX2 = "/api/v1/forms/annex2/2021/documents"


@pytest.mark.parametrize("format", ["docx", "pdf", "zip", "png"])
def test_a_proved_document_is_the_same(format):
    client = create_app().test_client()
    sent = {"json": catalog.edition("annex2", 2021).sample("full")}
    proved = client.post(f"{ANNEX2}?format={format}&prove=true", **sent)
    assert proved.status_code == 200
    assert proved.data == client.post(f"{ANNEX2}?format={format}&prove=false", **sent).data
