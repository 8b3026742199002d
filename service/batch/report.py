"""What a batch came to: counts, failures, and the files that tell of them."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import select

from service.archive import Archive
from service.batch import faults, queue
from service.batch.job import Job
from service.batch.queue import Counts
from service.batch.tables import FAILED, items
from service.errors import FieldError

ERRORS = "errors.ndjson"


@dataclass(frozen=True)
class Failure:
    """A failed item: its position in the input (from 0), its place as people name it, what it is, why."""

    position: int
    place: str
    form: str | None
    year: int | None
    id: str | None
    errors: tuple[FieldError, ...]

    def as_dict(self) -> dict[str, Any]:
        """The failure as JSON tells it."""
        return {
            "place": self.place,
            "form": self.form,
            "year": self.year,
            "id": self.id,
            "errors": [error.as_dict() for error in self.errors],
        }


@dataclass(frozen=True)
class Result:
    """The end of a run: the job's counts, how many were done before it, seconds, and files on failures."""

    job: Job
    counts: Counts
    before: int
    seconds: float
    files: tuple[Path, ...]
    interrupted: bool

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON tells it, but for the failures."""
        return {
            "job": self.job.key,
            "total": self.counts.open + self.counts.done + self.counts.failed,
            "done": self.counts.done,
            "failed": self.counts.failed,
            "left": self.counts.open,
            "done_before": self.before,
            "seconds": round(self.seconds, 3),
            "files": [str(file) for file in self.files],
        }


def failures(archive: Archive, job: int) -> Iterator[Failure]:
    """The failed items of a job in the order of its input, in constant memory."""
    found = select(items).where(items.c.job == job, items.c.state == FAILED)
    after = -1
    while True:
        with archive.reading() as connection:
            page = found.where(items.c.position > after).order_by(items.c.position).limit(500)
            rows = connection.execute(page).all()
        for row in rows:
            told = faults.from_text(row.errors)
            yield Failure(row.position, row.place, row.form, row.year, row.submitter, told)
        if not rows:
            return
        after = rows[-1].position


def write_errors(archive: Archive, job: Job, counts: Counts, folder: Path) -> tuple[Path, ...]:
    """Writes `errors.ndjson` into a folder where items failed; else removes that of this job."""
    path = folder / ERRORS
    if not counts.failed:
        if _is_of(path, job):
            path.unlink()
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    with _aside(path) as file:
        for failure in failures(archive, job.id):
            line = json.dumps({**failure.as_dict(), "job": job.key}, ensure_ascii=False)
            file.write(line + "\n")
    return (path,)


def _is_of(path: Path, job: Job) -> bool:
    """Whether the file tells of this job, and not of another input in the same folder."""
    try:
        with path.open(encoding="utf-8") as file:
            return bool(json.loads(file.readline())["job"] == job.key)
    except (OSError, ValueError, KeyError, TypeError):
        return False


@contextlib.contextmanager
def _aside(path: Path) -> Iterator[TextIO]:
    """A file that has its name only once it is whole."""
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        # A lone surrogate of an id is written as its JSON escape.
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(aside).chmod(0o666 & ~mask)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def counted(archive: Archive, job: Job) -> Counts:
    """How far a job is."""
    with archive.reading() as connection:
        return queue.counts(connection, job.id)
