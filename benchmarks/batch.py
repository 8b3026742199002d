"""How fast batches are, with and without PDF, and what their bookkeeping costs.

Prints a table; exits 1 when the bar of a ratio is missed. What is judged by its pace lies in memory (tmpfs),
for a disk has other users. Run: `.venv/bin/python -m benchmarks.batch`.
"""

from __future__ import annotations

import dataclasses
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.helpers.batch_records import FORMS, records
from benchmarks.helpers.report import Bar, in_turn, judge, machine, pair_by_pair, timed
from service import catalog, conversion, pipeline
from service.archive import Archive, Entry
from service.batch.inputs import read_input
from service.batch.jobs import job_store
from service.batch.jobs.counts import Counts
from service.batch.jobs.item_outcome import Done, Outcome
from service.batch.jobs.item_queue import ItemClaim
from service.batch.jobs.job_store import Options
from service.batch.workers.child_processes import SLOTS
from service.batch.workers.local_executor import local_executor
from service.batch.workers.runner import JobRun
from service.batch.workers.stop_signals import StopRequest
from service.batch.workers.worker_loop import WorkerLoop
from service.config import Settings
from service.payload_json import dump
from service.processes import startup
from service.processes.process_identity import name
from service.submission import validate

YEAR = 2021
MOST_BOOKKEEPING = 2.2  # processor time of a record through tables and archive, in times of the archive alone
LEAST_SHARE = 0.75  # of 16 times one slot
ROUNDS, RECORDS = 8, 50  # of the bookkeeping
MOST_SLOTS = 16
IN_MEMORY = Path("/dev/shm")
_PROCESSES = 2


class Watched:
    """The pace of a batch once its processes are up, and before they run out of work."""

    def __init__(self) -> None:
        self._seen: list[tuple[float, int]] = []

    def loading(self, count: int) -> None:
        """See ProgressDisplay."""

    def update(self, counts: Counts) -> None:
        """See ProgressDisplay."""
        self._seen.append((time.monotonic(), counts.done))

    def rate(self, count: int) -> float:
        """Records a second, from a tenth of `count` records to nine tenths."""
        steady = [seen for seen in self._seen if 0.1 * count <= seen[1] <= 0.9 * count]
        (began, first), (ended, last) = steady[0], steady[-1]
        return (last - first) / (ended - began)


def _source(root: Path, count: int, forms: Sequence[str]) -> Path:
    source = root / "records.ndjson"
    with source.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in records(count, forms=forms))
    return source


def run(
    count: int,
    formats: Sequence[str],
    workers: int,
    slots: int = SLOTS,
    forms: Sequence[str] = FORMS,
    module: str = "service.batch.workers.worker_main",
    folder: Path | None = None,
) -> float:
    """The records a second of a batch of that many into a new archive in `folder`, by that many processes."""
    settings = dataclasses.replace(Settings.from_env(), converters=workers)
    with (
        tempfile.TemporaryDirectory(dir=folder) as root,
        Archive.open(settings, Path(root, "archive")) as archive,
    ):
        source = _source(Path(root), count, forms)
        job = job_store.open_job(archive, source.name, job_store.sha256(source), Options(tuple(formats)))
        local = local_executor(
            archive, settings, Path(root, "archive"), job.id, workers, slots, startup.command(module)
        )
        if "pdf" in formats and module == "service.batch.workers.worker_main":
            conversion.warm(settings)
        made = JobRun(archive, job, lambda: read_input.read(source), local, StopRequest(), settings)
        watched = Watched()
        result = made.until_end(watched, retry_failed=False)
    conversion.leave_all()
    if result.counts.done != count:
        raise RuntimeError(f"{result.counts.done} of {count} records were done.")
    return watched.rate(count)


def bookkeeping() -> tuple[list[float], list[float]]:
    """Processor seconds of a record through tables and archive, and of one into the archive alone, in turn.

    Its documents are there already.
    """
    edition = catalog.edition("annex2", YEAR)
    submission = validate(edition, edition.sample("full"))
    parts = {"payload": dump(submission.payload), **pipeline.produce(submission).documents}
    conversion.leave_all()

    def keep(claim: ItemClaim, archive: Archive, _: Settings) -> Outcome:
        files = {part: content + str(claim.id).encode() for part, content in parts.items()}
        created = datetime.fromtimestamp(claim.created, UTC)
        return Done(archive.store(Entry("annex2", YEAR, claim.submitter, edition.summary(), files, created)))

    def alone(archive: Archive, _: Path) -> None:
        for number in range(RECORDS):
            files = {part: content + str(number).encode() for part, content in parts.items()}
            archive.add(Entry("annex2", YEAR, f"{number:04}", edition.summary(), files, datetime.now(UTC)))

    def batch(archive: Archive, root: Path) -> None:
        source = _source(root, RECORDS, ("annex2",))
        job = job_store.open_job(archive, source.name, job_store.sha256(source), Options(pipeline.FORMATS))
        job_store.load(archive, job, read_input.read(source))
        WorkerLoop(archive, settings, name(), job.id, SLOTS, keep).run()

    def a_record(work: Callable[[Archive, Path], None]) -> float:
        with (
            tempfile.TemporaryDirectory(dir=IN_MEMORY) as root,
            Archive.open(settings, Path(root, "archive")) as archive,
        ):
            return timed(lambda: work(archive, Path(root)), time.process_time) / RECORDS

    settings = Settings.from_env()
    a_record(alone)  # looks up the versions of what makes documents, once in a process
    through, without = in_turn(ROUNDS, lambda: a_record(batch), lambda: a_record(alone))
    return through, without


def sixteen_slots() -> float:
    """Sixteen slots' pace, in times of sixteen times that of one, with a converter that only waits."""

    def pace(count: int, workers: int, slots: int) -> float:
        return run(
            count, pipeline.FORMATS, workers, slots, ("annex3",), "benchmarks.helpers.stub_process", IN_MEMORY
        )

    one, every = in_turn(2, lambda: pace(10, 1, 1), lambda: pace(160, MOST_SLOTS // SLOTS, SLOTS))
    show("1 slot with a converter that takes no processor", max(one), "records/s")
    show(f"{MOST_SLOTS} slots", max(every), "records/s")
    return max(every) / (MOST_SLOTS * max(one))


def show(what: str, value: float, unit: str) -> None:
    """Prints a row."""
    print(f"  {what:58}{value:10.1f} {unit}", flush=True)


def main() -> int:
    """Measures, prints, and says by the exit code whether every bar was met."""
    settings = Settings.from_env()
    print(f"mixed records of 2019-2021; {machine(settings.soffice, settings.temp_dir)}")
    for workers in (1, 2):
        rate = run(1000, ("docx",), workers)
        show(f"validate, render, archive without PDF, {workers} worker(s)", rate, "records/s")
    for workers in (1, 2):
        show(f"the same with PDF, {workers} worker(s)", run(150, pipeline.FORMATS, workers), "records/s")
    through, alone = bookkeeping()
    show("a record through tables and archive, processor, median", statistics.median(through) * 1000, "ms")
    show("a record into the archive alone, processor, median", statistics.median(alone) * 1000, "ms")
    share = sixteen_slots()
    return judge(
        [
            Bar(
                "through tables and archive, in times of the archive alone",
                pair_by_pair(through, alone),
                most=MOST_BOOKKEEPING,
            ),
            Bar(f"{MOST_SLOTS} slots, in times of {MOST_SLOTS} × one slot", share, LEAST_SHARE),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
