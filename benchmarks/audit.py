"""What the audit log costs: a request that is logged, a record that is archived, the proof of a long log.

A request hands its row to a queue, while another thread appends rows to the SQLite of the archive. The bar is
on what it waits for that. Prints a table; exits 1 when it misses the bar.
Run: `.venv/bin/python -m benchmarks.audit`.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.helpers.report import Bar, judge, p95, timed
from service.archive import Archive
from service.archive.database import writing
from service.audit import audit_chain, chain_proof
from service.audit.event import Actor, Event
from service.audit.event_queue import EventQueue
from service.config import Settings

REQUESTS, ROWS, AT_ONCE = 5000, 100_000, 1000
MOST = 1.0  # ms that a request may wait
ACTOR = Actor("key:0123456789ab", "10.1.2.0/24")


def event(number: int) -> Event:
    """A download."""
    return Event(
        ACTOR,
        "download",
        "云泽县科协",
        form="annex2",
        year=2021,
        id=f"3201-{number:06}",
        version=1,
        record=f"{number:036}",
        manifest=f"{number:064}",
        detail="pdf",
    )


def main() -> int:
    """Measures, prints the table, and says by the exit code whether a request waits no longer than it may."""
    base = Path("var")
    base.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="bench-audit-", dir=base) as folder,
        Archive.open(Settings.from_env(), Path(folder)) as archive,
    ):
        return measure(archive)


def measure(archive: Archive) -> int:
    """Measures in an archive, and prints the table."""
    queue = EventQueue(lambda: writing(archive.engine))
    queued = [timed(partial(queue.add, event(number))) for number in range(REQUESTS)]
    flushed = timed(queue.close)
    appended = [timed(partial(append, archive, 1)) for _ in range(200)]
    many = sum(timed(partial(append, archive, AT_ONCE)) for _ in range(ROWS // AT_ONCE))
    with archive.reading() as connection:
        proved = timed(lambda: chain_proof.prove(connection))
    print(f"  {'ms':44}{'median':>10}{'p95':>10}{'most':>10}")
    for what, seconds in (("a request hands over its row", queued), ("a row on the disk at once", appended)):
        cells = statistics.median(seconds), p95(seconds), max(seconds)
        print("  {:44}{:10.3f}{:10.3f}{:10.3f}".format(what, *(1000 * each for each in cells)))
    print(f"  {REQUESTS} rows waited {flushed:.2f} s for the last of them to be on the disk")
    print(f"  {ROWS / many:,.0f} rows a second appended, {AT_ONCE} in a transaction")
    print(f"  {ROWS / proved:,.0f} rows a second proved")
    waits = 1000 * p95(queued)
    return judge([Bar("a request waits for the audit log, 95 of 100", waits, most=MOST, unit=" ms")])


def append(archive: Archive, count: int) -> None:
    """Appends so many rows in a transaction."""
    with archive.writing() as connection:
        audit_chain.append(connection, map(event, range(count)))


if __name__ == "__main__":
    sys.exit(main())
