"""How the benchmarks print: tables for the terminal or as Markdown, and the machine they ran on."""

from __future__ import annotations

import os
import platform
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.conversion.libreoffice import soffice

Figures = Mapping[str, Sequence[float]]  # measured values by form


@dataclass(frozen=True)
class Row:
    """A row's name in Chinese and English, and its cells."""

    zh: str
    en: str
    cells: Sequence[str]


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
    """A table for the README, in both languages; the first row is the heading."""
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
            soffice.version(program, folder),
            f"Python {platform.python_version()}",
            f"load average {os.getloadavg()[0]:.1f}",
        ]
    )
