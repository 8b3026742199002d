"""LibreOffice in tests: documents saved as other formats, a pool's processes, a process that converts."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from service.config import Settings
from service.conversion import convert
from service.conversion.libreoffice import profile, soffice
from service.conversion.pool import address
from tests.helpers.docx_builder import docx, paragraph
from tests.helpers.pdf import words
from tests.helpers.processes import commands

FILTERS = {"doc": "MS Word 97", "odt": "writer8", "rtf": "Rich Text Format", "docx": "MS Word 2007 XML"}


def save(paths, target, folder, *, fetching=False):
    """Has LibreOffice save files as `target` in `folder / "out"`.

    Its profile there is ours, with which it starts at once; with `fetching` its own, which lets it fetch.
    """
    home = (folder / "profile").as_uri()
    if not fetching:
        profile.make(folder / "profile", soffice.program("soffice"))
    command = ["soffice", "--headless", f"-env:UserInstallation={home}", "--convert-to", target]
    command += ["--outdir", folder / "out", *paths]
    subprocess.run(command, check=True, timeout=120, stdin=subprocess.DEVNULL, capture_output=True)


def saved(document, extension, **how):
    """The bytes of a .docx saved by LibreOffice as `extension`; `how` as in `save`."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "document.docx").write_bytes(document)
        save([folder / "document.docx"], f"{extension}:{FILTERS[extension]}", folder, **how)
        return (folder / "out" / f"document.{extension}").read_bytes()


_PARTS = {"reaper": (3, "process_reaper.py"), "driver": (2, "uno_driver.py"), "soffice": (0, "soffice.bin")}


def worker_processes(settings):
    """The processes of a pool's workers: the numbers of each reaper, driver and soffice."""
    found = {part: [] for part in _PARTS}
    for command, number in commands(str(settings.temp_dir)):
        for part, (place, name) in _PARTS.items():
            if len(command) > place and Path(command[place]).name == name:
                found[part].append(number)
    return found


def host(settings):
    """The number of the process that holds the pool of `settings` (SO_PEERCRED, unix(7))."""
    with address.of(settings).connect(5) as connection:
        raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return struct.unpack("3i", raw)[0]


def sockets(settings):
    """The sockets of a pool's LibreOffice processes, which lie outside every temporary folder."""
    profiles = settings.temp_dir.glob("kexie-pool-*/worker-*/profile")
    return {path for found in profiles for path in profile.sockets(found.as_uri()) if path.exists()}


def offices(settings):
    """How many LibreOffice processes a pool has; what one has just forked counts with it."""
    lines = (command for command, _ in commands(str(settings.temp_dir)) if command[0].endswith("soffice.bin"))
    return len({word for command in lines for word in command if word.startswith("-env:UserInstallation")})


def stand_in(tmp_path, script):
    """A program of ours in LibreOffice's place."""
    path = tmp_path / "stand-in"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def main(threads, first, last):
    """Converts documents FIRST to LAST in THREADS threads, prints their texts, stays until its input ends.

    The settings come as a line of JSON on standard input.
    """
    settings = Settings.from_env(json.loads(sys.stdin.readline()))

    def text(number):
        return words(convert(docx(paragraph(f"第{number}号县") * 100), settings))

    with ThreadPoolExecutor(threads) as pool:
        print(json.dumps(list(pool.map(text, range(first, last)))), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
