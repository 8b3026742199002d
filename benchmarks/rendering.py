"""How much faster a prepared template renders the declaration form than docxtpl does, in turn.

Prints medians and least times; exits 1 when the bar is missed. Run from a checkout:
`.venv/bin/python -m benchmarks.rendering`.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from docxtpl import DocxTemplate

from benchmarks.helpers.report import Bar, in_turn, judge, of_least, timed
from service import catalog, submission, template_context
from service.rendering import load_template

FORM, YEAR = "annex2", 2021
LEAST_RATIO = 40
ROUNDS, RENDERINGS = 15, 20  # turns of each way; renderings in one turn of the prepared way


def by_docxtpl(source: Path | bytes, data: Mapping[str, object]) -> bytes:
    """docxtpl's usual way: load, render and save each time; it also opens bytes in memory each time."""
    document = DocxTemplate(io.BytesIO(source) if isinstance(source, bytes) else str(source))
    document.render(dict(data), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def least(work: Callable[[], object], times: int) -> float:
    """The least processor seconds of `times` calls, after one that is not counted."""
    work()
    return min(timed(work, time.process_time) for _ in range(times))


def main() -> int:
    """Measures, prints the table, and says by the exit code whether the ratio is high enough."""
    edition = catalog.edition(FORM, YEAR)
    data = template_context.build(submission.validate(edition, edition.sample("full")))
    path = edition.template_path
    template, packed = load_template(path), path.read_bytes()
    works: list[tuple[str, Callable[[], object], int]] = [
        ("docxtpl: load, render, save", lambda: by_docxtpl(path, data), 1),
        ("docxtpl: file kept in memory", lambda: by_docxtpl(packed, data), 1),
        ("kexie-forms: load once", lambda: load_template(path), 1),
        ("kexie-forms: render", lambda: template.render(data), RENDERINGS),
    ]
    taken = in_turn(ROUNDS, *(partial(least, work, times) for _, work, times in works))
    print(f"{FORM} {YEAR}, full sample, .docx of {len(template.render(data)) / 1024:.1f} KiB")
    print(f"  {'processor time in ms':30}{'median':>10}{'least':>10}")
    for (name, *_), seconds in zip(works, taken, strict=True):
        print(f"  {name:30}{statistics.median(seconds) * 1000:10.2f}{min(seconds) * 1000:10.2f}")
    ratio = of_least(taken[0], taken[-1])
    return judge([Bar("rendering, times faster than docxtpl", ratio, LEAST_RATIO)])


if __name__ == "__main__":
    sys.exit(main())
