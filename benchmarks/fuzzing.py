"""Files damaged at random are read or refused: never an unexpected error, above 10 s, or above 1 GB.

Prints figures for each kind of file; exits 1 when a bar is missed. `--keep`: a folder for files that fail.
Run: `.venv/bin/python -m benchmarks.fuzzing [--seed N] [--keep FOLDER] [KIND=COUNT …]`.
"""

from __future__ import annotations

import argparse
import collections
import io
import json
import random
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.helpers.report import Bar, judge
from service import catalog, filled_form, generate
from service.batch.inputs.check_item import check
from service.batch.inputs.read_input import read
from service.config import Settings
from service.errors import InvalidPayload, KexieError
from service.payload_json import dump, parse
from service.submission import validate
from tests.helpers.batch import workbook
from tests.helpers.hostile.mutators import mutated
from tests.helpers.libreoffice import saved

COUNTS = {
    "docx": 5000,
    "odt": 400,
    "doc": 300,
    "rtf": 300,
    "xlsx": 700,
    "csv": 300,
    "ndjson": 300,
    "json": 700,
}
FORMS = ("annex1", "annex2", "annex3")
MOST_SECONDS, MOST_MEMORY = 10, 1024  # of one file, and MiB of this process and of the largest it started


def seeds(kind: str) -> list[bytes]:
    """Good files of that kind to start from."""
    samples = {form: catalog.edition(form, 2021).sample("full") for form in FORMS}
    if kind == "json":
        return [json.dumps(sample).encode() for sample in samples.values()]
    if kind == "ndjson":
        items = [{"form": form, "year": 2021, "id": form, "data": data} for form, data in samples.items()]
        return ["\n".join(json.dumps(item, ensure_ascii=False) for item in items).encode()]
    if kind in ("csv", "xlsx"):
        rows = [
            ["编号", "县级科协名称", "案例名称", "背景"],
            *([str(n), "云泽县科协", "甲", "背景。"] for n in range(5)),
        ]
        book = workbook(rows, merge=("C3:C4",))  # type: ignore[no-untyped-call]
        return [book if kind == "xlsx" else "\n".join(map(",".join, rows)).encode()]
    made = [generate(form, 2021, sample, ("docx",))["docx"] for form, sample in samples.items()]
    return made if kind == "docx" else [saved(each, kind) for each in made]  # type: ignore[no-untyped-call]


def reader(kind: str, settings: Settings) -> Callable[[bytes], object]:
    """What takes a file of that kind, as the service does."""
    if kind == "json":
        editions = [catalog.edition(form, 2021) for form in FORMS]
        return lambda content: [_validated(edition, content) for edition in editions]
    if kind in ("csv", "xlsx", "ndjson"):
        return lambda content: [*_checked(content, kind)]
    return lambda content: dump(filled_form.examine(content, settings=settings).as_dict())


def _validated(edition: catalog.Edition, content: bytes) -> object:
    try:
        return validate(edition, parse(content)).report()
    except InvalidPayload as error:
        return [str(each.message) for each in error.errors]


def _checked(content: bytes, kind: str) -> Iterator[object]:
    form = None if kind == "ndjson" else "annex3"
    for item in read(io.BytesIO(content), form, 2021, name=f"input.{kind}"):
        try:
            yield check(item)
        except KexieError as error:
            yield error.code


def run(kind: str, count: int, seed: int, keep: Path | None = None) -> dict[str, float]:
    """Reads that many damaged files; what became of them, the slowest in seconds. Prints a row."""
    chance, outcomes, slowest = random.Random(f"{seed} {kind}"), collections.Counter[str](), 0.0
    settings = Settings.from_env()
    good, take = seeds(kind), reader(kind, settings)
    for number in range(count):
        content = mutated(kind, chance.choice(good), chance)
        began = time.perf_counter()
        try:
            take(content)
            outcomes["read"] += 1
        except KexieError:
            outcomes["refused"] += 1
        except Exception:
            outcomes["failed"] += 1
            print(f"  {kind} {number}: {traceback.format_exc(limit=-4)}", file=sys.stderr, flush=True)
            if keep:
                (keep / f"{number}.{kind}").write_bytes(content)
        slowest = max(slowest, time.perf_counter() - began)
    figures = {name: float(outcomes[name]) for name in ("read", "refused", "failed")}
    print(
        f"  {kind:8}{count:8}" + "".join(f"{value:10.0f}" for value in figures.values()) + f"{slowest:10.2f}"
    )
    return figures | {"slowest": slowest}


def main() -> int:
    """Prints the figures of each kind; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("kinds", nargs="*", metavar="KIND=COUNT")
    given = parser.parse_args()
    counts = {kind: int(count) for kind, _, count in (each.partition("=") for each in given.kinds)} or COUNTS
    print(f"  {'kind':8}{'files':>8}{'read':>10}{'refused':>10}{'failed':>10}{'slowest s':>10}")
    found = [run(kind, count, given.seed, given.keep) for kind, count in counts.items()]
    memory = max(
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return judge([
        Bar("unexpected errors", sum(each["failed"] for each in found), most=0, unit=""),
        Bar("the slowest file", max(each["slowest"] for each in found), most=MOST_SECONDS, unit=" s"),
        Bar("memory of the largest process", memory / 1024, most=MOST_MEMORY, unit=" MiB"),
    ])  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
