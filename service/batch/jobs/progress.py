"""How far a batch is: a bar with rate and time left on a terminal, one line each ten seconds elsewhere."""

from __future__ import annotations

import sys
import time
from collections import deque
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

from service.batch.jobs.counts import Counts

_EACH = 10.0  # seconds between lines
_OF_LATE = 30.0  # seconds over which the rate is taken


class ProgressDisplay(Protocol):
    """Something that shows how far a batch is."""

    def loading(self, count: int) -> None:
        """So many items were read from the input."""

    def at(self, counts: Counts) -> None:
        """The job stands here."""


class Pace:
    """The rate of late, and the time left."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def at(self, counts: Counts) -> tuple[float, float | None]:
        """Items a second, and seconds left; None where that cannot be told."""
        now, ended = time.monotonic(), counts.done + counts.failed
        self._seen.append((now, ended))
        while now - self._seen[0][0] > _OF_LATE:
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
    """One line each ten seconds on standard error."""

    def __init__(self) -> None:
        self._pace = Pace()
        self._last = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return

    def loading(self, count: int) -> None:
        """See Shown."""
        if self._time():
            self._say(f"已读入 {count} 条 / {count} records read")

    def at(self, counts: Counts) -> None:
        """See Shown."""
        rate, left = self._pace.at(counts)
        if self._time():
            total = counts.open + counts.done + counts.failed
            ended = counts.done + counts.failed
            self._say(
                f"{ended}/{total}，失败 {counts.failed}，每秒 {rate:.1f}，剩余 {duration(left)}"
                f" / {counts.failed} failed, {rate:.1f} a second, {duration(left)} left"
            )

    def _time(self) -> bool:
        if time.monotonic() < self._last + _EACH:
            return False
        self._last = time.monotonic()
        return True

    def _say(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)


class _Detail(ProgressColumn):
    """What the task says of itself."""

    def render(self, task: Task) -> Text:
        return Text(str(task.fields["told"]))


class ProgressBar:
    """A bar on standard error."""

    def __init__(self) -> None:
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Detail()
        self._progress = Progress(*columns, console=Console(stderr=True))
        self._task = self._progress.add_task("读入 reading", total=None, told="")
        self._pace = Pace()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def loading(self, count: int) -> None:
        """See Shown."""
        self._progress.update(self._task, completed=count)

    def at(self, counts: Counts) -> None:
        """See Shown."""
        rate, left = self._pace.at(counts)
        ended = counts.done + counts.failed
        told = f"失败 {counts.failed} failed  {rate:.1f}/s  剩余 {duration(left)} left"
        self._progress.update(
            self._task, description="生成 making", total=ended + counts.open, completed=ended, told=told
        )


def progress_display() -> ProgressBar | ProgressLines:
    """What suits standard error."""
    return ProgressBar() if sys.stderr.isatty() else ProgressLines()
