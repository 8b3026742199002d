"""How long it takes to archive a record: objects, manifest and rows (index, search, audit log), with SQLite.

The records are full samples of annex2 with their real .docx and PDF, each made different in a few bytes.
Each is on the disk before it is acknowledged, so the time is as much the disk's and its other users' as ours:
in turn with each record the same bytes and rows are written bare, each file synced, its pages counted.
The bar is on processor time, which no other user of the disk changes. Prints a table; exits 1 when it misses
the bar.
Run: `.venv/bin/python -m benchmarks.archive`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.helpers.report import Bar, in_turn, judge, of_least, timed
from service import catalog, generate
from service.archive import Archive, Entry
from service.config import Settings
from service.conversion.pdf.page_images import page_count
from service.payload_json import dump

FORM, YEAR = "annex2", 2021
TABLES = ("records", "files", "record_search", "audit")  # what archiving a record adds rows to
RECORDS = 500
MOST_RATIO = 2.3


def entries(number: int) -> Iterator[Entry]:
    """Entries that differ in id and in every file."""
    edition = catalog.edition(FORM, YEAR)
    payload = edition.sample("full")
    documents = generate(FORM, YEAR, payload)
    files = {"payload": dump(payload), **documents}
    summary = edition.summary()
    for count in range(number):
        own = {part: content + f"\n{count}".encode() for part, content in files.items()}
        yield Entry(FORM, YEAR, f"3201-{count:04}", summary, own, datetime.now(UTC))


class Bare:
    """Writes the bytes and rows of a record as the archive does, and nothing else, into a copy of it."""

    def __init__(self, archive: Path, folder: Path) -> None:
        """`archive` has one record, whose rows are repeated."""
        folder.mkdir()
        self._folder = folder
        self._rows = sqlite3.connect(folder / "rows.sqlite", isolation_level=None)
        with contextlib.closing(sqlite3.connect(archive / "index.sqlite")) as archived:
            archived.backup(self._rows)
        self._rows.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        self._rows.row_factory = sqlite3.Row
        found = [
            (table, dict(row)) for table in TABLES for row in self._rows.execute(f"SELECT * FROM {table}")
        ]
        self._inserts = [
            (f"INSERT INTO {table} VALUES ({', '.join(f':{name}' for name in row)})", row)
            for table, row in found
        ]

    def write(self, files: Mapping[str, bytes]) -> None:
        """Writes each file and syncs it, counts the pages, then commits the rows."""
        key = uuid.uuid4().hex
        own = {"key": key, "record": key, "id": key, "seq": None, "number": None}
        for content in files.values():
            with (self._folder / hashlib.sha256(content).hexdigest()).open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        page_count(files["pdf"])
        self._rows.execute("BEGIN IMMEDIATE")
        for statement, row in self._inserts:
            self._rows.execute(statement, {**row, **own})
        self._rows.execute("COMMIT")

    def close(self) -> None:
        """Closes the database."""
        self._rows.close()


def measure(folder: Path) -> list[list[tuple[float, float]]]:
    """The seconds of each record archived, of its bytes and rows written bare, and of its PDF read back."""
    with Archive.open(Settings.from_env(), folder / "archive") as archive:
        first, *others = entries(RECORDS + 1)
        records = [archive.add(first)]  # looks LibreOffice and fonts up, once in a process
        added, written = iter(others), iter(others)

        def files() -> Mapping[str, bytes]:
            entry = next(written)
            return {**entry.files, "manifest": entry.files["payload"] + b"manifest"}

        with contextlib.closing(Bare(folder / "archive", folder / "bare")) as bare:
            return in_turn(
                RECORDS,
                lambda: both(lambda: records.append(archive.add(next(added)))),
                lambda: both(lambda: bare.write(files())),
                lambda: both(lambda: archive.read(records[-1], "pdf")),
            )


def both(work: Callable[[], object]) -> tuple[float, float]:
    """The seconds that `work` takes, and those of the processor."""
    processor = []
    return timed(lambda: processor.append(timed(work, time.process_time))), processor[0]


def main() -> int:
    """Measures, prints the table, and says by the exit code whether the ratio is low enough."""
    base = Path("var")
    base.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-archive-", dir=base) as folder:
        taken = measure(Path(folder))
    print(f"{RECORDS} records of {FORM}, in a folder of this disk with SQLite")
    print(f"  {'ms':40}{'median':>10}{'least':>10}{'processor: median':>20}{'least':>10}")
    names = ("archive a record", "write its bytes and rows bare", "read its PDF, hash checked")
    for name, pairs in zip(names, taken, strict=True):
        seconds, processor = zip(*pairs, strict=True)
        cells = statistics.median(seconds), min(seconds), statistics.median(processor), min(processor)
        print("  {:40}{:10.2f}{:10.2f}{:20.2f}{:10.2f}".format(name, *(1000 * each for each in cells)))
    ours, bare_ones = ([processor for _, processor in pairs] for pairs in taken[:2])
    ratio = of_least(ours, bare_ones)
    return judge(
        [Bar("archiving a record, in times of its bytes and rows written bare", ratio, most=MOST_RATIO)]
    )


if __name__ == "__main__":
    sys.exit(main())
