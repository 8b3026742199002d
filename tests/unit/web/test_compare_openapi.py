"""The developers' comparison of two OpenAPI files names what was lost, loosened, tightened, added."""

from __future__ import annotations

import copy
import json
import subprocess
import sys

import pytest

from service import create_app
from tests.helpers import ROOT


@pytest.fixture(scope="module")
def described():
    return create_app().test_client().get("/openapi.json").json


def compared(folder, old, new):
    paths = [folder / "old.json", folder / "new.json"]
    for path, content in zip(paths, (old, new), strict=True):
        path.write_text(json.dumps(content))
    command = [sys.executable, str(ROOT / "deploy" / "compare-openapi"), *map(str, paths)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout


def test_a_file_has_no_difference_from_itself(tmp_path, described):
    assert compared(tmp_path, described, described).endswith("; 0 differences\n")


def test_each_kind_of_change_is_named(tmp_path, described):
    changed = copy.deepcopy(described)
    del changed["paths"]["/healthz"]
    records = changed["paths"]["/api/v1/records"]["get"]
    limit = next(one for one in records["parameters"] if one["name"] == "limit")
    limit["schema"]["maximum"] = 1000
    limit["schema"]["minimum"] = 2
    del records["responses"]["404"]
    changed["components"]["schemas"]["Record"]["required"].remove("id")
    changed["components"]["schemas"]["Record"]["properties"]["colour"] = {"type": "string"}
    printed = compared(tmp_path, described, changed)
    for line in (
        "lost      route\n            1: GET /healthz\n",
        "loosened  query limit.maximum: 500 → 1000\n",
        "tightened query limit.minimum: 1 → 2\n",
        "lost      404 = ''\n            1: GET /api/v1/records\n",
        "loosened  200 application/json/records[]/id: 'required' → 'optional'\n",
        "added     200 application/json/colour = 'optional'\n            2: GET /api/v1/records/{key}, POST ",
    ):
        assert line in printed
