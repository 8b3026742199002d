"""The parent of worker processes: kills a stopped one, which frees the lock that it holds."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from service.batch.workers.child_processes import ChildProcesses
from service.config import Settings
from tests.helpers.processes import awaited, below, kill, stat

HOLDER = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
open(sys.argv[2] + str(os.getpid()), "w").close()
sys.stdin.read()
sys.stdin.read()
"""


def holders(folder):
    """The numbers of the processes that have had the lock."""
    return [int(each.name.removeprefix("holds-")) for each in folder.glob("holds-*")]


def line(number):
    """The command line of a process."""
    return Path(f"/proc/{number}/cmdline").read_text()


@pytest.fixture
def begin(tmp_path):
    """Starts processes of which one after the other holds a database's lock."""
    database = tmp_path / "index.sqlite"
    sqlite3.connect(database).close()
    command = (sys.executable, "-c", HOLDER, str(database), str(tmp_path / "holds-"))
    settings = replace(Settings.from_env(), lease=0.5)
    with ExitStack() as ending:

        def started(count, recover=lambda: None):
            children = ChildProcesses(command, b"", count, recover, settings)
            ending.callback(children.kill)
            children.start()
            assert awaited(lambda: holders(tmp_path))
            return children, holders(tmp_path)[0]

        yield started


def test_a_stopped_process_gives_the_databases_lock_back(begin, tmp_path):
    children, first = begin(1)
    kill(first, how=signal.SIGSTOP)
    children.tend(0)
    assert holders(tmp_path) == [first]

    def another_holds_the_lock():
        children.tend(0)
        return len(holders(tmp_path)) == 2

    assert awaited(another_holds_the_lock)


def test_items_of_a_dead_process_are_freed_once_no_stopped_one_can_hold_the_lock(begin, tmp_path):
    freed = []

    def recover():
        with closing(sqlite3.connect(tmp_path / "index.sqlite", timeout=0)) as connection, connection:
            connection.execute("CREATE TABLE IF NOT EXISTS items (id)")
            connection.execute("INSERT INTO items VALUES (1)")
        freed.append(True)

    children, first = begin(2, recover)
    (other,) = {number for number in below(os.getpid()) if str(tmp_path) in line(number)} - {first}
    kill(first, how=signal.SIGSTOP)
    kill(other)
    assert awaited(lambda: (stat(first) or "")[0] == "T" and (stat(other) or "Z")[0] == "Z")

    def freed_again():
        children.tend(0)
        return len(freed) == 2

    assert awaited(freed_again)
