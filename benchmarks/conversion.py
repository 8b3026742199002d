"""How fast the pool converts .docx to PDF/A-2b beside `soffice --convert-to` and unoserver, all in this run.

Prints tables, as Markdown with `--markdown`; exits 1 when a bar is missed. Run from a checkout:
`.venv/bin/python -m benchmarks.conversion`; `.venv/peers` holds unoserver.
"""

from __future__ import annotations

import contextlib
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import pikepdf

from benchmarks import report
from benchmarks.peers import OneCallEach, unoserver
from benchmarks.report import Figures
from service import catalog, conversion, generate
from service.config import Settings
from service.conversion.fonts import faces
from service.conversion.pool.client import client

YEAR = 2021
FORMS = ("annex1", "annex2", "annex3")
JUDGED = "annex2"
WARMING = 2  # conversions of a turn that are not counted: another way had the machine
ROUNDS = 8  # each way takes its turn in each, so that a change of the machine's pace hits all alike
BATCH = 40  # documents for the throughput, in every other round
LEAST_OVER_ONE_CALL, LEAST_OVER_UNOSERVER, LEAST_OVER_ONE_WORKER = 10, 1.5, 1.7
MOST_OUTSIDE_MS = 12


class PoolWay:
    """The service's own way, on a pool of its own with `workers` LibreOffice processes."""

    def __init__(self, workers: int, settings: Settings) -> None:
        self.workers = workers
        self.outside: dict[str, list[float]] = {form: [] for form in FORMS}
        self._settings = replace(settings, converters=workers)
        conversion.warm(self._settings)

    def measure(self, docx: Path, times: int) -> tuple[list[float], bytes]:
        """The seconds of each of `times` conversions one right after another, and the last PDF."""
        content, taken, pdf = docx.read_bytes(), [], b""
        outside = []
        for _ in range(times):
            inside, start = self._inside(), time.perf_counter()
            pdf = conversion.convert(content, self._settings)
            taken.append(time.perf_counter() - start)
            outside.append(taken[-1] - (self._inside() - inside))
        self.outside[docx.stem] += outside[WARMING:]
        return taken, pdf

    def rate(self, docx: Path, documents: int) -> float:
        """PDFs a second that the pool delivers to two callers a worker, who drop them."""
        return self._rate(
            docx, documents, lambda content: client(self._settings).convert(content).pdf.close()
        )

    def finished_rate(self, docx: Path, documents: int) -> float:
        """Documents a second with two callers a worker, who finish their PDFs on the same cores."""
        return self._rate(docx, documents, lambda content: conversion.convert(content, self._settings))

    def _rate(self, docx: Path, documents: int, work: Callable[[bytes], object]) -> float:
        content = docx.read_bytes()
        with ThreadPoolExecutor(2 * self.workers) as callers:
            start = time.perf_counter()
            list(callers.map(work, [content] * documents))
            return documents / (time.perf_counter() - start)

    def close(self) -> None:
        """Ends its processes. Raises RuntimeError where they do not end."""
        conversion.leave_all()
        if not conversion.ended(self._settings):
            raise RuntimeError("The pool did not end.")

    def _inside(self) -> float:
        """The seconds that LibreOffice has loaded and exported so far."""
        steps: dict[str, tuple[int, float]] = (conversion.state(self._settings) or {}).get("steps", {})
        return sum(seconds for name, (_, seconds) in steps.items() if name in ("load", "export"))


class Way(Protocol):
    """One way to convert: measured alike, whatever stands behind it."""

    def measure(self, docx: Path, times: int) -> tuple[list[float], bytes]:
        """The seconds of each of `times` conversions, and the last PDF."""


@dataclass
class Turn:
    """A way, what a round counts of it, and its seconds by form."""

    way: Way
    counted: int
    warming: int  # conversions before the counted ones: another way had the machine
    seconds: dict[str, list[float]] = field(default_factory=lambda: {form: [] for form in FORMS})

    def take(self, docx: Path) -> None:
        """Converts as often as a round asks and notes the times."""
        taken, _ = self.way.measure(docx, self.warming + self.counted)
        self.seconds[docx.stem] += taken[self.warming :]


@dataclass(frozen=True)
class Result:
    """What was measured, by form: seconds a document of each way, documents a second by number of workers."""

    one_call: Figures
    unoserver: Figures
    pool: Figures
    outside: Figures
    rates: tuple[Figures, Figures]
    finished: tuple[Figures, Figures]


