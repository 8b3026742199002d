"""Reads every document of an archive and what was added: whether it opens, and what does not last."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath

from schemas import pictures
from service.archive import Archive, Record
from service.archive.additions import add_file
from service.archive.additions.addition import PDF, SUFFIXES, Addition
from service.archive.record import StoredFile
from service.conversion import docx_check
from service.conversion.pdf.page_images import page_count
from service.errors import ArchiveFault, ArchiveUnavailable, ConversionFault, PayloadError
from service.payload_json import parse

_CLAIM = re.compile(rb"<pdfaid:part>[1-4]</pdfaid:part>|pdfaid:part=[\"'][1-4]")  # ISO 19005
_MACROS = "vbaproject.bin"
ADDED = "added"  # the part of sealed copies, and of PDFs that the service has signed
_LASTING = {".docx", ".odt", ".pdf"}


@dataclass
class Content:
    """What was found: numbers of documents read by part, and the keys of the records that lack something."""

    read: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)  # missing or changed, so not read, by part
    pages: int = 0
    formats: Counter[str] = field(default_factory=Counter)
    unreadable: dict[str, list[str]] = field(default_factory=dict)  # by part
    unclaimed: list[str] = field(default_factory=list)
    macros: list[str] = field(default_factory=list)
    passing: list[str] = field(default_factory=list)  # originals in formats that do not last
    added_pdfs: int = 0
    unclaimed_added: list[str] = field(default_factory=list)

    def broken(self, part: str) -> int:
        """The number of documents of this part that do not open, or cannot be read at all."""
        return len(self.unreadable.get(part, [])) + self.lost[part]

    def all(self, part: str) -> int:
        """The number of documents of this part, read or not."""
        return self.read[part] + self.lost[part]


def read_all(archive: Archive, on_progress: Callable[[object], None]) -> Content:
    """Reads the documents of all records, and what was added to them. Raises ArchiveUnavailable.

    Missing and changed files are counted: `verify` names them.
    """
    found = Content()
    for record in archive.records(all_versions=True):
        on_progress(found)
        for part in record.files:
            if (content := _read(found, archive, record.files[part], part)) is not None:
                _examine(found, archive, record, part, content)
        for addition in add_file.additions(archive, record):
            if (content := _read(found, archive, addition.file, ADDED)) is not None:
                _examine_added(found, addition, content)
    return found


def _read(found: Content, archive: Archive, file: StoredFile, part: str) -> bytes | None:
    """A file, counted as read or as lost. Raises ArchiveUnavailable."""
    try:
        content = archive.objects.get(file)
    except ArchiveUnavailable:
        raise
    except ArchiveFault:
        found.lost[part] += 1
        return None
    found.read[part] += 1
    return content


def _examine_added(found: Content, addition: Addition, content: bytes) -> None:
    """Sealed copies come from strangers: PDFs were opened in the sandbox when added, and are unchanged."""
    found.formats[SUFFIXES[addition.media_type]] += 1
    if addition.media_type == PDF:
        found.added_pdfs += 1
        if not _CLAIM.search(content):
            found.unclaimed_added.append(addition.record)
    elif not pictures.opens(content):
        found.unreadable.setdefault(ADDED, []).append(addition.record)


def _examine(found: Content, archive: Archive, record: Record, part: str, content: bytes) -> None:
    if part == "original":  # of a stranger: not opened here
        suffix = PurePath(archive.manifest(record)["original_name"] or "").suffix.lower()
        found.formats[suffix or "?"] += 1
        if suffix not in _LASTING:
            found.passing.append(record.key)
        return
    found.formats[{"payload": ".json"}.get(part, f".{part}")] += 1
    readable = {"payload": _payload, "docx": _docx, "pdf": _pdf}[part]
    if not readable(found, record, content):
        found.unreadable.setdefault(part, []).append(record.key)


def _payload(found: Content, record: Record, content: bytes) -> bool:
    try:
        parse(content)
    except PayloadError:
        return False
    return True


def _docx(found: Content, record: Record, content: bytes) -> bool:
    try:
        docx_check.modified(content)
    except ConversionFault:
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if any(name.lower().endswith(_MACROS) for name in package.namelist()):
            found.macros.append(record.key)
    return True


def _pdf(found: Content, record: Record, content: bytes) -> bool:
    if not _CLAIM.search(content):
        found.unclaimed.append(record.key)
    count = page_count(content)
    found.pages += count or 0
    return bool(count)
