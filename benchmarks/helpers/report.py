"""What the benchmarks share: ways measured in turn, bars on ratios, tables, and the machine they ran on.

Times depend on the machine and on what else it does; ratios of ways that take turns hardly do. So every bar
on time is on a ratio: of the least processor seconds where one process does the work, else of least times or
pair by pair.
"""

from __future__ import annotations

import math
import os
import platform
import re
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from service.conversion.libreoffice import soffice
from service.conversion.libreoffice.sandbox import Sandbox

_MEMORY = 2 * 1024**3  # bytes

T = TypeVar("T")
Figures = Mapping[str, Sequence[float]]  # measured values by form


@dataclass(frozen=True)
class Row:
    """A row's name in Chinese and English, and its cells."""

    zh: str
    en: str
    cells: Sequence[str]


@dataclass(frozen=True)
class Bar:
    """A measured value, what it is, and the bounds that it has to keep."""

    what: str
    value: float
    least: float = -math.inf
    most: float = math.inf
    unit: str = " ×"

    @property
    def met(self) -> bool:
        """Whether the value is within its bounds."""
        return self.least <= self.value <= self.most

    def __str__(self) -> str:
        bound = f"at least {self.least:g}" if self.least > -math.inf else f"at most {self.most:g}"
        return f"  {self.what:66}{self.value:8.2f}{self.unit}, {bound}{'' if self.met else ' - MISSED'}"


def judge(bars: Sequence[Bar]) -> int:
    """Prints each bar; the exit code: 1 where one is missed."""
    for bar in bars:
        print(bar, flush=True)
    return int(not all(bar.met for bar in bars))


def timed(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """The seconds that `work` takes; with `time.process_time`, those of the processor in this process."""
    start = clock()
    work()
    return clock() - start


def in_turn(rounds: int, *ways: Callable[[], T]) -> list[list[T]]:
    """What is measured of each way: A B A B …, so that a change of the machine's pace hits all alike."""
    taken: list[list[T]] = [[] for _ in ways]
    for _ in range(rounds):
        for way, values in zip(ways, taken, strict=True):
            values.append(way())
    return taken


def of_least(these: Sequence[float], those: Sequence[float]) -> float:
    """The least of these values as a multiple of the least of those."""
    return min(these) / min(those)


def pair_by_pair(these: Sequence[float], those: Sequence[float]) -> float:
    """The median of the ratios of values that were measured one after the other."""
    return statistics.median(one / other for one, other in zip(these, those, strict=True))


def median_and_least(figures: Figures) -> list[str]:
    """Cells of a row of seconds: the median and, in brackets, the least, in ms."""
    return [
        f"{statistics.median(seconds) * 1000:.1f} ({min(seconds) * 1000:.1f})" for seconds in figures.values()
    ]


def medians(figures: Figures) -> list[str]:
    """Cells of a row: the medians."""
    return [f"{statistics.median(values):.1f}" for values in figures.values()]


def p95(values: Sequence[float]) -> float:
    """The value that 95 of a hundred measured ones do not pass, between two of them by their distance."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def plain(rows: Sequence[Row]) -> str:
    """A table for the terminal, in English; the first row is the heading."""
    return "\n".join(f"  {row.en:44}" + "".join(f"{cell:>16}" for cell in row.cells) for row in rows)


def markdown(rows: Sequence[Row]) -> str:
    """A Markdown table; the first row is the heading."""
    lines = [f"| {row.zh} {row.en} | {' | '.join(row.cells)} |" for row in rows]
    rule = "| --- |" + " ---: |" * len(rows[0].cells)
    return "\n".join([lines[0], rule, *lines[1:], ""])


def machine(program: str, folder: Path) -> str:
    """The machine, its programs (LibreOffice's command is `program`), and how busy it is now, in one line."""
    cpu = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return ", ".join(
        [
            f"{len(os.sched_getaffinity(0))} cores ({cpu[1] if cpu else platform.machine()})",
            platform.freedesktop_os_release()["PRETTY_NAME"],
            soffice.version(program, folder, Sandbox(None, (), _MEMORY)),
            f"Python {platform.python_version()}",
            f"load average {os.getloadavg()[0]:.1f}",
        ]
    )
