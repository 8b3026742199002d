"""The Python client, and every example of docs/guide/clients.md, against a real service."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile

import pytest

from service import catalog
from service.access import SCOPES, ApiKeys
from service.config import Settings
from tests.helpers import ROOT
from tests.helpers.documentation import ADDRESS, blocks
from tests.helpers.pdf import words
from tests.helpers.serve import served

CLIENTS = ROOT / "samples" / "clients"
PAGE = ROOT / "docs" / "guide" / "clients.md"
DATA = catalog.edition("annex3", 2021).sample("full")
LONGEST = 150  # seconds of one example

sys.path.insert(0, str(CLIENTS))

import kexie_forms_client as forms  # noqa: E402 - as a portal has it, beside its own code


@contextlib.contextmanager
def answering(handler):
    """The origin of a small server in this process."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clients")
    (folder / "temporary").mkdir()
    places = {"KEXIE_TEMP_DIR": str(folder / "temporary"), "KEXIE_ARCHIVE": str(folder / "archive")}
    places |= {"KEXIE_CONVERTERS": "1"}
    settings = Settings.from_env({**places, "KEXIE_BATCH_WORKERS": "1", "KEXIE_SECRET": "s" * 32})
    with ApiKeys.open(settings, create=True) as keys:
        key = keys.add("云泽县", SCOPES)[1]
    with served(settings, folder / "log", "--workers", "1") as running:
        yield running.url, key


@pytest.fixture(scope="module")
def client(service):
    return forms.Client(*service)


LANGUAGES = {
    "curl": ({"example.sh": ("sh", "")}, ["bash", "-eu", "example.sh"]),
    "python": ({"example.py": ("python", "")}, [sys.executable, "-W", "error", "example.py"]),
    "java": ({"Client.java": ("java", "")}, ["java", "Client.java"]),
    "javascript": (
        {name: ("javascript", name) for name in ("kexie.mjs", "example.mjs")},
        ["node", "example.mjs"],
    ),
}
PROGRAMS = {"curl": "curl", "python": sys.executable, "java": "java", "javascript": "node"}


def here(language):
    """The language as a case of a test: run where its program is, else named as what is missing."""
    there = language in ("curl", "python") or shutil.which(PROGRAMS[language])
    return pytest.param(language, bool(there), id=language if there else f"{language}-not-installed-here")


@pytest.mark.parametrize(("language", "there"), [here(language) for language in LANGUAGES])
def test_the_examples_of_the_page_run(service, tmp_path, language, there):
    url, key = service
    files, command = LANGUAGES[language]
    for name, kind_and_title in files.items():
        text = "".join(block.text for block in blocks(PAGE, *kind_and_title))
        assert text
        (tmp_path / name).write_text(text.replace(ADDRESS, url), encoding="utf-8")
    if not there:
        return
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    environment = {**os.environ, "KEXIE_URL": url, "KEXIE_KEY": key, "PYTHONPATH": str(CLIENTS)}
    environment["JAVA_TOOL_OPTIONS"] = "-Dfile.encoding=UTF-8"
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=LONGEST
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert DATA["case_name"][:4] in "".join(words((tmp_path / "case.pdf").read_bytes()))
    assert "422" in done.stdout
    assert "invalid_payload" in done.stdout
    assert "案例名称" in done.stdout
    assert re.search("/api/v1/records/[0-9a-f-]{36}", done.stdout)
    with zipfile.ZipFile(tmp_path / "documents.zip") as packed:
        folders = {name.split("/")[2] for name in packed.namelist() if name.endswith(".pdf")}
    submitter = "云泽县科学技术协会"
    assert folders == {f"{language}-batch-{number} {submitter}" for number in (1, 2)}


def test_a_submission_is_archived_under_a_running_number_and_as_its_next_version(client):
    first = client.make_record("annex3", 2021, DATA, idempotency_key="once")
    assert client.make_record("annex3", 2021, DATA, idempotency_key="once") == first
    changed = {**DATA, "case_name": "改过的案例"}
    second = client.make_record("annex3", 2021, changed, after=first["key"])
    assert (second["id"], second["version"]) == (first["id"], 2)
    with pytest.raises(forms.Problem) as caught:
        client.make_record("annex3", 2021, DATA, after=first["key"])
    assert (caught.value.status, caught.value.code) == (412, "newer_version")


def test_an_error_carries_what_the_problem_tells(client):
    with pytest.raises(forms.Problem) as caught:
        client.validate("annex3", 2021, {"case_name": 1, "nothing": 2})
    problem = caught.value
    assert (problem.status, problem.code) == (422, "invalid_payload")
    assert {error.pointer for error in problem.errors} == {"/case_name", "/nothing"}
    assert set(forms.failures(problem)) == {"/case_name", "/nothing"}
    assert "案例名称（/case_name）" in str(problem)
    assert problem.request_id in str(problem)


