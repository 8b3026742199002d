"""Forms that a test may change, and a small form outside the code."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from service import catalog
from service.forms.form_folder import BUILT_IN
from tests.helpers import ROOT
from tests.helpers.docx_edit import copy_forms


def own_forms(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """A copy of the forms in `folder`, which this process uses in this test."""
    copy_forms(folder)
    schemas = folder / "schemas"
    schemas.mkdir()
    for path in (ROOT / "schemas").glob("annex*.py"):
        (schemas / path.name).write_bytes(path.read_bytes())
    (schemas / BUILT_IN.table.name).write_bytes(BUILT_IN.table.read_bytes())
    monkeypatch.setattr(BUILT_IN, "root", folder)
    monkeypatch.setattr(BUILT_IN, "schemas", schemas)
    own_catalogue(monkeypatch)
    return folder


def own_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of the test's own: the editions that other tests hold stay those of the process."""
    monkeypatch.setattr(catalog, "_used", [])
    for name in ("_read", "_usable"):
        monkeypatch.setattr(catalog, name, functools.cache(getattr(catalog, name).__wrapped__))