def measure(folder: Path, settings: Settings) -> Result:
    """All ways on the same documents, in turns; `folder` is empty and holds what they need."""
    fonts_file = folder / "fonts.conf"
    fonts_file.write_text(faces.configuration(settings.font_dirs), encoding="utf-8")
    documents = _documents(folder)
    own = replace(settings, temp_dir=folder)  # else a service that runs beside it would share its pool
    with contextlib.ExitStack() as stack:
        one_call = Turn(OneCallEach(folder / "one-call", settings.soffice, fonts_file), 1, 0)
        server = stack.enter_context(unoserver(folder / "unoserver", settings.soffice, fonts_file))
        peer = Turn(server, 4, WARMING)
        pools = [stack.enter_context(contextlib.closing(PoolWay(workers, own))) for workers in (1, 2)]
        pool = Turn(pools[0], 8, WARMING)
        _require_the_same([one_call.way, server, *pools], documents)
        for docx in documents:
            pools[1].rate(docx, BATCH // 4)  # one caller alone leaves its second process cold
        rates = _by_pool(pools)
        finished = _by_pool(pools)
        pools[0].outside = {form: [] for form in FORMS}
        for number in range(ROUNDS):
            for docx in documents:
                for turn in (one_call, peer, pool):
                    turn.take(docx)
                if number % 2:
                    for way, rate, whole in zip(pools, rates, finished, strict=True):
                        rate[docx.stem].append(way.rate(docx, BATCH))
                        whole[docx.stem].append(way.finished_rate(docx, BATCH))
        return Result(
            one_call.seconds,
            peer.seconds,
            pool.seconds,
            pools[0].outside,
            (rates[0], rates[1]),
            (finished[0], finished[1]),
        )


def _by_pool(pools: Sequence[PoolWay]) -> list[dict[str, list[float]]]:
    return [{form: [] for form in FORMS} for _ in pools]


def _documents(folder: Path) -> list[Path]:
    paths = []
    for form in FORMS:
        sample = catalog.edition(form, YEAR).sample("full")
        paths.append(folder / f"{form}.docx")
        paths[-1].write_bytes(generate(form, YEAR, sample, ("docx",))["docx"])
    return paths


def _require_the_same(ways: Sequence[Way], documents: Sequence[Path]) -> None:
    """Each way's first conversions, which also warm it up. Raises RuntimeError where the PDFs differ."""
    for docx in documents:
        kinds = [_kind(way.measure(docx, 2)[1]) for way in ways]
        if any(kind != kinds[0] for kind in kinds):
            raise RuntimeError(f"The ways did not make the same PDF of {docx.stem}: {kinds}")


def _kind(pdf: bytes) -> tuple[int, str, list[str]]:
    """A PDF's pages, its level of PDF/A and its fonts."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        level = document.open_metadata().pdfa_status
        names = {
            str(each.BaseFont).partition("+")[2]
            for each in document.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font" and "/BaseFont" in each
        }
        return len(document.pages), level, sorted(names)


def tables(result: Result) -> list[list[report.Row]]:
    """The tables: ms a document, and documents a second."""
    times = [
        ("逐份启动", "soffice --convert-to for each", result.one_call),
        ("常驻服务", "unoserver 3.7, file to file", result.unoserver),
        ("转换池", "kexie-forms, 1 worker", result.pool),
        ("其中读入、导出之外", "of that, outside load and export", result.outside),
    ]
    rates = [
        ("转换池交出，1 个进程", "PDFs of the pool, 1 worker", result.rates[0]),
        ("转换池交出，2 个进程", "PDFs of the pool, 2 workers", result.rates[1]),
        ("并由调用者整理好，1 个进程", "finished by the callers, 1 worker", result.finished[0]),
        ("并由调用者整理好，2 个进程", "finished by the callers, 2 workers", result.finished[1]),
    ]
    return [
        [
            report.Row("每份毫秒：中位数（最小）", "ms a document: median (least)", FORMS),
            *(report.Row(zh, en, report.median_and_least(figures)) for zh, en, figures in times),
        ],
        [
            report.Row("每秒份数", "documents a second", FORMS),
            *(report.Row(zh, en, report.medians(figures)) for zh, en, figures in rates),
        ],
    ]


def bars(result: Result) -> list[tuple[bool, str]]:
    """Each bar: whether it is reached, and the sentence that says by how much."""

    def median(of: Figures) -> float:
        return statistics.median(of[JUDGED])

    pool, outside = median(result.pool), median(result.outside) * 1000
    ratios = [
        (median(result.one_call) / pool, LEAST_OVER_ONE_CALL, "times faster than soffice --convert-to"),
        (median(result.unoserver) / pool, LEAST_OVER_UNOSERVER, "times faster than unoserver"),
        (
            median(result.rates[1]) / median(result.rates[0]),
            LEAST_OVER_ONE_WORKER,
            "times the PDFs a second with 2 workers of those with 1",
        ),
    ]
    return [
        *((got >= bar, f"{got:.1f} {what}; at least {bar} is asked for") for got, bar, what in ratios),
        (
            outside <= MOST_OUTSIDE_MS,
            f"{outside:.1f} ms outside LibreOffice; at most {MOST_OUTSIDE_MS} is asked for",
        ),
    ]


def main(arguments: Sequence[str]) -> int:
    """Measure, print the tables and bars, and tell by the exit code whether every bar is reached."""
    show = report.markdown if "--markdown" in arguments else report.plain
    settings = Settings.from_env()
    with tempfile.TemporaryDirectory(
        prefix="kexie-bench-", dir=settings.temp_dir, ignore_cleanup_errors=True
    ) as name:
        machine = report.machine(settings.soffice, Path(name))
        result = measure(Path(name), settings)
    print(f"full samples of {YEAR}, .docx to PDF/A-2b")
    for table in tables(result):
        print(show(table))
    reached = bars(result)
    for good, sentence in reached:
        print(f"{JUDGED}: {sentence}{'' if good else ' - MISSED'}")
    print(machine)
    return 0 if all(good for good, _ in reached) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
