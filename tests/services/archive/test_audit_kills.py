"""Processes that archive, read and log at once are killed: the log is whole, and each answer has its row."""

from __future__ import annotations

import pytest

from benchmarks.helpers.killed_processes import killed
from tests.helpers.archive import settings_of


@pytest.mark.parametrize("where", ["sqlite-folder", "postgresql-folder"])
def test_the_chain_proves_and_each_answer_has_its_row(where, tmp_path, request, monkeypatch):
    monkeypatch.setenv("KEXIE_LEASE", "1")
    found = killed(settings_of(where, tmp_path / "archive", request), kills=4, processes=2)
    assert found.wrong == []
    assert found.answered > 0
