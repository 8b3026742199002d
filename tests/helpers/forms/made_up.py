"""The made-up form of `samples/forms`, which has a field of every type."""

from __future__ import annotations

from pathlib import Path

import pytest

from service import catalog
from tests.helpers import ROOT, forms

FOLDER = ROOT / "samples" / "forms"
FORM, YEAR = "talent", 2024


def publish(monkeypatch: pytest.MonkeyPatch, folder: Path = FOLDER) -> catalog.Edition:
    """The edition, beside those of the catalogue."""
    return forms.publish(monkeypatch, folder, FORM, YEAR)
