"""The box around LibreOffice: what a program in LibreOffice's place can reach, use up and leave behind."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.conversion import convert, status, to_docx
from service.conversion.libreoffice import profile, sandbox, soffice, temp_folders
from service.conversion.libreoffice.one_shot import OneShotWorker
from service.conversion.libreoffice.reaped_process import ReapedProcess, run
from service.conversion.libreoffice.uno_worker import UnoWorker
from service.conversion.pool import server
from service.errors import SandboxMissing, UnreadableDocument
from service.web import create_app
from tests.helpers.docx_builder import docx, paragraph
from tests.helpers.docx_read import text
from tests.helpers.libreoffice import saved, stand_in
from tests.helpers.pdf import words
from tests.helpers.processes import awaited, gone, kill, running

PLAIN = docx(paragraph("云泽县科学技术协会"))

WAY = {"box", "cache", "spool", "lib", "ld.so.cache", "libreoffice", "t"}
# Each a thing that a program tries; what it says of it, or the name of the error.
_SPY = """
import json, os, pathlib, socket, sys
def tried(what):
    try:
        return what()
    except Exception as error:
        return type(error).__name__
def connect(family, kind, address):
    with socket.socket(family, kind) as connection:
        connection.settimeout(2)
        connection.connect(address)
        if kind == socket.SOCK_DGRAM:
            connection.send(b"?")
    return "reached"
