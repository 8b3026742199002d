"""An archive in a folder of the test's own, which the commands use too."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from service.archive import Archive
from service.cli import main
from service.config import Settings


@pytest.fixture
def place(monkeypatch, tmp_path):
    """The working folder; the archive is `kept` in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEXIE_ARCHIVE", str(tmp_path / "kept"))
    return tmp_path


@pytest.fixture
def archive(place):
    with Archive.open(Settings.from_env()) as opened:
        yield opened


@pytest.fixture
def run(place):
    """Runs a command."""
    return lambda *words: CliRunner().invoke(main, list(map(str, words)))
