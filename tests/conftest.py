"""What the tests share: settings with a temporary folder of their own, editions, documents."""

from __future__ import annotations

import pytest

from service import catalog
from service.config import Settings


@pytest.fixture
def settings(tmp_path):
    """Settings whose temporary folder is empty, so that a test can see what is left behind."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return Settings.from_env({"KEXIE_TEMP_DIR": str(folder)})


@pytest.fixture(params=["annex1", "annex2", "annex3"])
def edition(request):
    return catalog.edition(request.param, 2021)
