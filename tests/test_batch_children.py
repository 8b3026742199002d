"""The parent of worker processes: one that stands still is ended, whatever lock it holds."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import time

from processes import awaited

from service.batch.children import Children

HOLDER = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
open(sys.argv[2] + str(os.getpid()), "w").close()
sys.stdin.read()
sys.stdin.read()
"""


def test_a_process_that_stands_still_gives_the_databases_lock_back(tmp_path):
    database = tmp_path / "index.sqlite"
    sqlite3.connect(database).close()
    command = (sys.executable, "-c", HOLDER, str(database), str(tmp_path / "holds-"))
    children = Children(command, b"", 1, lambda: None, patience=0.5)
    children.start()
    try:
        assert awaited(lambda: list(tmp_path.glob("holds-*")))
        first = int(next(tmp_path.glob("holds-*")).name.removeprefix("holds-"))
        os.kill(first, signal.SIGSTOP)
        began = time.monotonic()
        children.tend(0)
        assert len(list(tmp_path.glob("holds-*"))) == 1
        while len(list(tmp_path.glob("holds-*"))) == 1:  # until another holds the lock
            assert time.monotonic() - began < 60
            children.tend(0)
            time.sleep(0.02)
    finally:
        children.kill()
