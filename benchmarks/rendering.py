"""How much faster a prepared template renders the declaration form than docxtpl does, both in this run.

Prints a table of median times; exits 1 when the ratio falls below 40. Run from a checkout:
`.venv/bin/python benchmarks/rendering.py`.
"""

from __future__ import annotations

import io
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from docxtpl import DocxTemplate

from service import catalog, submission, template_context
from service.rendering import load_template

FORM, YEAR = "annex2", 2021
LEAST_RATIO = 40


def by_docxtpl(path: Path, data: Mapping[str, object]) -> bytes:
    """docxtpl's usual way: load, render and save each time."""
    return _saved(DocxTemplate(str(path)), data)


def by_docxtpl_in_memory(template: bytes, data: Mapping[str, object]) -> bytes:
    """The same with the file read once; docxtpl itself opens the package anew for each rendering."""
    return _saved(DocxTemplate(io.BytesIO(template)), data)


def median_ms(work: Callable[[], object], times: int) -> float:
    """The median time in ms of `times` calls of `work`, after one more that is not counted."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000


def main() -> int:
    """Measure, print the table, and tell by the exit code whether the ratio is high enough."""
    edition = catalog.edition(FORM, YEAR)
    data = template_context.build(submission.validate(edition, edition.sample("full")))
    path = edition.template_path
    template, packed = load_template(path), path.read_bytes()
    plain = median_ms(lambda: by_docxtpl(path, data), 40)
    rows = [
        ("docxtpl: load, render, save", plain),
        ("docxtpl: file kept in memory", median_ms(lambda: by_docxtpl_in_memory(packed, data), 40)),
        ("kexie-forms: load once", median_ms(lambda: load_template(path), 10)),
        ("kexie-forms: render", median_ms(lambda: template.render(data), 1000)),
    ]
    print(f"{FORM} {YEAR}, full sample, .docx of {len(template.render(data)) / 1024:.1f} KiB")
    for name, ms in rows:
        print(f"  {name:30} {ms:8.2f} ms {plain / ms:8.1f} ×")
    ratio = plain / rows[-1][1]
    print(f"rendering is {ratio:.0f} times faster than docxtpl; at least {LEAST_RATIO} is asked for")
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.platform()}")
    return 0 if ratio >= LEAST_RATIO else 1


def _saved(document: DocxTemplate, data: Mapping[str, object]) -> bytes:
    document.render(dict(data), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
