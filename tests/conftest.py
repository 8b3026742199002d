"""What the tests share: settings with a temporary folder of their own, editions, documents."""

from __future__ import annotations

import gc
import itertools
import os
import signal
import tempfile
from pathlib import Path

import hypothesis
import pytest

from service import catalog
from service.config import Settings
from service.conversion.pool.client import leave_all
from tests.helpers import reuse
from tests.helpers.forms import FORMS
from tests.helpers.processes import awaited
from tests.helpers.servers import postgresql, redis_server, s3, s3_server  # noqa: F401 - fixtures

TESTS = Path(__file__).parent

# An example may take long on a busy machine.
hypothesis.settings.register_profile("tests", hypothesis.settings.default, deadline=None)
hypothesis.settings.load_profile("tests")

os.environ.pop("SUDO_USER", None)  # commands of the tests are those of the account
reuse.install()
gc.disable()  # until all is imported and collected


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spreads the files of each room over the run, so that tests that wait for programs are beside others.

    First come those of which one process must do all: the long one that tries every route, and those of the
    browser, for each process that has some starts a browser and a service.
    """
    files = [list(tests) for _, tests in itertools.groupby(items, key=lambda test: test.path)]
    rooms = itertools.groupby(files, key=lambda tests: tests[0].path.relative_to(TESTS).parts[0])
    placed = [
        (_place(tests[0].path, (number + 0.5) / len(room)), tests)
        for room in (list(of_room) for _, of_room in rooms)
        for number, tests in enumerate(room)
    ]
    placed.sort(key=lambda place: place[0])
    items[:] = itertools.chain.from_iterable(tests for _, tests in placed)


def _place(file: Path, otherwise: float) -> float:
    """The place of a file's tests in the order of all, of which 1 is the end."""
    if file.name == "test_schemathesis.py":
        return -1
    return 0 if file.is_relative_to(TESTS / "browser") else otherwise


def pytest_collection_finish() -> None:
    """Spares the garbage collector what was imported and collected, a tenth of the processor's time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def interruptible():
    """Ctrl-C reaches commands that tests start, also where these tests run in a shell's background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session", autouse=True)
def temporary():
    """The temporary folder of all tests that name none, in which nothing may be left after them.

    So their pool is never that of a service on this machine; it has one LibreOffice, for tests run one after
    another. The folder lies where the default is: paths stay short.
    """
    folder = Path(tempfile.mkdtemp(prefix="kexie-test-", dir=Settings.from_env().temp_dir))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEXIE_TEMP_DIR", str(folder))
        patch.setenv("KEXIE_CONVERTERS", "1")
        yield folder
        leave_all()
        awaited(lambda: list(folder.iterdir()) == [])
    assert list(folder.iterdir()) == []
    folder.rmdir()


@pytest.fixture
def shared(temporary):
    """The settings of the pool that tests share which only want a document converted."""
    return Settings.from_env()


@pytest.fixture
def settings(tmp_path):
    """Settings with a temporary folder of their own, in which nothing may be left after the test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    yield Settings.from_env({"KEXIE_TEMP_DIR": str(folder), "KEXIE_CONVERTERS": "1"})
    leave_all()
    assert awaited(lambda: list(folder.iterdir()) == []), list(folder.iterdir())


@pytest.fixture(params=FORMS)
def edition(request):
    return catalog.edition(request.param, 2021)
