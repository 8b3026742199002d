"""The runner of a job: loads new items, runs the executor, reports progress."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from service.archive import Archive
from service.batch.inputs.item import Item
from service.batch.jobs import active_jobs, item_queue, job_store, result_files
from service.batch.jobs.counts import Counts
from service.batch.jobs.job_store import Job
from service.batch.jobs.progress import ProgressDisplay
from service.batch.workers.outage import Outage, OutageReports
from service.batch.workers.stop_signals import StopRequest
from service.config import Settings
from service.errors import ArchiveUnavailable

_POLL = 0.2  # seconds between two counts of the items,
_REST = 20  # or this many times as long as one count takes
_RETRY = 1.0  # seconds before the next count while the archive is not available


class _Stopped(Exception):
    """A signal arrived while the input was read."""


class Executor(Protocol):
    """Processes the items of a job."""

    def start(self) -> None:
        """Starts processing."""

    def tend(self, ended: int) -> None:
        """Keeps the work going; `ended` items are done or have failed."""

    def stop(self) -> None:
        """Lets running items finish; returns when everything has ended."""

    def kill(self) -> None:
        """Ends everything at once."""


@dataclass(frozen=True)
class RunEnd:
    """The state of a job after a run: counts, items done before it, seconds, whether it was interrupted."""

    counts: Counts
    before: int
    seconds: float
    interrupted: bool

    def as_dict(self, files: Sequence[Path]) -> dict[str, Any]:
        """The rest, the time and the written files for JSON."""
        return {
            "left": self.counts.open,
            "done_before": self.before,
            "seconds": round(self.seconds, 3),
            "files": [str(file) for file in files],
        }


@dataclass(frozen=True)
class JobRun:
    """One run of a job: `read` reads its input, `executor` processes its items, `stop` may interrupt it.

    While items are processed, the archive may be unavailable for `settings.longest_conversion`.
    """

    archive: Archive
    job: Job
    read: Callable[[], Iterable[Item]]
    executor: Executor
    stop: StopRequest
    settings: Settings

    def until_end(self, display: ProgressDisplay, *, retry_failed: bool) -> RunEnd:
        """Runs until every item is done or has failed, or until a stop is requested.

        Raises ArchiveFault, and the errors of reading the input.
        """
        began = time.monotonic()
        loaded = self._load(display)
        with self.archive.writing() as connection:
            active_jobs.resume(connection, self.job.id, time.time())
            if retry_failed:
                item_queue.retry_failed(connection, self.job.id, time.time())
        before = result_files.job_counts(self.archive, self.job)
        counts = self._work(display, before) if loaded and before.open else before
        interrupted = not loaded or bool(counts.open)
        return RunEnd(counts, before.done, time.monotonic() - began, interrupted)

    def _load(self, display: ProgressDisplay) -> bool:
        """Loads the rest of the input; returns False when interrupted."""
        if not self.job.loaded:
            try:
                job_store.load(self.archive, self.job, self._until_stopped(), display.loading)
            except _Stopped:
                return False
        return not self.stop.asked.is_set()

    def _until_stopped(self) -> Iterator[Item]:
        for item in self.read():
            if self.stop.asked.is_set():
                raise _Stopped
            yield item

    def _work(self, display: ProgressDisplay, counts: Counts) -> Counts:
        """Runs the executor and shows the progress."""
        self._set_finished(finished=False)
        outage = Outage(self.settings.longest_conversion, OutageReports().show)
        try:
            self.executor.start()
            while counts.open and not self.stop.asked.wait(_POLL):
                counts = self._poll(display, counts, outage)
                self.executor.tend(counts.done + counts.failed)
            self.stop.end(self.executor.stop, self.executor.kill)
        except BaseException:
            self.executor.kill()
            raise
        counts = result_files.job_counts(self.archive, self.job)
        display.update(counts)
        if not counts.open:
            self._set_finished(finished=True)
        return counts

    def _poll(self, display: ProgressDisplay, counts: Counts, outage: Outage) -> Counts:
        """Counts the items and shows the progress, then rests for longer than the count took.

        Returns the `counts` of before while the archive is not available. Raises as `Outage.occurred`.
        """
        began = time.monotonic()
        try:
            counts = result_files.job_counts(self.archive, self.job)
        except ArchiveUnavailable as error:
            outage.occurred(error)
            self.stop.asked.wait(_RETRY)
            return counts
        outage.end()
        taken = time.monotonic() - began
        display.update(counts)
        self.stop.asked.wait(_REST * taken)
        return counts

    def _set_finished(self, *, finished: bool) -> None:
        with self.archive.writing() as connection:
            job_store.finish(connection, self.job.id, finished=finished)
