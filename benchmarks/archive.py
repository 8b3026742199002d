"""How long it takes to archive a record: objects, manifest and rows, in a local folder with SQLite.

The records are full samples of annex2 with their real .docx and PDF, each made different in a few bytes.
Prints a table; exits 1 when the median is over the bar. Run: `.venv/bin/python -m benchmarks.archive`.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from service import catalog, generate
from service.archive import Archive, Entry
from service.config import Settings
from service.submission import dump

FORM, YEAR = "annex2", 2021
RECORDS = 300
MOST_MS = 5


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


def measure(folder: Path) -> tuple[list[float], list[float]]:
    """The ms of each record archived, and of each of its files read back."""
    added, read = [], []
    with Archive.open(Settings.from_env(), folder) as archive:
        for entry in entries(RECORDS):
            start = time.perf_counter()
            record = archive.add(entry)
            added.append((time.perf_counter() - start) * 1000)
            for part in record.files:
                start = time.perf_counter()
                archive.read(record, part)
                read.append((time.perf_counter() - start) * 1000)
    return added[1:], read  # the first looks LibreOffice and fonts up


def main() -> int:
    """Measure, print the table, and tell by the exit code whether the median is low enough."""
    base = Path("var")
    base.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-archive-", dir=base) as folder:
        added, read = measure(Path(folder))
    print(f"{RECORDS} records of {FORM}, in a folder of this disk with SQLite")
    print(f"  {'ms':40}{'median':>10}{'95th of 100':>14}")
    for name, taken in (("archive a record", added), ("read a file of it, hash checked", read)):
        most = statistics.quantiles(taken, n=20)[-1]
        print(f"  {name:40}{statistics.median(taken):>10.2f}{most:>14.2f}")
    low = statistics.median(added) <= MOST_MS
    print(f"{'ok' if low else 'MISSED'}: at most {MOST_MS} ms to archive a record, in the median")
    return 0 if low else 1


if __name__ == "__main__":
    sys.exit(main())
