"""The made-up form of `samples/forms`, which has a field of every type."""

from __future__ import annotations

from pathlib import Path

import pytest

from service import catalog, submission
from tests.helpers import ROOT
from tests.helpers.forms import own_catalogue

FOLDER = ROOT / "samples" / "forms"
FORM, YEAR = "talent", 2024


def publish(monkeypatch: pytest.MonkeyPatch, folder: Path = FOLDER) -> catalog.Edition:
    """The edition, beside those of the catalogue."""
    monkeypatch.setenv("KEXIE_FORMS", str(folder))
    monkeypatch.setattr(submission, "_used", [])
    own_catalogue(monkeypatch)
    return catalog.edition(FORM, YEAR)
