"""What the tests share: settings with a temporary folder of their own, editions, documents."""

from __future__ import annotations

import pytest
from processes import awaited

from service import catalog
from service.config import Settings
from service.conversion.client import leave_all


@pytest.fixture
def settings(tmp_path):
    """Settings with a temporary folder of their own, in which nothing may be left after the test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    yield Settings.from_env({"KEXIE_TEMP_DIR": str(folder)})
    leave_all()
    assert awaited(lambda: list(folder.iterdir()) == []), list(folder.iterdir())


@pytest.fixture(params=["annex1", "annex2", "annex3"])
def edition(request):
    return catalog.edition(request.param, 2021)
