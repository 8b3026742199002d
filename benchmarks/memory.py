"""How much memory a batch takes, and whether LibreOffice processes that convert for long take more and more.

Prints a table; exits 1 when a bar is missed. Run: `.venv/bin/python -m benchmarks.memory`.
"""

import contextlib
import dataclasses
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path

from benchmarks.helpers.batch_records import records
from benchmarks.helpers.report import Bar, judge, machine
from service import catalog, generate
from service.config import Settings
from service.conversion.pool.client import client, leave_all
from tests.helpers.libreoffice import pool_server_pid
from tests.helpers.processes import below

MOST_MIB = 300.0  # memory of 10,000 records
MOST_GROWTH = 1.1  # from 2,000 to 10,000 records
MOST_CREEP = 1.2  # of LibreOffice, from its 50th document to its 500th
_PROCESSES = 2


def batch_peak(count: int) -> float:
    """The peak of the memory of a batch without PDF, the command and its workers, in MiB."""
    with tempfile.TemporaryDirectory() as root:
        source = Path(root, "records.ndjson")
        source.write_text("".join(f"{line}\n" for line in records(count)), encoding="utf-8")
        program = Path(sys.executable).with_name("kexie-forms")
        options: list[str | Path] = [
            "--formats",
            "docx",
            "--workers",
            str(_PROCESSES),
            "--archive",
            Path(root, "archive"),
        ]
        command = subprocess.Popen(
            [program, "batch", source, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        peak = 0.0
        while command.poll() is None:
            peak = max(peak, memory(below(command.pid), "Pss"))
            time.sleep(0.1)
        if command.returncode:
            raise RuntimeError(f"The batch ended with {command.returncode}.")
    return peak


def pool_growth(settings: Settings, first: int, last: int) -> tuple[float, float]:
    """The memory in MiB of one LibreOffice process and its driver after so many documents of all forms."""
    one = dataclasses.replace(settings, converters=1, recycle_documents=100_000, recycle_memory=100_000)
    samples = [
        generate(form, 2021, catalog.edition(form, 2021).sample(size), ("docx",))["docx"]
        for form in ("annex1", "annex2", "annex3")
        for size in ("full", "minimal")
    ]
    mixed = cycle(samples)
    before = _after(one, islice(mixed, first))
    after = _after(one, islice(mixed, last - first))
    if (state := client(one).state()) is None or state["restarts"]:
        raise RuntimeError("A process was replaced meanwhile.")
    return before, after


def _after(settings: Settings, documents: Iterable[bytes]) -> float:
    for docx in documents:
        client(settings).convert(docx).pdf.close()
    return memory(below(pool_server_pid(settings)), "Rss")


def memory(numbers: Iterable[int], kind: str) -> float:
    """The memory of processes in MiB by `kind` of proc(5), smaps_rollup: "Pss" shares what several map."""
    return sum(_memory(number, kind) for number in numbers) / 1024


def _memory(number: int, kind: str) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith(f"{kind}:"):
                return int(line.split()[1])
    return 0


def main() -> int:
    """Measures, prints, and says by the exit code whether every bar was met."""
    settings = Settings.from_env()
    print(machine(settings.soffice, settings.temp_dir))
    few, many = batch_peak(2_000), batch_peak(10_000)
    print(f"  a batch without PDF: {few:.0f} MiB with 2,000 records, {many:.0f} MiB with 10,000")
    before, after = pool_growth(settings, 50, 500)
    print(f"  LibreOffice: {before:.0f} MiB after 50 documents, {after:.0f} MiB after 500")
    leave_all()
    return judge(
        [
            Bar("memory of 10,000 records", many, most=MOST_MIB, unit=" MiB"),
            Bar("memory of 10,000 records, in times of that of 2,000", many / few, most=MOST_GROWTH),
            Bar("memory of LibreOffice, from 50 to 500 documents", after / before, most=MOST_CREEP),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
