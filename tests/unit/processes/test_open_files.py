"""The limit of open files: raised where allowed, and a clear answer where it is too low."""

from __future__ import annotations

import resource

import pytest

from service.config import Settings
from service.errors import UsageError
from service.processes import open_files


@pytest.fixture
def limits(monkeypatch):
    """Gives the process these limits, and the one that it sets."""
    found = {}

    def give(soft, hard):
        found["now"] = soft, hard
        monkeypatch.setattr(resource, "getrlimit", lambda _: found["now"])
        monkeypatch.setattr(resource, "setrlimit", lambda _, new: found.update(now=new))
        return found

    return give


@pytest.mark.parametrize("hard", [16, 64, 703])
def test_too_few_files_are_reported_with_what_is_needed(limits, hard):
    limits(hard, hard)
    with pytest.raises(UsageError) as raised:
        open_files.connections(Settings.from_env({}))
    assert f"{hard} files" in raised.value.text.en
    assert "ulimit -n 704" in raised.value.text.zh


def test_fewer_threads_need_fewer_files(limits):
    limits(256, 256)
    assert open_files.connections(Settings.from_env({"KEXIE_THREADS": "16"})) == 256 - 64 - 4 * 16


@pytest.mark.parametrize("hard", [1 << 20, resource.RLIM_INFINITY])
def test_the_limit_is_raised_as_far_as_needed(limits, hard):
    found = limits(1024, hard)
    assert open_files.connections(Settings.from_env({})) == 1000
    assert found["now"] == (1704, hard)


def test_a_higher_limit_is_left(limits):
    found = limits(5000, 5000)
    assert open_files.connections(Settings.from_env({})) == 1000
    assert found["now"] == (5000, 5000)
