"""The pool as a way from .docx to PDF/A-2b, and what the processors give to processes that only compute."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from service import conversion
from service.config import Settings
from service.conversion.libreoffice import process_reaper
from service.conversion.pool.client import client

FORMS = ("annex1", "annex2", "annex3")
WARMING = 2  # conversions of a turn that are not counted: another way had the machine
_COUNTING = """
import time
end, count = time.monotonic() + 1, 0
while time.monotonic() < end:
    count += 1
print(count)
"""


class PoolWay:
    """The service's own way, on a pool of its own with `workers` LibreOffice processes."""

    def __init__(self, workers: int, settings: Settings) -> None:
        self.workers = workers
        self.inside, self.outside = by_form(), by_form()
        self._settings = replace(settings, converters=workers)
        conversion.warm(self._settings)

    def measure(self, docx: Path, times: int) -> tuple[list[float], bytes]:
        """The seconds of each of `times` conversions one right after another, and the last PDF."""
        content, taken, pdf = docx.read_bytes(), [], b""
        inside = []
        for _ in range(times):
            before, start = self._inside(), time.perf_counter()
            pdf = conversion.convert(content, self._settings)
            taken.append(time.perf_counter() - start)
            inside.append(self._inside() - before)
        self.inside[docx.stem] += inside[WARMING:]
        self.outside[docx.stem] += [all - own for all, own in zip(taken, inside, strict=True)][WARMING:]
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


def spinning(processes: int) -> float:
    """How often so many processes, as far behind as LibreOffice's, count in a second together."""
    command = [sys.executable, "-I", "-S", process_reaper.__file__, sys.executable, "-c", _COUNTING]
    counts = []
    with contextlib.ExitStack() as stack:
        pipe = subprocess.PIPE
        for process in [subprocess.Popen(command, stdin=pipe, stdout=pipe) for _ in range(processes)]:
            counts.append(stack.enter_context(process).stdout)
        return sum(int(count.readline()) for count in counts if count)


def by_form() -> dict[str, list[float]]:
    return {form: [] for form in FORMS}
