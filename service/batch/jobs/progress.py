"""Progress display: a bar with rate and remaining time on a terminal, else a line every ten seconds."""

import sys
import time
from collections import deque
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

from service.batch.jobs.counts import Counts

_EACH = 10.0  # seconds between lines
_WINDOW = 30.0  # seconds over which the rate is averaged


class ProgressDisplay(Protocol):
    """Shows the progress of a job."""

    def loading(self, count: int) -> None:
        """Shows that `count` items have been read from the input."""

    def update(self, counts: Counts) -> None:
        """Shows the counts of the job."""


class Pace:
    """The recent rate and the remaining time."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def measure(self, counts: Counts) -> tuple[float, float | None]:
        """Items per second, and seconds left (None when unknown)."""
        now, ended = time.monotonic(), counts.done + counts.failed
        self._seen.append((now, ended))
        while now - self._seen[0][0] > _WINDOW:
            self._seen.popleft()
        began, before = self._seen[0]
        rate = (ended - before) / (now - began) if now > began else 0.0
        return rate, counts.open / rate if rate else None


def duration(seconds: float | None) -> str:
    """Hours, minutes and seconds, as 1:02:03."""
    if seconds is None:
        return "-:--"
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


class ProgressLines:
    """One line every ten seconds on standard error."""

    def __init__(self) -> None:
        self._pace = Pace()
        self._last = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def loading(self, count: int) -> None:
        """See ProgressDisplay."""
        if self._is_due():
            self._print(f"已读入 {count} 条 / {count} records read")

    def update(self, counts: Counts) -> None:
        """See ProgressDisplay."""
        rate, left = self._pace.measure(counts)
        if self._is_due():
            total = counts.open + counts.done + counts.failed
            ended = counts.done + counts.failed
            self._print(
                f"{ended}/{total}，失败 {counts.failed}，每秒 {rate:.1f}，剩余 {duration(left)}"
                f" / {counts.failed} failed, {rate:.1f} a second, {duration(left)} left"
            )

    def _is_due(self) -> bool:
        if time.monotonic() < self._last + _EACH:
            return False
        self._last = time.monotonic()
        return True

    def _print(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)


class _Detail(ProgressColumn):
    """Counts, rate and remaining time behind the bar."""

    def render(self, task: Task) -> Text:
        return Text(str(task.fields["detail"]))


class ProgressBar:
    """A bar on standard error."""

    def __init__(self) -> None:
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Detail()
        self._progress = Progress(*columns, console=Console(stderr=True))
        self._task = self._progress.add_task("读入 reading", total=None, detail="")
        self._pace = Pace()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def loading(self, count: int) -> None:
        """See ProgressDisplay."""
        self._progress.update(self._task, completed=count)

    def update(self, counts: Counts) -> None:
        """See ProgressDisplay."""
        rate, left = self._pace.measure(counts)
        ended = counts.done + counts.failed
        detail = f"失败 {counts.failed} failed  {rate:.1f}/s  剩余 {duration(left)} left"
        self._progress.update(
            self._task, description="生成 making", total=ended + counts.open, completed=ended, detail=detail
        )


def progress_display() -> ProgressBar | ProgressLines:
    """The display that suits standard error."""
    return ProgressBar() if sys.stderr.isatty() else ProgressLines()
