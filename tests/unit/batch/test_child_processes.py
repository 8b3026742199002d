"""The parent of worker processes: kills a stopped one, which frees the lock that it holds."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from dataclasses import replace

from service.batch.workers.child_processes import ChildProcesses
from service.config import Settings
from tests.helpers.processes import awaited

HOLDER = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
open(sys.argv[2] + str(os.getpid()), "w").close()
sys.stdin.read()
sys.stdin.read()
"""


def holders(folder):
    """How many processes have had the lock."""
    return len(list(folder.glob("holds-*")))


def test_a_process_that_stands_still_gives_the_databases_lock_back(tmp_path):
    database = tmp_path / "index.sqlite"
    sqlite3.connect(database).close()
    command = (sys.executable, "-c", HOLDER, str(database), str(tmp_path / "holds-"))
    children = ChildProcesses(command, b"", 1, lambda: None, replace(Settings.from_env(), lease=0.5))
    children.start()
    try:
        assert awaited(lambda: holders(tmp_path))
        first = int(next(tmp_path.glob("holds-*")).name.removeprefix("holds-"))
        os.kill(first, signal.SIGSTOP)
        children.tend(0)
        assert holders(tmp_path) == 1

        def another_holds_the_lock():
            children.tend(0)
            return holders(tmp_path) == 2

        assert awaited(another_holds_the_lock, 60)
    finally:
        children.kill()
