"""How fast batches are, with and without PDF; what their bookkeeping costs; how much memory they take.

Prints a table; exits 1 when a bar is missed. Run: `.venv/bin/python -m benchmarks.batch`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.batch_records import FORMS, records
from benchmarks.report import machine
from service import catalog, conversion, pipeline
from service.archive import Archive, Entry
from service.batch.inputs import read_input
from service.batch.jobs import job_store
from service.batch.jobs.counts import Counts
from service.batch.jobs.item_queue import Claim
from service.batch.jobs.job_store import Options
from service.batch.jobs.process_item import Outcome, Stored
from service.batch.workers.child_processes import SLOTS, module_command
from service.batch.workers.local_executor import local_executor
from service.batch.workers.runner import JobRun
from service.batch.workers.shutdown import StopRequest
from service.batch.workers.worker_loop import WorkerLoop, WorkerTerms
from service.config import Settings
from service.process_identity import name
from service.submission import dump, validate

YEAR = 2021
MOST_MS = 5.0  # bookkeeping of a record
MOST_MIB = 300.0  # memory of 10,000 records
MOST_GROWTH = 0.1  # from 2,000 to 10,000 records
LEAST_SHARE = 0.8  # of 16 times one slot
MOST_SLOTS = 16
_PROCESSES = 2


class Watched:
    """The pace of a batch once its processes are up, and before they run out of work."""

    def __init__(self) -> None:
        self._seen: list[tuple[float, int]] = []

    def loading(self, count: int) -> None:
        """See progress.Shown."""

    def update(self, counts: Counts) -> None:
        """See progress.Shown."""
        self._seen.append((time.monotonic(), counts.done))

    def rate(self, count: int) -> float:
        """Records a second, from a tenth of `count` records to nine tenths."""
        steady = [seen for seen in self._seen if 0.1 * count <= seen[1] <= 0.9 * count]
        (began, first), (ended, last) = steady[0], steady[-1]
        return (last - first) / (ended - began)


def memory(count: int) -> float:
    """The peak of the proportional memory of a batch without PDF, the command and its workers, in MiB."""
    with tempfile.TemporaryDirectory() as root:
        source, archive = _source(Path(root), count, FORMS), Path(root, "archive")
        program = Path(sys.executable).with_name("kexie-forms")
        options: list[str | Path] = ["--formats", "docx", "--workers", str(_PROCESSES), "--archive", archive]
        command = subprocess.Popen(
            [program, "batch", source, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        peak = 0
        while command.poll() is None:
            peak = max(peak, sum(map(_memory, _below(command.pid))))
            time.sleep(0.1)
        if command.returncode:
            raise RuntimeError(f"The batch ended with {command.returncode}.")
    return peak / 1024


def _source(root: Path, count: int, forms: Sequence[str]) -> Path:
    source = root / "records.ndjson"
    with source.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in records(count, forms=forms))
    return source


def _below(number: int) -> list[int]:
    found = [number]
    for one in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def _memory(number: int) -> int:
    """Proportional set size in KiB (proc(5), smaps_rollup)."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def run(
    count: int,
    formats: Sequence[str],
    workers: int,
    slots: int = SLOTS,
    forms: Sequence[str] = FORMS,
    module: str = "service.batch.workers.worker_main",
) -> float:
    """The records a second of a batch of that many into a new archive, by that many processes."""
    settings = dataclasses.replace(Settings.from_env(), converters=workers)
    with tempfile.TemporaryDirectory() as root, Archive.open(settings, Path(root, "archive")) as archive:
        source = _source(Path(root), count, forms)
        job = job_store.open_job(archive, source.name, job_store.sha256(source), Options(tuple(formats)))
        local = local_executor(
            archive, settings, Path(root, "archive"), job.id, workers, slots, module_command(module)
        )
        if "pdf" in formats and module == "service.batch.workers.worker_main":
            conversion.warm(settings)
        made = JobRun(archive, job, lambda: read_input.read(source), local, StopRequest())
        watched = Watched()
        result = made.until_end(watched, retry_failed=False)
    conversion.leave_all()
    if result.counts.done != count:
        raise RuntimeError(f"{result.counts.done} of {count} records were done.")
    return watched.rate(count)


