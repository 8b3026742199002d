"""What is compared: a record, or a file of a form or its data."""

from dataclasses import dataclass
from typing import Any

from service import catalog, filled_form
from service.answers import payload_comparison
from service.answers.payload_comparison import Difference
from service.archive import Archive, Record, manifest
from service.catalog import Edition
from service.config import Settings
from service.conversion import lone_lines
from service.errors import Bilingual, UsageError
from service.extraction import ReadingWarning
from service.payload_json import parse

_SAVED = {"form", "year", "data"}  # the keys of data that the page has saved, and of a line of a batch


@dataclass(frozen=True)
class Side:
    """One of two that are compared: its name, edition and payload, its PDF if it is archived.

    `doubts` are what was not certain when a document was read. `current`: the PDF is of today's edition;
    its pages are set by these `rules` of typesetting.
    """

    name: Bilingual
    edition: Edition
    payload: Any
    pdf: bytes | None = None
    current: bool = False
    doubts: tuple[ReadingWarning, ...] = ()
    rules: int = lone_lines.LATEST


def of_record(archive: Archive, record: Record) -> Side:
    """An archived version. Raises UnknownForm, UnknownYear, UnknownRecord, ArchiveFault."""
    edition = catalog.edition(record.form, record.year)
    name = Bilingual(f"{record.id} 第 {record.version} 版", f"{record.id}, version {record.version}")
    pdf = archive.read(record, "pdf") if "pdf" in record.files else None
    current = record.edition_hash == edition.edition_hash
    rules = manifest.rules(archive.manifest(record)["made_by"])
    return Side(name, edition, parse(archive.read(record, "payload")), pdf, current, rules=rules)


def version_before(archive: Archive, record: Record) -> Record:
    """The version before a record. Raises UsageError if it is the first."""
    older = (each for each in archive.versions(record, record.version) if each.version < record.version)
    if (found := next(older, None)) is None:
        raise UsageError("这一版之前没有别的版本。", "There is no version before this one.")
    return found


def of_file(name: str, content: bytes, edition: Edition, settings: Settings) -> Side:
    """A filled form of an edition, a PDF that carries its data, or data as JSON.

    Raises UsageError for data of another edition or none, NotJson, and as `filled_form.read`.
    """
    shown = Bilingual(name, name)
    if content.lstrip()[:1] in (b"{", b"["):
        return Side(shown, edition, _data(parse(content), edition))
    found = filled_form.read(content, edition.form, edition.year, settings)
    return Side(shown, edition, found.data, doubts=tuple(found.warnings))


def _data(parsed: Any, edition: Edition) -> Any:
    if not isinstance(parsed, dict):
        raise UsageError("文件里应是一份申报的数据。", "The file must hold the data of one submission.")
    if not parsed.keys() >= _SAVED:
        return parsed
    if (parsed["form"], parsed["year"]) != (edition.form, edition.year):
        raise _another()
    return parsed["data"]


def saved(parsed: Any) -> tuple[Edition, Any]:
    """Edition and payload of data as the page saves them. Raises UsageError, UnknownForm, UnknownYear."""
    if not isinstance(parsed, dict) or not parsed.keys() >= _SAVED:
        raise UsageError(
            "数据里没有写明表单和年度。请用填报页面保存的文件，或从那条档案的页面比较。",
            "The data do not name their form and year. Take a file that the form saved, or compare it from "
            "the page of its record.",
        )
    return catalog.edition(parsed["form"], parsed["year"]), parsed["data"]


def differences(before: Side, after: Side) -> list[Difference]:
    """What differs, in the form's order. Raises UsageError for sides of two editions."""
    if (before.edition.form, before.edition.year) != (after.edition.form, after.edition.year):
        raise _another()
    return payload_comparison.compare(after.edition, before.payload, after.payload)


def _another() -> UsageError:
    return UsageError(
        "两者不是同一年度的同一表单，不能逐栏比较。",
        "They are not of the same form and year, so they cannot be compared.",
    )
