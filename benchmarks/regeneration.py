"""How much faster regeneration by fingerprint is than the full way, of the same archive in one run.

An archive of mixed records is made; then `kexie-forms regenerate --dry-run` runs in full and by fingerprint,
as whole commands. Prints records a second, and exits 1 when the ratio misses the bar. Run:
`.venv/bin/python -m benchmarks.regeneration [--records 2000] [--archive DIR]`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.helpers.batch_records import records
from benchmarks.helpers.report import Bar, judge, machine
from service.config import Settings

RECORDS = 2000
LEAST_RATIO = 8.0
_COMMAND = Path(sys.executable).with_name("kexie-forms")
_WAYS = {"in full": (), "by fingerprint": ("--by-fingerprint",)}


def _run(*arguments: object) -> tuple[dict[str, Any], float]:
    """The result of a command, and its seconds."""
    began = time.monotonic()
    command = [str(_COMMAND), *map(str, arguments), "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout), time.monotonic() - began


@contextlib.contextmanager
def archived(count: int, folder: Path | None) -> Iterator[Path]:
    """An archive of so many records; in `folder` it stays, and is used again."""
    with tempfile.TemporaryDirectory() as root:
        place, source = folder or Path(root, "archive"), Path(root, "records.ndjson")
        if not place.exists():
            with source.open("w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in records(count))
            _, seconds = _run("batch", source, "--archive", place)
            print(f"  {'archived':20}{count / seconds:8.1f} records a second", flush=True)
        yield place


def main() -> int:
    """Prints the pace of both ways, and returns the exit code."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--records", type=int, default=RECORDS)
    asked.add_argument("--archive", type=Path)
    given = asked.parse_args()
    settings = Settings.from_env()
    print(machine(settings.soffice, settings.temp_dir), flush=True)
    pace = {}
    with archived(given.records, given.archive) as place, tempfile.TemporaryDirectory() as report:
        for name, options in _WAYS.items():
            of_archive = "--archive", place, "--report", report
            result, seconds = _run("regenerate", *of_archive, "--dry-run", *options)
            count = sum(result["states"].values())
            pace[name] = count / seconds
            print(f"  {name:20}{pace[name]:8.1f} records a second, {seconds:.1f} s: {result['states']}")
            print(f"  {'':20}{result.get('pdf', '')} {result.get('reasons', '')}", flush=True)
    return judge(
        [Bar("by fingerprint, in times of in full", pace["by fingerprint"] / pace["in full"], LEAST_RATIO)]
    )


if __name__ == "__main__":
    sys.exit(main())
