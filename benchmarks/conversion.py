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
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import pikepdf

from benchmarks.helpers import report
from benchmarks.helpers.peers import OneCallEach, unoserver
from benchmarks.helpers.pool_way import FORMS, WARMING, PoolWay, by_form, spinning
from benchmarks.helpers.report import Bar, Figures, judge, of_least, pair_by_pair
from service import catalog, generate
from service.config import Settings
from service.conversion.fonts import font_substitutes

YEAR = 2021
JUDGED = "annex2"
ROUNDS = 8  # each way takes its turn in each, so that a change of the machine's pace hits all alike
BATCH = 20  # documents for the throughput, in every other round; of the judged form in each
LEAST_OVER_ONE_CALL, LEAST_OVER_UNOSERVER, LEAST_OVER_ONE_WORKER = 8, 1.5, 0.7
MOST_OUTSIDE = 25  # per cent of LibreOffice's own time


class Way(Protocol):
    """One way to convert: measured alike for every engine."""

    def measure(self, docx: Path, times: int) -> tuple[list[float], bytes]:
        """The seconds of each of `times` conversions, and the last PDF."""


@dataclass
class Turn:
    """A way, what a round counts of it, and its seconds by form."""

    way: Way
    counted: int
    warming: int  # conversions before the counted ones: another way had the machine
    seconds: dict[str, list[float]] = field(default_factory=by_form)
    means: dict[str, list[float]] = field(default_factory=by_form)  # of each turn

    def take(self, docx: Path) -> None:
        """Converts as often as a round asks and notes the times."""
        taken, _ = self.way.measure(docx, self.warming + self.counted)
        self.seconds[docx.stem] += taken[self.warming :]
        self.means[docx.stem].append(statistics.fmean(taken[self.warming :]))


@dataclass(frozen=True)
class Result:
    """What was measured: the ways' turns, what LibreOffice takes of a conversion, documents a second."""

    one_call: Turn
    unoserver: Turn
    pool: Turn
    inside: Figures
    outside: Figures
    rates: Sequence[Figures]  # by the number of workers
    finished: Sequence[Figures]
    spins: Sequence[Sequence[float]]  # what two processes that only compute do, beside one


def measure(folder: Path, settings: Settings) -> Result:
    """All ways on the same documents, in turns; `folder` is empty and holds what they need."""
    fonts_file = folder / "fonts.conf"
    fonts_file.write_text(font_substitutes.configuration(settings.font_dirs), encoding="utf-8")
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
        rates, finished = [by_form() for _ in pools], [by_form() for _ in pools]
        spins: list[list[float]] = [[] for _ in pools]
        pools[0].inside, pools[0].outside = by_form(), by_form()
        for number in range(ROUNDS):
            for docx in documents:
                for turn in (one_call, peer, pool):
                    turn.take(docx)
                if number % 2 or docx.stem == JUDGED:
                    for way, rate, whole in zip(pools, rates, finished, strict=True):
                        rate[docx.stem].append(way.rate(docx, BATCH))
                        whole[docx.stem].append(way.finished_rate(docx, BATCH))
            for way, spun in zip(pools, spins, strict=True):
                spun.append(spinning(way.workers))
        return Result(one_call, peer, pool, pools[0].inside, pools[0].outside, rates, finished, spins)


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
        ("逐份启动", "soffice --convert-to for each", result.one_call.seconds),
        ("常驻服务", "unoserver 3.7, file to file", result.unoserver.seconds),
        ("转换池", "kexie-forms, 1 worker", result.pool.seconds),
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


def bars(result: Result) -> list[Bar]:
    """The bars on the judged form."""
    pool = result.pool.means[JUDGED]
    workers = pair_by_pair(result.rates[1][JUDGED], result.rates[0][JUDGED])
    return [
        Bar(
            "faster than soffice --convert-to",
            pair_by_pair(result.one_call.means[JUDGED], pool),
            LEAST_OVER_ONE_CALL,
        ),
        Bar(
            "faster than unoserver", pair_by_pair(result.unoserver.means[JUDGED], pool), LEAST_OVER_UNOSERVER
        ),
        Bar(
            "PDFs with 2 workers beside 1, of what the processors give 2 beside 1",
            workers / pair_by_pair(*reversed(result.spins)),
            LEAST_OVER_ONE_WORKER,
        ),
        Bar(
            "outside LibreOffice, of LibreOffice's own time",
            of_least(result.outside[JUDGED], result.inside[JUDGED]) * 100,
            most=MOST_OUTSIDE,
            unit=" %",
        ),
    ]


def main(arguments: Sequence[str]) -> int:
    """Measure, print the tables and bars, and return the exit code: 0 when every bar is reached."""
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
    print(machine)
    return judge(bars(result))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