def bookkeeping(count: int) -> float:
    """The ms a record that tables, objects and manifest take: documents that are there are archived."""
    edition = catalog.edition("annex2", YEAR)
    submission = validate(edition, edition.sample("full"))
    made = pipeline.produce(submission).documents
    conversion.leave_all()
    payload = dump(submission.payload)

    def keep(claim: Claim, archive: Archive, _: Settings) -> Outcome:
        mark = str(claim.id).encode()
        files = {"payload": payload + mark, "docx": made["docx"] + mark, "pdf": made["pdf"] + mark}
        created = datetime.fromtimestamp(claim.created, UTC)
        entry = Entry("annex2", YEAR, claim.submitter, edition.summary(), files, created)
        return Stored(archive.store(entry))

    settings = Settings.from_env()
    with tempfile.TemporaryDirectory() as root, Archive.open(settings, Path(root, "archive")) as archive:
        source = _source(Path(root), count, ("annex2",))
        _one(archive, keep, settings, root)
        began = time.perf_counter()
        _all(archive, source, keep, settings)
        return (time.perf_counter() - began) / count * 1000


def _one(archive: Archive, keep: Callable[..., Outcome], settings: Settings, root: str) -> None:
    """The first record of a process, which looks up the versions of what makes documents."""
    first = Path(root, "first.ndjson")
    first.write_text("".join(records(1, forms=("annex2",))), encoding="utf-8")
    _all(archive, first, keep, settings)


def _all(archive: Archive, source: Path, keep: Callable[..., Outcome], settings: Settings) -> None:
    job = job_store.open_job(archive, source.name, job_store.sha256(source), Options(pipeline.FORMATS))
    job_store.load(archive, job, read_input.read(source))
    WorkerLoop(archive, settings, WorkerTerms(name(), job.id, SLOTS, 60, 60), keep).run()


def main() -> int:
    """Measure, print, and tell by the exit code whether every bar was met."""
    settings = Settings.from_env()
    print(f"mixed records of 2019-2021; {machine(settings.soffice, settings.temp_dir)}")
    missed = 0

    def say(what: str, value: float, unit: str, bar: str = "", *, met: bool = True) -> None:
        nonlocal missed
        missed += not met
        tail = f"   {bar}{'' if met else ' - MISSED'}" if bar else ""
        print(f"  {what:58}{value:10.1f} {unit}{tail}", flush=True)

    for workers in (1, 2):
        rate = run(1000, ("docx",), workers)
        say(f"validate, render, archive without PDF, {workers} worker(s)", rate, "records/s")
    for workers in (1, 2):
        say(f"the same with PDF, {workers} worker(s)", run(150, pipeline.FORMATS, workers), "records/s")
    spent = bookkeeping(500)
    say("bookkeeping of a record", spent, "ms", f"at most {MOST_MS:g}", met=spent <= MOST_MS)
    few, many = memory(2_000), memory(10_000)
    say("memory of all processes, 2,000 records without PDF", few, "MiB")
    bar = f"at most {MOST_MIB:g}, and {MOST_GROWTH:.0%} more than with 2,000"
    met = many <= MOST_MIB and many <= few * (1 + MOST_GROWTH)
    say("the same, 10,000 records", many, "MiB", bar, met=met)
    one, all = (
        run(count, pipeline.FORMATS, workers, slots, ("annex3",), "benchmarks.stub_process")
        for count, workers, slots in ((150, 1, 1), (4_000, MOST_SLOTS // SLOTS, SLOTS))
    )
    say("1 slot with a converter of 50 ms that takes no processor", one, "records/s")
    share = all / (MOST_SLOTS * one)
    bar = f"{share:.0%} of {MOST_SLOTS} times one; at least {LEAST_SHARE:.0%}"
    say(f"{MOST_SLOTS} slots", all, "records/s", bar, met=share >= LEAST_SHARE)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
