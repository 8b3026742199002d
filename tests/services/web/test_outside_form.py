"""The real server with a form outside the code, from its page to the regeneration of its records."""

from __future__ import annotations

import pytest

from tests.helpers.application import lines
from tests.helpers.batch import TIMEOUT
from tests.helpers.forms import outside_forms
from tests.helpers.processes import awaited
from tests.helpers.serve import Serving

EDITION = "/api/v1/forms/visit/2024"


@pytest.fixture
def served(tmp_path):
    made = Serving(tmp_path, TIMEOUT)
    made.settings["KEXIE_FORMS"] = str(outside_forms(tmp_path / "forms"))
    made.serve()
    yield made
    made.end()


def test_an_outside_form_is_served_archived_and_regenerated(served):
    described = served.http.get("/openapi.json").json()
    assert "visit_2024" in described["components"]["schemas"]
    assert "来访事由" in served.http.get("/forms/visit/2024").text
    assert served.http.get(f"{EDITION}/sheet").content.startswith(b"PK")
    sample = served.http.get(EDITION).json()["sample"]

    made = served.http.post(f"{EDITION}/documents?archive=true&id=posted&format=pdf", json=sample)
    assert (made.status_code, made.content[:5]) == (201, b"%PDF-")
    assert served.http.get(made.headers["Location"]).json()["form"] == "visit"

    items = lines({"form": "visit", "year": 2024, "id": "batched", "data": sample})
    sent = served.http.post(
        "/api/v1/batches", content=items, headers={"Content-Type": "application/x-ndjson"}
    )
    assert awaited(lambda: served.http.get(sent.headers["Location"]).json()["counts"]["done"] == 1, TIMEOUT)

    code, result = served.run("regenerate", "--form", "visit", "--report", served.root / "report")
    assert (code, result["states"]) == (0, {"identical": 2})