given = json.loads(sys.argv[1])
seen = {
    "tcp": tried(lambda: connect(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", given["port"]))),
    "udp": tried(lambda: connect(socket.AF_INET, socket.SOCK_DGRAM, ("192.0.2.1", 53))),
    "abstract": tried(lambda: connect(socket.AF_UNIX, socket.SOCK_STREAM, chr(0) + given["name"])),
    "environment": dict(os.environ),
    **{path: tried(lambda: os.listdir(path)) for path in given["folders"]},
    **{path: tried(lambda: pathlib.Path(path).read_text()) for path in given["files"]},
    **{path + "/x": tried(lambda: str(pathlib.Path(path, "x").write_text("x"))) for path in given["write"]},
    "signal": tried(lambda: os.kill(given["pid"], 0)) or "sent",
}
pathlib.Path("seen.json").write_text(json.dumps(seen))
"""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "box"
    made.mkdir()
    return made


@pytest.fixture(params=list(sandbox.MECHANISMS))
def box(request, settings):
    """A box of each mechanism."""
    if fault := sandbox.fault(request.param):
        pytest.skip(f"{request.param} cannot run on this machine: {fault}")
    return dataclasses.replace(sandbox.of(settings), mechanism=request.param)


@pytest.fixture
def boxed(box, folder):
    """Runs a Python program in a box; returns its exit code."""

    def runs(script, *arguments, **limits):
        program = folder / "program"
        program.write_text(f"#!/usr/bin/python3 -I\n{script}")
        program.chmod(0o755)
        command = dataclasses.replace(box, **limits).command([str(program), *arguments], folder)
        return run(command, soffice.environment(folder, program), 60)

    return runs


def test_a_program_reaches_nothing_but_its_own_folder(boxed, folder, tmp_path):
    (tmp_path / "payload.json").write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as local:
        name = f"kexie-test-{tcp.getsockname()[1]}"
        local.bind(f"\0{name}")
        local.listen()
        given = {
            "port": tcp.getsockname()[1],
            "name": name,
            "folders": [str(tmp_path), "/home", "/root", "/proc", "/var", "/etc", "/work"],
            "files": [str(tmp_path / "payload.json"), "/etc/passwd", f"/proc/{os.getpid()}/environ"],
            "write": ["/usr", "/etc", "/", "/dev", "/dev/shm", "/var"],
            "pid": os.getpid(),
        }
        assert boxed(_SPY, json.dumps(given)) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["box", "payload.json", "temporary"]
    seen = json.loads((folder / "seen.json").read_text())
    assert seen.pop("environment").keys() >= {"HOME", "PATH"}
    assert not {name: found for name, found in seen.items() if not refused(found)}


def refused(found):
    """Whether what a program found is an error, or but the way to what it may see."""
    return found.endswith("Error") if isinstance(found, str) else set(found) <= WAY


def test_a_program_has_the_environment_of_libreoffice_alone(boxed, folder, monkeypatch):
    monkeypatch.setenv("KEXIE_SECRET", "geheim")
    assert boxed("import os, pathlib; pathlib.Path('seen').write_text(repr(dict(os.environ)))") == 0
    assert "KEXIE_SECRET" not in (folder / "seen").read_text()


@pytest.mark.parametrize(
    ("script", "limits"),
    [
        ("bytearray(600 * 1024**2)", {"memory": 500 * 1024**2}),
        ("open('large', 'wb').truncate(600 * 1024**2)", {}),
        ("import subprocess; subprocess.run(['/bin/unshare', '--user', '/bin/true'], check=True)", {}),
    ],
    ids=["memory", "file size", "namespaces"],
)
def test_a_program_gets_no_more_than_its_limits(boxed, script, limits):
    assert boxed("print()", **limits) == 0
    assert boxed(script, **limits) != 0


def test_processor_time_is_limited(settings, folder):
    command = sandbox.of(settings).command([stand_in(folder, "while :; do :; done")], folder, seconds=0.1)
    assert run(command, {}, 60) == 128 + signal.SIGXCPU


def test_what_runs_in_a_box_ends_with_who_started_it(settings, folder):
    command = sandbox.of(settings).command([stand_in(folder, f"sleep 600 & sleep 601 # {folder}")], folder)
    process = ReapedProcess(command, {"PATH": "/usr/bin:/bin"})
    try:
        assert awaited(lambda: [name for name, _ in running(str(folder)) if name == "sh"])
        kill(*(number for name, number in running(str(folder)) if name.startswith("python")))
        assert gone(str(folder))
    finally:
        process.end()


@pytest.fixture
def no_box(monkeypatch):
    monkeypatch.setattr(sandbox, "MECHANISMS", {})


def test_without_a_box_that_is_required_nothing_is_converted_or_read(settings, no_box):
    required = dataclasses.replace(settings, sandbox="required")
    with pytest.raises(SandboxMissing, match="bubblewrap"):
        to_docx(b"{\\rtf1}", "rtf", required)
    with pytest.raises(SandboxMissing, match="bubblewrap"):
        server.setup(required, settings.temp_dir / "pool")
    assert not status(required).ready
    answer = create_app({"KEXIE_SANDBOX": "required"}).test_client().get("/readyz")
    assert (answer.status_code, answer.json["code"]) == (503, "sandbox_missing")
    temp_folders.sweep(settings.temp_dir / "pool")


@pytest.mark.parametrize("choice", ["auto", "off"])
def test_without_a_box_that_is_not_required_documents_are_read(settings, no_box, choice):
    plain = dataclasses.replace(settings, sandbox=choice)
    assert text(to_docx(saved(PLAIN, "rtf"), "rtf", plain)) == text(PLAIN)


@pytest.mark.parametrize("kind", [UnoWorker, OneShotWorker])
def test_libreoffice_converts_in_each_box_and_leaves_nothing(settings, box, kind):
    setup = server.setup(dataclasses.replace(settings, sandbox="off"), settings.temp_dir / "pool")
    worker = kind(dataclasses.replace(setup, sandbox=box))
    try:
        worker.start(60)
        homes = [home.as_uri() for home in setup.root.glob("worker-*/profile")]
        with worker.convert(PLAIN, 60).pdf as made:
            assert words(made.read()) == "云泽县科学技术协会"
    finally:
        worker.stop()
    assert running(str(settings.temp_dir)) == []
    assert not [path for home in homes for path in profile.sockets(home) if path.exists()]
    temp_folders.sweep(setup.root)


def test_a_pdf_is_the_same_with_and_without_a_box(settings):
    with_, without = (
        convert(PLAIN, dataclasses.replace(settings, sandbox=choice)) for choice in ("auto", "off")
    )
    assert with_ == without


def test_a_document_that_takes_too_much_memory_is_refused_as_such(settings):
    small = dataclasses.replace(settings, libreoffice_memory=256)
    with pytest.raises(UnreadableDocument) as refusal:
        to_docx(b"{\\rtf1 " + b"{" * 300_000, "rtf", small)
    assert "memory" in refusal.value.text.en


def test_a_document_that_hangs_delays_no_other_and_is_refused_at_its_own_deadline(settings, folder):
    hanging = dataclasses.replace(settings, soffice=stand_in(folder, "sleep 600"), read_deadline=3.0)
    with ThreadPoolExecutor() as threads:
        hung = threads.submit(to_docx, b"{\\rtf1}", "rtf", hanging)
        assert awaited(lambda: running(f"{settings.temp_dir}/kexie-read-"))
        assert text(to_docx(saved(PLAIN, "rtf"), "rtf", settings)) == text(PLAIN)
        with pytest.raises(UnreadableDocument) as refusal:
            hung.result()
    assert "within 3 s" in refusal.value.text.en
