"""Batches: their inputs, workbooks, the command in a process group of its own, and its results."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, insert, select

from benchmarks.helpers.batch_records import records
from service.archive import Archive
from service.batch.inputs.read_input import read
from service.batch.jobs import item_errors, item_outcome, item_queue, process_item
from service.batch.jobs.job_tables import FAILED, FINISHED, items, jobs
from service.config import Settings
from service.errors import Bilingual, FieldError, KexieError
from tests.helpers.processes import awaited, below

COMMAND = Path(sys.executable).with_name("kexie-forms")
TIMEOUT = 300  # seconds
WITH_WORKERS = ("batch", "import", "regenerate")


def write(path, count, faulty=0, **more):
    """An input of that many records."""
    path.write_text("".join(f"{line}\n" for line in records(count, faulty, **more)), encoding="utf-8")
    return path


def failed_item(archive, id, tenant="", public=None):
    """Adds a finished batch in which an item of this id, of 云泽县, failed; its key is a SHA-256, cut."""
    key = hashlib.sha256(f"{tenant} {id}".encode()).hexdigest()
    job = {"key": key[:32], "sha256": key, "name": "in", "tenant": tenant, "formats": "docx", "created": 0.0}
    error = FieldError("/case_name", "案例名称", "required", Bilingual("必填。", "Required."))
    row = {"position": 0, "place": "1", "form": "annex3", "year": 2021, "submitter": id, "state": FAILED}
    row["payload"] = json.dumps({"association_name": "云泽县科学技术协会", "case_name": "院士进村"}).encode()
    with archive.writing() as connection:
        made = connection.execute(insert(jobs), {**job, "state": FINISHED, "public": public, "ended": 1.0})
        of = {"job": made.inserted_primary_key[0], "errors": item_errors.to_json([error])}
        connection.execute(insert(items), {**row, **of, "attempts": 1, "faults": 0})
    return job["key"]


class Place:
    """A folder with an archive, a temporary folder, and settings that a command is started with."""

    prefix: tuple[str, ...] = ()  # a command that starts another one

    def __init__(self, root, **settings):
        self.root = root
        self.temporary = root / "temporary"
        self.temporary.mkdir(parents=True)
        self.archive = root / "archive"
        self.settings = {
            "KEXIE_TEMP_DIR": str(self.temporary),
            "KEXIE_LOG_LEVEL": "ERROR",
            "KEXIE_CONVERTERS": "1",
            **settings,
        }
        self._started = []
        self._looking = None

    @property
    def options(self):
        """The options behind those of each command."""
        return ("--archive", str(self.archive))

    def start(self, *arguments):
        """A command at the head of a process group of its own, in this place's archive.

        It has one worker process unless the arguments say how many.
        """
        if arguments[0] in WITH_WORKERS and "--workers" not in arguments:
            arguments += ("--workers", 1)
        command = [*self.prefix, str(COMMAND), *map(str, arguments), *self.options]
        with (self.root / "log").open("ab") as log:
            process = subprocess.Popen(
                command,
                env={**os.environ, **self.settings},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        self._started.append(process)
        return process

    def run(self, *arguments, seconds=TIMEOUT):
        """The exit code and the result of a command that is run to its end, within so many seconds."""
        process = self.start(*arguments, "--json")
        output = process.communicate(timeout=seconds)[0]
        try:
            return process.returncode, json.loads(output)
        except ValueError:
            log = (self.root / "log").read_text(encoding="utf-8", errors="replace")
            raise AssertionError(f"exit code {process.returncode}: {output!r}\n{log}") from None

    def opened(self):
        """The archive."""
        settings = Settings.from_env({**self.settings, "KEXIE_ARCHIVE": str(self.archive)})
        return Archive.open(settings)

    def looking(self):
        """The archive, open until the end."""
        self._looking = self._looking or self.opened()
        return self._looking

    def states(self):
        """How many items are in each state; empty where there is no table yet."""
        found = select(items.c.state, func.count()).group_by(items.c.state)
        try:
            with self.looking().reading() as connection:
                return dict(connection.execute(found).tuples().all())
        except KexieError:
            return {}

    def attempts(self):
        """How often the items were claimed, in their order."""
        with self.opened() as archive, archive.reading() as connection:
            return list(connection.scalars(select(items.c.attempts).order_by(items.c.position)))

    def until(self, done):
        """Waits until so many items are done."""
        assert awaited(lambda: self.states().get("done", 0) >= done), self.states()

    def records(self):
        """Each record's form, year, id and version, with the SHA-256 of its files."""
        with self.opened() as archive:
            return {
                (found.form, found.year, found.id, found.version): {
                    part: file.sha256 for part, file in found.files.items()
                }
                for found in archive.records(all_versions=True)
            }

    def end(self):
        """Ends what is left of the commands."""
        for process in self._started:
            kill(process)
            process.stdout.close()
        if self._looking:
            self._looking.close()


def kill(process, how=signal.SIGKILL):
    """Signals a command's whole process group, and waits for its end where it was killed."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, how)
    if how == signal.SIGKILL:
        process.wait(300)


def workers(process):
    """The numbers of a batch's worker processes."""
    found = []
    for number in below(process.pid)[1:]:
        try:
            words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if set(words) & {b"service.batch.workers.worker_main", b"service.batch.workers.celery_main"}:
            found.append(number)
    return found


def error_lines(folder):
    """The lines of `errors.ndjson`."""
    return [json.loads(line) for line in (folder / "errors.ndjson").read_text(encoding="utf-8").splitlines()]


def open_terminal():
    """Both ends of a pseudo-terminal; skips the test where the system has none."""
    try:
        return pty.openpty()
    except OSError:
        pytest.skip("there are no pseudo-terminals: /dev/pts is not mounted")


def under_terminal(line, place):
    """What a shell's command line prints where standard error is a terminal (script(1))."""
    for end in open_terminal():
        os.close(end)
    done = subprocess.run(
        ["script", "-qec", line, "/dev/null"],
        env={**os.environ, **place.settings, "TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIMEOUT,
    )
    return done.stdout.decode()


def workbook(rows, *, title="Sheet1", merge=(), formats=None, errors=(), hidden=()):
    """The .xlsx of rows of values; `merge` areas, `formats` by cell, `errors` cells, `hidden` rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for name in errors:
        sheet[name].data_type = "e"
    for name, format in (formats or {}).items():
        sheet[name].number_format = format
    for area in merge:
        sheet.merge_cells(area)
    for number in hidden:
        sheet.row_dimensions[number].hidden = True
    return workbook_bytes(book)


def workbook_bytes(book):
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def rewritten(content, part, change):
    """The workbook with one part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return made.getvalue()


def process_all(archive, job):
    """Processes every item of a job in this process."""
    with archive.writing() as connection:
        claims = item_queue.claim(connection, "me", 99, time.time() + 1, 60.0, job.id)
    for claim in claims:
        outcome = process_item.process(claim, archive, Settings.from_env())
        with archive.writing() as connection:
            item_outcome.mark(connection, archive, "me", claim, outcome, time.time())


def read_items(content, name="input.xlsx", form="annex2", year=2021):
    """The items of an input's bytes."""
    return list(read(io.BytesIO(content), form, year, name=name))


def read_item(content, **keywords):
    (item,) = read_items(content, **keywords)
    return item
