"""LibreOffice in tests: documents saved as other formats, a pool's processes, a process that converts."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from service.config import Settings
from service.conversion import convert
from service.conversion.libreoffice import profile, soffice
from service.conversion.pool import address
from service.conversion.pool.client import client
from service.errors import ConversionTimeout
from tests.helpers.docx_builder import docx, paragraph
from tests.helpers.pdf import words
from tests.helpers.processes import awaited, commands

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
    subprocess.run(command, check=True, timeout=300, stdin=subprocess.DEVNULL, capture_output=True)


def saved(document, extension, **how):
    """The bytes of a .docx saved by LibreOffice as `extension`; `how` as in `save`."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "document.docx").write_bytes(document)
        save([folder / "document.docx"], f"{extension}:{FILTERS[extension]}", folder, **how)
        return (folder / "out" / f"document.{extension}").read_bytes()


def worker_processes(settings):
    """The process numbers of a pool's workers: each reaper, driver and soffice."""
    found: dict[str, list[int]] = {"reaper": [], "driver": [], "soffice": []}
    for command, number in commands(str(settings.temp_dir)):
        names = [Path(word).name for word in command]
        if names[0] == "soffice.bin":
            found["soffice"].append(number)
        elif "process_reaper.py" in names:
            found["reaper"].append(number)
        elif "uno_driver.py" in names and names[0].startswith("python"):
            found["driver"].append(number)
    return found


def pool_server_pid(settings) -> int:
    """The number of the process that holds the pool of `settings` (SO_PEERCRED, unix(7))."""
    with address.of(settings).connect(5) as connection:
        raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    number: int = struct.unpack("3i", raw)[0]
    return number


def sockets(settings):
    """The sockets of a pool's LibreOffice processes, which lie outside every temporary folder."""
    profiles = settings.temp_dir.glob("kexie-pool-*/worker-*/profile")
    return {path for found in profiles for path in profile.sockets(found.as_uri()) if path.exists()}


def offices(settings):
    """How many LibreOffice processes a pool has; what one has just forked counts with it."""
    lines = (command for command, _ in commands(str(settings.temp_dir)) if command[0].endswith("soffice.bin"))
    return len({word for command in lines for word in command if word.startswith("-env:UserInstallation")})


def full(settings):
    """Whether every process of the pool is there and free."""
    state = client(settings).state()
    return state["workers"] == state["size"] and not state["busy"] and not state["starting"]


def warm(settings):
    """Waits until every process of the pool is there, also where a start takes longer than the deadline."""

    def started():
        with suppress(ConversionTimeout):
            client(settings).warm()
        return full(settings)

    assert awaited(started)


def stand_in(tmp_path, script):
    """A program of ours in LibreOffice's place."""
    path = tmp_path / "stand-in"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


_GATED_DRIVER = """#!/usr/bin/python3 -I
import importlib.util, itertools, os, pathlib, sys, time
if sys.argv[2] == "-c":
    exec(sys.argv[3])
    sys.exit()
spec = importlib.util.spec_from_file_location("uno_driver", sys.argv[2])
driver = importlib.util.module_from_spec(spec)
spec.loader.exec_module(driver)
convert, folder = driver._convert, pathlib.Path({folder!r})

def ticket():
    for number in itertools.count():
        try:
            (folder / str(number)).touch(exist_ok=False)
            return number
        except FileExistsError:
            pass

def allowed():
    try:
        return int((folder / "allowed").read_text())
    except FileNotFoundError:
        return float("inf")

def convert_when_allowed(*arguments):
    number = ticket()
    while number >= allowed():
        time.sleep(0.01)
    return convert(*arguments)

driver._convert = convert_when_allowed
try:
    driver.main(*sys.argv[3:7], sys.argv[7:])
finally:
    os._exit(1)
"""


class _Driver:
    """A program in the place of LibreOffice's driver; a test talks to it by files, so it has no sandbox."""

    def __init__(self, program):
        self.fields = {"uno_python": str(program), "sandbox": "off"}  # of Settings
        self.environment = {f"KEXIE_{name.upper()}": value for name, value in self.fields.items()}


class Gate(_Driver):
    """Holds documents back in LibreOffice's driver: only as many are converted as a test allows."""

    def __init__(self, folder):
        self._folder = folder / "gate"
        self._folder.mkdir()
        program = folder / "gated-driver"
        program.write_text(_GATED_DRIVER.format(folder=str(self._folder)), encoding="utf-8")
        program.chmod(0o755)
        super().__init__(program)

    def allow(self, count):
        """Lets this many documents pass, counted from now on; all others wait."""
        for ticket in self._folder.glob("[0-9]*"):
            ticket.unlink()
        self._limit(count)

    def arrived(self):
        """How many documents have come, since `allow`."""
        return len(list(self._folder.glob("[0-9]*")))

    def release(self):
        """Lets what has come pass; what comes from now on waits."""
        self._limit(self.arrived())

    def _limit(self, count):
        temporary = self._folder.with_name("allowed")
        temporary.write_text(str(count), encoding="utf-8")
        temporary.replace(self._folder / "allowed")

    def holding(self):
        """Whether a document waits."""
        return self.arrived() > int((self._folder / "allowed").read_text())

    def open(self):
        """Lets every document pass."""
        (self._folder / "allowed").unlink(missing_ok=True)


_FAKE_DRIVER = """#!{python} -I
import contextlib, json, os, pathlib, shutil, socket, sys, time
folder = pathlib.Path({folder!r})
if sys.argv[2] == "-c":
    sys.exit()
while (folder / "no-start").exists():
    time.sleep(0.01)
channel = socket.socket(fileno=int(sys.argv[3]))

def send(answer):
    channel.sendall(json.dumps(answer).encode() + b"\\n")

send({{"ready": os.getpid()}})
for line in channel.makefile("rb"):
    with contextlib.suppress(FileNotFoundError):
        (folder / "hang").unlink()
        time.sleep(3600)
    shutil.copy(folder / "converted.pdf", json.loads(line)["pdf"])
    send({{"load": 0.0, "export": 0.0}})
    send({{"closed": True}})
"""


class FakeDriver(_Driver):
    """Answers every document with one PDF, without LibreOffice; hangs or does not start on request."""

    def __init__(self, folder, pdf):
        self._folder = folder / "fake"
        self._folder.mkdir()
        (self._folder / "converted.pdf").write_bytes(pdf)
        program = folder / "fake-driver"
        program.write_text(_FAKE_DRIVER.format(python=sys.executable, folder=str(self._folder)), "utf-8")
        program.chmod(0o755)
        super().__init__(program)

    def hang(self):
        """Lets the next document hang for good."""
        (self._folder / "hang").touch()

    @contextmanager
    def not_starting(self):
        """Lets no process become ready during the block."""
        (self._folder / "no-start").touch()
        yield
        (self._folder / "no-start").unlink()


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
