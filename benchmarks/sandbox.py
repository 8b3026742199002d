"""What the box around LibreOffice costs: the same documents with it and without it, in turn, in one run.

Prints ms a document, documents a second, the start of a pool and a reading; exits 1 when a bar is missed or a
PDF differs. Run from a checkout: `.venv/bin/python -m benchmarks.sandbox`.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.helpers import report
from benchmarks.helpers.pool_way import WARMING, PoolWay
from benchmarks.helpers.report import Bar, in_turn, judge, of_least, pair_by_pair, timed
from service import catalog, conversion, generate
from service.config import Settings
from service.conversion.libreoffice import sandbox
from service.conversion.pool import address

FORM, YEAR = "annex2", 2021
ROUNDS = 16  # each way takes its turn in each
BATCH = 10  # documents of a turn
STARTS = 5
MOST = 1.03  # times as long with the box


def main() -> int:
    """Measures, prints figures and bars, and exits with 0 if every bar is reached."""
    settings = Settings.from_env()
    print(sandbox.state(settings).text.en)
    with tempfile.TemporaryDirectory(
        prefix="kexie-bench-", dir=settings.temp_dir, ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        docx = folder / f"{FORM}.docx"
        sample = catalog.edition(FORM, YEAR).sample("full")
        docx.write_bytes(generate(FORM, YEAR, sample, ("docx",))["docx"])
        ways = [replace(settings, temp_dir=folder, sandbox=choice) for choice in (settings.sandbox, "off")]
        starts = in_turn(STARTS, *(_start(way, docx) for way in ways))
        readings = in_turn(STARTS, *(_reading(way) for way in ways))
        bars = _conversions(ways, docx)
        print(report.machine(settings.soffice, folder))
    _show("first document of a pool", "ms", starts, 1000)
    _show("reading an RTF", "ms", readings, 1000)
    return judge(bars)


def _conversions(ways: list[Settings], docx: Path) -> list[Bar]:
    with contextlib.ExitStack() as stack:
        pools = [stack.enter_context(contextlib.closing(PoolWay(1, way))) for way in ways]
        pdfs = {pool.measure(docx, 2 * WARMING)[1] for pool in pools}
        times: list[list[float]] = [[], []]
        rates: list[list[float]] = [[], []]
        processor: list[list[float]] = [[], []]
        for number in range(ROUNDS):
            order = (0, 1) if number % 2 else (1, 0)  # the first of a pair may be the slower
            for which in order:
                before = _processor(ways[which])
                taken = pools[which].measure(docx, WARMING + BATCH)[0][WARMING:]
                processor[which].append((_processor(ways[which]) - before) / (WARMING + BATCH))
                times[which].append(statistics.median(taken))
            for which in order:
                rates[which].append(pools[which].rate(docx, BATCH))
    _show("a document", "ms", times, 1000)
    _show("of LibreOffice's processors", "ms", processor, 1000)
    _show("documents a second", "", rates, 1)
    return [
        Bar("different PDFs", len(pdfs), most=1, unit=""),
        Bar("ms a document with the box, of those without", pair_by_pair(*times), most=MOST),
        Bar("the same, of the least", of_least(*times), most=MOST),
        Bar("the same, of LibreOffice's processor time", pair_by_pair(*processor), most=MOST),
        Bar("documents a second without the box, of those with", pair_by_pair(*reversed(rates)), most=MOST),
    ]


def _processor(settings: Settings) -> float:
    """The processor seconds so far of all processes that name the folder of the settings' pool."""
    mark, ticks = os.fsencode(address.of(replace(settings, converters=1)).folder), 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended
            if mark in (process / "cmdline").read_bytes():
                fields = (process / "stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _start(settings: Settings, docx: Path) -> Callable[[], float]:
    """The seconds from no pool to its first document."""

    def start() -> float:
        taken = timed(lambda: conversion.convert(docx.read_bytes(), replace(settings, converters=1)))
        conversion.leave_all()
        conversion.ended(replace(settings, converters=1))
        return taken

    return start


def _reading(settings: Settings) -> Callable[[], float]:
    return lambda: timed(lambda: conversion.to_docx(b"{\\rtf1 kexie}", "rtf", settings))


def _show(what: str, unit: str, values: list[list[float]], times: float) -> None:
    """Prints the medians with and without the box, and the ratio pair by pair."""
    with_, without = (statistics.median(each) * times for each in values)
    print(f"  {what:28} {with_:9.1f} with, {without:9.1f} without {unit:3} {pair_by_pair(*values):7.3f} ×")


if __name__ == "__main__":
    sys.exit(main())
