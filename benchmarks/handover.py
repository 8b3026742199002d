"""How long a bag, a package for an archive and the report on the four properties of 1,000 records take.

The records are full samples of annex2 with their real .docx and PDF, each made different in a few bytes, in
a local folder with SQLite. Prints seconds and MiB; exits 1 when the package is not valid: by its manifest of
the bag, and each file of metadata by the XSD in it. Run: `.venv/bin/python -m benchmarks.handover`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import bagit
from lxml import etree

from benchmarks.helpers.report import timed
from service import catalog, conversion, generate
from service.archive import Archive, Entry, export
from service.audit import chain_proof
from service.config import Settings
from service.four_properties import report
from service.four_properties.assess import Assessment, assess
from service.four_properties.check import FAILED
from service.handover import package_notes, records_package
from service.handover.classification import Classification
from service.handover.metadata import NAME
from service.payload_json import dump

FORM, YEAR, RECORDS = "annex2", 2021, 1_000
CLASSIFICATION = Classification("X043", "科普部", "KPB", "公开")


def entries() -> Iterator[Entry]:
    """Entries that differ in id and in every file."""
    edition = catalog.edition(FORM, YEAR)
    payload = edition.sample("full")
    files = {"payload": dump(payload), **generate(FORM, YEAR, payload)}
    for count in range(RECORDS):
        behind = {"payload": " " * count}  # which is white space in JSON
        own = {part: content + behind.get(part, f"\n{count}").encode() for part, content in files.items()}
        yield Entry(FORM, YEAR, f"3201-{count:04}", edition.summary(), own, datetime.now(UTC))


def size(folder: Path) -> float:
    """The MiB of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1024**2


def assessed(archive: Archive) -> Assessment:
    """Verifies the archive, and assesses it."""
    verified = archive.verify()
    faults = list(verified)
    with archive.reading() as connection:
        log = chain_proof.prove(connection)
    return assess(archive, verified, faults, log, "benchmark", who="user:benchmark")


def invalid(folder: Path) -> int:
    """How many files of metadata are not valid by the XSD of their package."""
    schema = etree.XMLSchema(etree.parse(folder / "data" / package_notes.SCHEMA_NAME))
    found = list((folder / "data").glob(f"*/{NAME}"))
    assert len(found) == RECORDS, len(found)
    return sum(not schema.validate(etree.parse(path)) for path in found)


def row(what: str, work: Callable[[], object], folder: Path | None = None) -> None:
    """Does something, and prints the seconds and MiB that it took."""
    seconds = timed(work)
    print(f"  {what:44}{seconds:9.1f} s{f'{size(folder):10.1f} MiB' if folder else ''}", flush=True)


def main() -> int:
    """Prints the table; the exit code."""
    settings = Settings.from_env()
    with (
        tempfile.TemporaryDirectory(dir=".", prefix=".bench-handover-") as temporary,
        Archive.open(settings, Path(temporary) / "archive") as archive,
    ):
        folder = Path(temporary)
        for entry in entries():
            archive.add(entry)
        print(f"\n{RECORDS:,} 条记录 / records\n")
        row("bag", partial(export, archive, folder / "bag"), folder / "bag")
        making = partial(records_package.export, archive, folder / "package", CLASSIFICATION)
        row("package, archival codes given", making, folder / "package")
        again = partial(records_package.export, archive, folder / "again", CLASSIFICATION)
        row("package again, with the same codes", again, folder / "again")
        found: list[Assessment] = []
        row("verification and assessment", lambda: found.append(assessed(archive)))
        row("report as JSON", lambda: (folder / "r.json").write_bytes(report.to_json(found[0])))
        row("report as PDF/A", lambda: (folder / "r.pdf").write_bytes(report.to_pdf(found[0], settings)))
        whole = bagit.Bag(str(folder / "package")).is_valid()
        wrong = invalid(folder / "package")
        conversion.leave_all()
        print(f"\n  the bag of the package is {'' if whole else 'NOT '}valid, {wrong} of metadata are not\n")
        return int(not whole or bool(wrong) or found[0].result == FAILED)


if __name__ == "__main__":
    sys.exit(main())
