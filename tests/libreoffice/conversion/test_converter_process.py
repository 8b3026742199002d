"""LibreOffice's process: what it may do, how it starts, and what it leaves behind."""

from __future__ import annotations

import dataclasses
import http.server
import io
import signal
import threading
import time
from pathlib import Path

import pikepdf
import pytest

from service.conversion import convert, status
from service.conversion.libreoffice import reaped_process, temp_folders
from service.conversion.libreoffice.one_shot import OneShotWorker
from service.conversion.libreoffice.uno_worker import UnoWorker
from service.conversion.libreoffice.worker_protocol import WorkerHung
from service.conversion.pool import server
from service.errors import ConversionFault, TempFolderFault
from tests.helpers.docx_builder import docx, linked, paragraph, picture
from tests.helpers.libreoffice import stand_in, worker_processes
from tests.helpers.processes import awaited, kill, running

SMALL = docx(paragraph("县级科协"), title="申报书")


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


@pytest.fixture
def setup(settings):
    folder = settings.temp_dir / "pool"
    yield server.setup(settings, folder)
    temp_folders.sweep(folder)


def drawing_tests(user):
    return (user / "GraphicsRenderTests.log").exists()


def test_a_process_for_one_document_starts_once_and_without_its_drawing_test(setup):
    seen = {}

    def look(command, environment, deadline):
        code = reaped_process.run(command, environment, deadline)
        seen.update(code=code, tested=drawing_tests(Path(environment["HOME"], "profile", "user")))
        return code

    with OneShotWorker(setup, look).convert(SMALL, 60).pdf as made:
        assert made.read(5) == b"%PDF-"
    assert seen == {"code": 0, "tested": False}


def test_a_persistent_process_starts_without_its_drawing_test(setup):
    worker = UnoWorker(setup)
    worker.start(60)
    try:
        assert worker.healthy()
        (user,) = setup.root.glob("worker-*/profile/user")
        assert not drawing_tests(user)
    finally:
        worker.stop()
    assert not worker.healthy()
    assert list(setup.root.glob("worker-*")) == []


def test_a_libreoffice_that_hangs_is_ended_with_its_driver(setup, settings):
    worker = UnoWorker(setup)
    worker.start(60)
    try:
        kill(*worker_processes(settings)["soffice"], how=signal.SIGSTOP)
        with pytest.raises(WorkerHung):
            worker.convert(SMALL, 0.5)
    finally:
        worker.stop()
    assert running(str(settings.temp_dir)) == []


@pytest.mark.parametrize("written", [None, b"", b"%PDF-1.7\n", b"not a PDF"])
def test_a_file_that_is_no_whole_pdf_is_a_fault(settings, tmp_path, written):
    (tmp_path / "made.pdf").write_bytes(written or b"")
    copy = f'mkdir "$out"; cp {tmp_path}/made.pdf "$out/document.pdf"' if written is not None else "exit 0"
    script = f'while [ "$1" != --outdir ]; do shift; done; out="$2"\n{copy}'
    program = stand_in(tmp_path, script)
    half = dataclasses.replace(settings, soffice=program, uno_python="/nowhere", sandbox="off")
    with pytest.raises(ConversionFault):
        convert(SMALL, half)


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


@pytest.mark.parametrize("answer", ["echo LibreOffice 6.4.7.2", "echo no office", "exit 1"])
def test_another_or_an_old_program_is_no_converter(settings, tmp_path, answer):
    found = status(dataclasses.replace(settings, soffice=stand_in(tmp_path, answer)))
    assert found.version is None
    assert not found.ready


def test_a_temporary_folder_that_is_not_there_is_named(settings, tmp_path):
    lost = dataclasses.replace(settings, temp_dir=tmp_path / "lost")
    with pytest.raises(TempFolderFault, match="KEXIE_TEMP_DIR"):
        convert(SMALL, lost)
