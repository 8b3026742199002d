"""Fixtures for tests of templates that were changed."""

from __future__ import annotations

import pytest

from service import catalog
from service.forms.form_folder import BUILT_IN
from tests.helpers.docx_edit import copy_forms


@pytest.fixture
def annex2(tmp_path, monkeypatch):
    """The template of annex2 2021 in a copy that a test may change."""
    monkeypatch.setattr(BUILT_IN, "root", copy_forms(tmp_path))
    path = catalog.edition("annex2", 2021).template_path
    (path.parent / "editions.json").unlink()
    return path
