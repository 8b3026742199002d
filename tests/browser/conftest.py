"""One service and one portal around its forms for all tests here; a page that takes no fault."""

from __future__ import annotations

import contextlib
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.helpers import ROOT
from tests.helpers.browser import CHROMIUM, Visit
from tests.helpers.documentation import blocks
from tests.helpers.forms import choices, made_up, tables
from tests.helpers.libreoffice import Gate
from tests.helpers.pictures import form as pictures
from tests.helpers.servers import Server, folder, free_port

# A spare process that waits for the next page costs as much as a page.
_UNUSED = "--disable-features=SpareRendererForSitePerProcess"


@pytest.fixture(scope="package")
def browser():
    expect.set_options(timeout=300_000)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", _UNUSED])
        try:
            yield started
        finally:
            started.close()


@pytest.fixture(scope="package")
def portal_port():
    return free_port()


@pytest.fixture(scope="package")
def archive_folder():
    """Where the service's archive lies."""
    with folder() as root:
        yield root / "archive"


@pytest.fixture(scope="package")
def gate():
    """Holds the service's conversions back once a test asks for it."""
    with folder() as root:
        yield Gate(root)


@contextlib.contextmanager
def served(root, given):
    """The address of a service with these settings, its log in the folder `root`."""
    port = free_port()
    program = [Path(sys.executable).with_name("kexie-forms"), "serve", "--port", port, "--workers", 1]
    settings = [f"{name}={value}" for name, value in given.items()]
    server = Server(["env", *settings, *program], port, root / "log")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()


@pytest.fixture(scope="package")
def service(temporary, gate, portal_port, archive_folder):
    """The address of a service that lets the portal embed its forms and call its API, and no other site."""
    with folder() as root:
        given = {
            "KEXIE_SECRET": "geheim " * 8,
            "KEXIE_FRAME_ANCESTORS": f"http://127.0.0.1:{portal_port}",
            "KEXIE_CORS_ORIGINS": f"http://127.0.0.1:{portal_port}",
            "KEXIE_ARCHIVE": str(archive_folder),
            "KEXIE_TEMP_DIR": str(temporary),
            **gate.environment,
        }
        with served(root, given) as address:
            yield address


@pytest.fixture(scope="package")
def archive_outside():
    """Where the archive of the service with invented forms lies."""
    with folder() as root:
        yield root / "archive"


@pytest.fixture(scope="package")
def forms_outside(temporary, archive_outside):
    """The address of a service with invented forms outside the code, and a folder for new ones."""
    with folder() as root:
        (root / "new").mkdir()
        written = [each.write(root / each.__name__) for each in (choices, pictures, tables)]
        given = {
            "KEXIE_FORMS": ":".join(map(str, [root / "new", made_up.FOLDER, *written])),
            "KEXIE_ARCHIVE": archive_outside,
            "KEXIE_BATCH_WORKERS": 1,
            "KEXIE_TEMP_DIR": temporary,
        }
        with served(root, given) as address:
            yield address


@pytest.fixture(scope="package")
def portal(service, portal_port):
    """The address of the example portal around the service's forms, as docs/guide/embedding.md starts it."""
    (block,) = blocks(ROOT / "docs" / "guide" / "embedding.md", "sh")
    with folder() as root:
        script = ROOT / re.search(r"^python3 (\S+)", block.text, re.MULTILINE)[1]
        server = Server([sys.executable, script, portal_port, service], portal_port, root / "log")
        try:
            yield f"http://127.0.0.1:{portal_port}"
        finally:
            server.stop()


@pytest.fixture
def visit(browser, service):
    """Opens a page of the service: `visit("/", width=360, dark=True)`.

    No page may raise an error in its scripts, break its Content-Security-Policy, or ask another host.
    """
    hosts = {urlsplit(service).netloc}
    opened = []

    def open_(address, *, hosts_too=(), **how):
        made = Visit(browser, service, address, **how)
        hosts.update(urlsplit(each).netloc for each in hosts_too)
        opened.append(made)
        return made.page

    yield open_
    problems = [problem for made in opened for problem in made.problems]
    strangers = {host for made in opened for host in made.hosts} - hosts
    for made in opened:
        made.context.close()
    assert (problems, strangers) == ([], set())
