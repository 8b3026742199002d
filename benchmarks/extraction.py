"""How long it takes to read a filled form back into its payload, beside python-docx reading its text.

The documents are the full samples as the service makes them, and as LibreOffice saved them again. Prints a
table; exits 1 when the ratio is over the bar. Run: `.venv/bin/python -m benchmarks.extraction`.
"""

from __future__ import annotations

import io
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import docx
from docx.oxml.ns import qn

from benchmarks.helpers.report import Bar, in_turn, judge, timed
from service import catalog, generate
from service.config import Settings
from service.extraction import extract
from service.submission import validate

YEAR = 2021
FORMS = ("annex1", "annex2", "annex3")
TIMES = 200
MOST_RATIO = 1.15
_TIMEOUT = 120.0  # seconds


def saved_again(content: bytes, program: str, folder: Path) -> bytes:
    """The document as LibreOffice, the program `program`, saves it."""
    source, target = folder / "source.docx", folder / "saved"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [program, profile, "--headless", "--convert-to", "docx", "--outdir", target, source],
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=_TIMEOUT,
    )
    return (target / source.name).read_bytes()


def paragraphs(content: bytes) -> list[str]:
    """The text of each paragraph by python-docx, those of tables too."""
    return [each.text for each in docx.Document(io.BytesIO(content)).element.body.iter(qn("w:p"))]


def measure(form: str, content: bytes) -> list[list[float]]:
    """The processor seconds of each extraction, and of each reading of the paragraphs.

    Raises RuntimeError where the extraction does not give the sample back.
    """
    edition = catalog.edition(form, YEAR)
    if validate(edition, extract(content).data).data != validate(edition, edition.sample("full")).data:
        raise RuntimeError(f"The sample of {form} was not read back.")
    return in_turn(
        TIMES,
        lambda: timed(lambda: extract(content), time.process_time),
        lambda: timed(lambda: paragraphs(content), time.process_time),
    )


def main() -> int:
    """Measures, prints the table, and says by the exit code whether every ratio is low enough."""
    sums = [0.0, 0.0]
    print(f"full samples of {YEAR}, .docx to payload, {TIMES} times each, in turn with python-docx")
    print(f"  {'processor time in ms':40}{'median':>10}{'least':>10}{'python-docx':>14}")
    for form in FORMS:
        made = generate(form, YEAR, catalog.edition(form, YEAR).sample("full"), ("docx",))["docx"]
        with tempfile.TemporaryDirectory() as folder:
            again = saved_again(made, Settings.from_env().soffice, Path(folder))
        for name, content in ((form, made), (f"{form}, saved by LibreOffice", again)):
            ours, theirs = measure(form, content)
            sums = [sums[0] + min(ours), sums[1] + min(theirs)]
            cells = statistics.median(ours), min(ours), min(theirs)
            print("  {:40}{:10.1f}{:10.1f}{:14.1f}".format(name, *(1000 * each for each in cells)))
    ratio = sums[0] / sums[1]
    return judge([Bar("extraction of all six, in times of python-docx's reading", ratio, most=MOST_RATIO)])


if __name__ == "__main__":
    sys.exit(main())
