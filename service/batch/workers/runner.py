"""A batch from its input to its end: load what is new, let the executor work, watch, tell."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from service.archive import Archive
from service.batch.inputs.item import FailedRows, Item
from service.batch.jobs import active_jobs, item_queue, job_store, result_files
from service.batch.jobs.counts import Counts
from service.batch.jobs.job_store import Job
from service.batch.jobs.progress import ProgressDisplay
from service.batch.jobs.result_files import BatchResult
from service.batch.workers.shutdown import StopRequest

_LOOK = 0.2  # seconds between looks at the table,
_REST = 20  # or so many times as long as one takes


class _Stopped(Exception):
    """A signal came while the input was read."""


class Executor(Protocol):
    """Who does the items of a job."""

    def start(self) -> None:
        """Begins."""

    def tend(self, ended: int) -> None:
        """Sees that the work goes on; so many items are done or have failed."""

    def stop(self) -> None:
        """Ends, running items finished; returns when nothing of it is left."""

    def kill(self) -> None:
        """Ends at once."""


@dataclass(frozen=True)
class RunEnd:
    """Where a job stands after a run: counts, how many were done before, seconds, whether it was stopped."""

    counts: Counts
    before: int
    seconds: float
    interrupted: bool


@dataclass(frozen=True)
class JobRun:
    """A job being done: the archive, the job, who does the work, who may stop it; `read` reads the input."""

    archive: Archive
    job: Job
    read: Callable[[], Iterable[Item]]
    executor: Executor
    stop: StopRequest

    def until_end(self, shown: ProgressDisplay, *, retry_failed: bool) -> RunEnd:
        """Works until every item is done or failed, or until it is to stop.

        Raises ArchiveFault, and what reading the input raises.
        """
        began = time.monotonic()
        loaded = self._load(shown)
        with self.archive.writing() as connection:
            active_jobs.resume(connection, self.job.id, time.time())
            if retry_failed:
                item_queue.retry_failed(connection, self.job.id, time.time())
        before = result_files.job_counts(self.archive, self.job)
        counts = self._work(shown, before) if loaded and before.open else before
        interrupted = not loaded or bool(counts.open)
        return RunEnd(counts, before.done, time.monotonic() - began, interrupted)

    def _load(self, shown: ProgressDisplay) -> bool:
        """Loads what is not loaded yet; False where it was to stop before the end."""
        if not self.job.loaded:
            try:
                job_store.load(self.archive, self.job, self._until_stopped(), shown.loading)
            except _Stopped:
                return False
        return not self.stop.asked.is_set()

    def _until_stopped(self) -> Iterator[Item]:
        for item in self.read():
            if self.stop.asked.is_set():
                raise _Stopped
            yield item

    def _work(self, shown: ProgressDisplay, counts: Counts) -> Counts:
        """Lets the executor work, and watches."""
        self._say(finished=False)
        try:
            self.executor.start()
            while counts.open and not self.stop.asked.wait(_LOOK):
                counts = self._look(shown)
            self.stop.end(self.executor.stop, self.executor.kill)
        except BaseException:
            self.executor.kill()
            raise
        counts = result_files.job_counts(self.archive, self.job)
        shown.at(counts)
        if not counts.open:
            self._say(finished=True)
        return counts

    def _look(self, shown: ProgressDisplay) -> Counts:
        began = time.monotonic()
        counts = result_files.job_counts(self.archive, self.job)
        self.stop.asked.wait(_REST * (time.monotonic() - began))
        shown.at(counts)
        self.executor.tend(counts.done + counts.failed)
        return counts

    def _say(self, *, finished: bool) -> None:
        with self.archive.writing() as connection:
            job_store.finish(connection, self.job.id, finished=finished)


@dataclass(frozen=True)
class BatchRun(JobRun):
    """One run of a batch; `marked` makes a sheet of the failed rows of its input."""

    marked: Callable[[FailedRows], bytes]

    def __call__(self, shown: ProgressDisplay, errors: Path, *, retry_failed: bool) -> BatchResult:
        """Works as `until_end` does, and tells of failures in the folder `errors`. Raises as it does."""
        end = self.until_end(shown, retry_failed=retry_failed)
        files = result_files.write_errors(self.archive, self.job, end.counts, errors, self.marked)
        return BatchResult(self.job, end.counts, end.before, end.seconds, files, end.interrupted)
