"""Reads every document of an archive and what was added: whether it opens, and what does not last."""

import io
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath

from service.archive import Archive, Record
from service.archive.additions import add_file, whole_picture
from service.archive.additions.addition import PDF, SUFFIXES, Addition
from service.archive.manifest import NAMES
from service.archive.record import StoredFile
from service.conversion import docx_check
from service.conversion.pdf.page_images import page_count
from service.errors import ArchiveFault, ArchiveUnavailable, ConversionFault, PayloadError
from service.four_properties.named import Instance, Wrong
from service.payload_json import parse

_CLAIM = re.compile(rb"<pdfaid:part>[1-4]</pdfaid:part>|pdfaid:part=[\"'][1-4]")  # ISO 19005
_MACROS = "vbaproject.bin"
ADDED = "added"  # the part of sealed copies, and of PDFs that the service has signed
#: The check of whether a part can be opened.
OPENS = {"pdf": "pdf_opens", "docx": "docx_opens", "payload": "payload_readable", ADDED: "added_opens"}
_LASTING = {".docx", ".odt", ".pdf"}


@dataclass
class Content:
    """What was found: numbers of documents read by part, and what is wrong, by the code of its check."""

    tenant: str | None = None
    read: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)  # missing or changed, so not read, by part
    pages: int = 0
    formats: Counter[str] = field(default_factory=Counter)
    added_pdfs: int = 0
    wrong: dict[str, Wrong] = field(init=False)

    def __post_init__(self) -> None:
        self.wrong = defaultdict(lambda: Wrong(self.tenant))

    def add(self, check: str, record: Record, file: str) -> None:
        """Notes that a check is not content with a file of a record."""
        self.wrong[check].add(Instance(record, file))

    def broken(self, part: str) -> int:
        """The number of documents of this part that do not open, or cannot be read at all."""
        return self.wrong[OPENS[part]].count + self.lost[part]

    def all(self, part: str) -> int:
        """The number of documents of this part, read or not."""
        return self.read[part] + self.lost[part]


def read_all(archive: Archive, on_progress: Callable[[object], None], tenant: str | None = None) -> Content:
    """Reads the documents of all records, and what was added; names those of a tenant, if one is given.

    Missing and changed files are counted: `verify` names them. Raises ArchiveUnavailable.
    """
    found = Content(tenant)
    for record in archive.records(all_versions=True):
        on_progress(found)
        for part in record.files:
            if (content := _read(found, archive, record.files[part], part)) is not None:
                _examine(found, archive, record, part, content)
        for addition in add_file.additions(archive, record):
            if (content := _read(found, archive, addition.file, ADDED)) is not None:
                _examine_added(found, record, addition, content)
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


def _examine_added(found: Content, record: Record, addition: Addition, content: bytes) -> None:
    """Sealed copies come from strangers: PDFs were opened in the sandbox when added, and are unchanged."""
    found.formats[SUFFIXES[addition.media_type]] += 1
    if addition.media_type == PDF:
        found.added_pdfs += 1
        if not _CLAIM.search(content):
            found.add("added_pdf_a", record, addition.name)
    elif not whole_picture.is_whole(content):
        found.add(OPENS[ADDED], record, addition.name)


def _examine(found: Content, archive: Archive, record: Record, part: str, content: bytes) -> None:
    if part == "original":  # of a stranger: not opened here
        suffix = _original_suffix(archive, record)
        found.formats[suffix or "?"] += 1
        if suffix is not None and suffix not in _LASTING:
            found.add("formats", record, f"原件 {suffix}".rstrip())
        return
    found.formats[{"payload": ".json"}.get(part, f".{part}")] += 1
    readable = {"payload": _payload, "docx": _docx, "pdf": _pdf}[part]
    if not readable(found, record, content):
        found.add(OPENS[part], record, NAMES[part])


def _original_suffix(archive: Archive, record: Record) -> str | None:
    """The suffix of an imported file's name; None without a manifest, which `verify` names."""
    try:
        return PurePath(archive.manifest(record)["original_name"] or "").suffix.lower()
    except ArchiveUnavailable:
        raise
    except ArchiveFault:
        return None


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
            found.add("no_macros", record, NAMES["docx"])
    return True


def _pdf(found: Content, record: Record, content: bytes) -> bool:
    if not _CLAIM.search(content):
        found.add("pdf_a", record, NAMES["pdf"])
    count = page_count(content)
    found.pages += count or 0
    return bool(count)
