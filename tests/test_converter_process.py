"""LibreOffice's process: what it may do, how it starts, and what it leaves behind."""

from __future__ import annotations

import dataclasses
import http.server
import io
import os
import signal
import threading
import time
import zipfile
from pathlib import Path

import pikepdf
import pytest
from docx_builder import docx, paragraph, picture, zipped

from service.conversion import convert, soffice, status
from service.errors import ConversionFault, ConversionTimeout

SMALL = docx(paragraph("县级科协"), title="申报书")


def stand_in(tmp_path, script):
    """A program of ours in LibreOffice's place."""
    path = tmp_path / "stand-in"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def running(mark):
    """The processes whose command line holds `mark`: their numbers by the name of the program."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().split(b"\0")
        except OSError:  # it has just ended
            continue
        if any(mark.encode() in part for part in line):
            found[Path(os.fsdecode(line[0])).name] = int(entry.parent.name)
    return found


def sockets():
    return {name for folder in ("/tmp", "/var/tmp") for name in Path(folder).glob("OSL_PIPE_*")}


def awaited(condition, seconds=10.0):
    """Whether `condition` comes true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def linked(document, address):
    """`document` with its picture, and its template, at a web address."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="{i}" Type="{office}/{kind}" Target="{address}/{kind}" TargetMode="External"/>'
        for i, kind in (("rIdLinked", "image"), ("rIdTemplate", "attachedTemplate"))
    )
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        parts = {name: package.read(name).decode("latin-1") for name in package.namelist()}
    rels = "word/_rels/document.xml.rels"
    parts[rels] = parts[rels].replace("</Relationships>", f"{links}</Relationships>")
    body = parts["word/document.xml"].replace('r:embed="rIdPicture"', 'r:link="rIdLinked"')
    assert "rIdLinked" in body
    parts["word/document.xml"] = body
    return zipped({name: part.encode("latin-1") for name, part in parts.items()})


def test_nothing_is_fetched_for_a_document(settings):
    asked = []

    class Web(http.server.BaseHTTPRequestHandler):
        def __getattr__(self, name):
            if name.startswith("do_"):
                asked.append(name)
            raise AttributeError(name)

        def log_message(self, *parts):
            """Nothing on the tests' output."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web) as server:
        threading.Thread(target=server.serve_forever).start()
        address = f"http://127.0.0.1:{server.server_port}"
        made = convert(linked(docx(picture(), image=True), address), settings)
        server.shutdown()
    assert made.startswith(b"%PDF-")
    assert asked == []


def test_libreoffice_starts_once_and_without_its_drawing_test(settings):
    seen = {}

    def look(command, environment, deadline):
        code = soffice.run(command, environment, deadline)
        user = Path(environment["HOME"], "profile", "user")
        seen.update(code=code, tested=(user / "GraphicsRenderTests.log").exists())
        return code

    convert(SMALL, settings, runner=look)
    assert seen == {"code": 0, "tested": False}
    direct = str(Path("/usr/bin/soffice").resolve().with_name("soffice.bin"))
    convert(SMALL, dataclasses.replace(settings, soffice=direct), runner=look)
    assert seen == {"code": 0, "tested": False}


def test_dates_and_identifier_come_from_the_document(settings):
    first = convert(SMALL, settings)
    second = int(time.time())
    assert awaited(lambda: int(time.time()) > second)
    assert convert(SMALL, settings) == first
    with pikepdf.open(io.BytesIO(first)) as document:
        assert str(document.docinfo.CreationDate) == "D:20210301000000Z"
        assert document.open_metadata()["xmp:CreateDate"] == "2021-03-01T00:00:00Z"
        assert str(document.docinfo.Title) == document.open_metadata()["dc:title"] == "申报书"
        assert document.Root.MarkInfo.Marked


def test_a_killed_libreoffice_leaves_no_socket(settings):
    before = sockets()

    def hurry(command, environment, deadline):
        def kill_when_listening():
            awaited(lambda: sockets() - before)
            for name, number in running(str(settings.temp_dir)).items():
                if name == "soffice.bin":
                    os.kill(number, signal.SIGKILL)

        thread = threading.Thread(target=kill_when_listening)
        thread.start()
        try:
            return soffice.run(command, environment, deadline)
        finally:
            thread.join()

    with pytest.raises(ConversionFault):
        convert(SMALL, settings, runner=hurry)
    assert sockets() <= before
    assert list(settings.temp_dir.iterdir()) == []


def test_a_child_in_a_session_of_its_own_is_killed_as_well(settings, tmp_path):
    hanging = stand_in(tmp_path, "setsid sleep 63.25 & sleep 63.25")
    with pytest.raises(ConversionTimeout):
        convert(SMALL, dataclasses.replace(settings, soffice=hanging, deadline=0.5))
    assert running("63.25") == {}


def test_a_killed_guard_leaves_nothing(settings, tmp_path):
    hanging = stand_in(tmp_path, "sleep 64.25 & sleep 64.25")

    def kill_guard():
        awaited(lambda: "sleep" in running("64.25"))
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            parts = entry.read_bytes().split(b"\0")
            if hanging.encode() in parts and any(part.endswith(b"guard.py") for part in parts):
                os.kill(int(entry.parent.name), signal.SIGKILL)

    thread = threading.Thread(target=kill_guard)
    thread.start()
    with pytest.raises(ConversionFault):
        convert(SMALL, dataclasses.replace(settings, soffice=hanging, deadline=20))
    thread.join()
    assert awaited(lambda: running("64.25") == {})


@pytest.mark.parametrize("answer", ["echo LibreOffice 6.4.7.2", "echo no office", "exit 1"])
def test_another_or_an_old_program_is_no_converter(settings, tmp_path, answer):
    found = status(dataclasses.replace(settings, soffice=stand_in(tmp_path, answer)))
    assert found.version is None
    assert not found.ready


def test_a_temporary_folder_that_is_not_there_is_named(settings, tmp_path):
    lost = dataclasses.replace(settings, temp_dir=tmp_path / "lost")
    with pytest.raises(ConversionFault, match="KEXIE_TEMP_DIR"):
        convert(SMALL, lost)
