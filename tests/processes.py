"""What runs on this machine, and waiting for it to change."""

from __future__ import annotations

import os
import time
from pathlib import Path


def awaited(condition, seconds=10.0):
    """Whether `condition` comes true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def running(mark):
    """The processes whose command line holds `mark`: (name of the program, number) of each."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().split(b"\0")
        except OSError:  # it has just ended
            continue
        if any(mark.encode() in part for part in line):
            found.append((Path(os.fsdecode(line[0])).name, int(entry.parent.name)))
    return found


def gone(mark):
    """Whether no process names `mark` any more within a few seconds."""
    return awaited(lambda: not running(mark))


def sockets():
    """The sockets of LibreOffice processes, which lie outside every temporary folder."""
    return {name for folder in ("/tmp", "/var/tmp") for name in Path(folder).glob("OSL_PIPE_*")}


def stand_in(tmp_path, script):
    """A program of ours in LibreOffice's place."""
    path = tmp_path / "stand-in"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)