@pytest.mark.parametrize(
    ("call", "status", "code"),
    [
        (lambda client: client.edition("annex9", 2021), 404, "unknown_form"),
        (lambda client: client.record("none"), 404, "unknown_record"),
        (lambda client: client.batch("none"), 404, "unknown_batch"),
        (lambda client: client.start_batch([]), 422, "unreadable_input"),
        (lambda client: list(client.records(form="annex3", id="\n")), 400, "usage"),
    ],
)
def test_errors_are_distinguished_by_code(client, call, status, code):
    with pytest.raises(forms.Problem) as caught:
        call(client)
    assert (caught.value.status, caught.value.code) == (status, code)


def test_a_wrong_key_is_reported_in_english_where_that_is_asked(service):
    with pytest.raises(forms.Problem) as caught:
        list(forms.Client(service[0], "kexie_wrong", language="en").records())
    assert (caught.value.status, caught.value.code) == (401, "unauthorized")
    assert "key" in caught.value.title


def test_documents_records_and_files(client, tmp_path):
    made = client.archive("annex3", 2021, "one", DATA, "docx")
    assert made.name.endswith(".docx")
    assert "案例" in made.name
    found = client.record(made.record)
    assert found["files"]["docx"]["sha256"] == made.sha256
    saved = client.save_record(made.record, "docx", tmp_path / "a.docx")
    assert saved.read_bytes() == made.content
    assert client.extract(saved)["data"] == DATA
    assert client.extract(saved, "annex3", 2021)["form"] == "annex3"
    assert [record["id"] for record in client.records(form="annex3", id="one")] == ["one"]
    assert {each["form"] for each in client.forms()} == {"annex1", "annex2", "annex3"}
    assert client.blank("annex3", 2021, "docx").content.startswith(b"PK")
    with pytest.raises(forms.Problem):
        client.save_record(made.record, "original", tmp_path / "none")
    assert [path.name for path in tmp_path.iterdir()] == ["a.docx"]


def test_a_batch_of_a_file_is_followed_to_its_end(client, tmp_path):
    rows = [{"form": "annex3", "year": 2021, "id": f"file-{n}", "data": DATA} for n in (1, 2)]
    rows[1]["data"] = {"nothing": 1}
    path = tmp_path / "县级.ndjson"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    sent = client.start_batch(path, formats="docx")
    seen = []
    ended = client.wait(sent.id, seen.append)
    assert (ended.state, ended.finished, ended.counts["done"], ended.counts["failed"]) == (
        "finished",
        True,
        1,
        1,
    )
    assert seen[-1] == ended
    assert client.wait(sent.id) == ended
    assert client.batch(sent.id) == ended
    assert client.cancel_batch(sent.id) == ended
    assert [failure["id"] for failure in client.batch_failures(sent.id)] == ["file-2"]
    with zipfile.ZipFile(client.save_batch(sent.id, tmp_path / "documents.zip")) as packed:
        assert packed.testzip() is None


class Busy(http.server.BaseHTTPRequestHandler):
    """Answers as the class's list says, one entry a request: status and Retry-After, or None to break off."""

    answers: list = []  # noqa: RUF012 - the test's own
    seen: list = []  # noqa: RUF012

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append(self.headers["Idempotency-Key"])
        if (answer := self.answers.pop(0)) is None:
            self.close_connection = True
            return
        status, wait = answer
        body = b'{"valid": true}' if status == 200 else b"<h1>from a proxy</h1>"
        self.send_response(status)
        if wait:
            self.send_header("Retry-After", wait)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def busy():
    Busy.answers, Busy.seen = [], []
    with answering(Busy) as origin:
        yield origin


@pytest.mark.parametrize(
    ("answers", "waits"),
    [
        ([(503, "7"), (429, "900"), (200, None)], [7, 60]),
        ([(409, "5"), (408, "5"), (200, None)], [5, 5]),
        ([None, (503, None), (200, None)], [0.5, 1]),
    ],
)
def test_it_is_tried_again_as_the_service_says_with_the_same_key(busy, answers, waits):
    waited = []
    Busy.answers = list(answers)
    client = forms.Client(busy, sleep=waited.append)
    assert client.validate("annex3", 2021, {}) == {"valid": True}
    assert waited == waits
    assert len(Busy.seen) == 3
    assert len(set(Busy.seen)) == 1
    assert re.fullmatch("[!-~]{20,255}", Busy.seen[0])
    Busy.answers = [(200, None)]
    client.validate("annex3", 2021, {})
    assert Busy.seen[-1] != Busy.seen[0]


def test_it_is_not_tried_for_ever_nor_where_it_does_not_help(busy):
    Busy.answers = [(503, "1"), (503, "1"), (500, None)]
    client = forms.Client(busy, tries=2, sleep=lambda _: None)
    for status in (503, 500):
        with pytest.raises(forms.Problem) as caught:
            client.validate("annex3", 2021, {})
        assert (caught.value.status, caught.value.code) == (status, "unknown")
    assert Busy.answers == []


def test_an_unreachable_service_is_reported_as_such():
    with pytest.raises(forms.Unreachable):
        forms.Client("http://127.0.0.1:9", tries=2, sleep=lambda _: None).forms()
