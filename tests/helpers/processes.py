"""What runs on this machine, and waiting for it to change."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from service.conversion.libreoffice import profile
from service.conversion.pool import address


def awaited(condition, seconds=10.0):
    """Whether `condition` comes true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def _commands(mark):
    """The words of each command line that holds `mark`, and its process's number."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has just ended
            words = os.fsdecode(entry.read_bytes()).split("\0")
            if any(mark in word for word in words):
                yield words, int(entry.parent.name)


def running(mark):
    """The processes whose command line holds `mark`: (name of the program, number) of each."""
    return [(Path(words[0]).name, number) for words, number in _commands(mark)]


_PARTS = {"guard": (3, "guard.py"), "driver": (2, "driver.py"), "soffice": (0, "soffice.bin")}


def crew(settings):
    """The processes of a pool's workers: the numbers of each guard, driver and soffice."""
    found = {part: [] for part in _PARTS}
    for words, number in _commands(str(settings.temp_dir)):
        for part, (place, name) in _PARTS.items():
            if len(words) > place and Path(words[place]).name == name:
                found[part].append(number)
    return found


def host(settings):
    """The number of the process that holds the pool of `settings` (SO_PEERCRED, unix(7))."""
    with address.of(settings).connect(5) as connection:
        raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return struct.unpack("3i", raw)[0]


def kill(*numbers, how=signal.SIGKILL):
    """Signals processes, of which some may have ended already."""
    for number in numbers:
        with suppress(ProcessLookupError):
            os.kill(number, how)


def stat(number):
    """A process's state, such as "Z", and its parent's number; None where there is none (proc(5))."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return fields[0], int(fields[1])


def below(number):
    """A process with all that descend from it."""
    parents = {int(entry.name): stat(entry.name) for entry in Path("/proc").glob("[0-9]*")}
    found = [number]
    for one in found:
        found += [child for child, seen in parents.items() if seen and seen[1] == one]
    return found


def words(pdf, page=None):
    """The text of a PDF, or of one page of it, without white space."""
    one = [] if page is None else ["-f", str(page), "-l", str(page)]
    command = ["pdftotext", *one, "-", "-"]
    made = subprocess.run(command, input=pdf, capture_output=True, check=True, timeout=60)
    return "".join(made.stdout.decode().split())


def gone(mark):
    """Whether no process names `mark` any more within a few seconds."""
    return awaited(lambda: not running(mark))


def sockets(settings):
    """The sockets of a pool's LibreOffice processes, which lie outside every temporary folder."""
    profiles = settings.temp_dir.glob("kexie-pool-*/worker-*/profile")
    return {path for found in profiles for path in profile.sockets(found.as_uri()) if path.exists()}


def offices(settings):
    """How many LibreOffice processes a pool has; what one has just forked counts with it."""
    lines = (words for words, _ in _commands(str(settings.temp_dir)) if words[0].endswith("soffice.bin"))
    return len({word for words in lines for word in words if word.startswith("-env:UserInstallation")})


def stand_in(tmp_path, script):
    """A program of ours in LibreOffice's place."""
    path = tmp_path / "stand-in"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)
