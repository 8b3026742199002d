"""Entries to archive, and the records of archived ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from schemas.characters import TEXT, code_point
from service.conversion import lone_lines
from service.errors import Bilingual, UsageError

#: The parts of a record, in the order of its manifest; `original` is a filled document that was imported.
PARTS = ("payload", "docx", "pdf", "original")
NO_TENANT = ""
ID_MAXIMUM, TENANT_MAXIMUM = 200, 100  # characters


@dataclass(frozen=True)
class Entry:
    """A submission and its documents to archive.

    `id` is the submitter's own key, unique in tenant, form and year. `created` (UTC) is when processing of
    the entry began; a retry after a crash keeps it, and so the bytes of its manifest.
    """

    form: str
    year: int
    id: str
    edition: Mapping[str, Any]  # `Edition.summary()`
    files: Mapping[str, bytes]  # by part
    created: datetime
    tenant: str = NO_TENANT
    warnings: Sequence[Mapping[str, Any]] = ()
    original_name: str | None = None
    reason: str | None = None  # why a further version exists, if not by the submitter
    rules: int = lone_lines.LATEST  # of the PDF's typesetting


@dataclass(frozen=True)
class StoredFile:
    """A file of a record: its SHA-256 in hexadecimal, which names the object, and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Record:
    """One archived version of a submission; never changed.

    `key` names it in URLs: derived from tenant, form, year, id and version, without revealing them.
    `manifest` is the SHA-256 of the manifest's bytes. `submitter` is the name in its payload, "" if there is
    none; `pages` are those of its PDF, None if unknown; both are the index's, not the manifest's.
    """

    key: str
    tenant: str
    form: str
    year: int
    id: str
    version: int
    edition_hash: str
    created: datetime
    manifest: str
    files: Mapping[str, StoredFile] = field(default_factory=dict)
    warnings: int = 0
    submitter: str = field(default="", compare=False)
    pages: int | None = field(default=None, compare=False)


def check(entry: Entry) -> None:
    """Raises UsageError if the id or the tenant is invalid, or a file is missing or unknown."""
    _check_name(Bilingual("编号", "id"), entry.id, 1, ID_MAXIMUM)
    _check_name(Bilingual("租户", "tenant"), entry.tenant, 0, TENANT_MAXIMUM)
    if not entry.files or set(entry.files) - set(PARTS):
        raise UsageError(
            f"一条记录至少有一个文件，且只能是：{'、'.join(PARTS)}。",
            f"A record has at least one file, and no others than: {', '.join(PARTS)}.",
        )


def is_visible(text: str) -> bool:
    """Whether every character of a text is seen; the wide space of Chinese names counts as that."""
    return not unseen(text)[0]


def unseen(text: str) -> tuple[str, str]:
    """Names characters of a text that nobody sees, in Chinese and English; "" if there are none."""
    zh, en = TEXT.named(text)
    if zh:
        return zh, en
    hidden = next((each for each in text if not each.isprintable() and each != "\u3000"), None)
    return ("", "") if hidden is None else (code_point(hidden), code_point(hidden))


def _check_name(what: Bilingual, value: str, least: int, most: int) -> None:
    zh, en = unseen(value)
    if zh:
        raise UsageError(
            f"{what.zh}中有看不见的 {zh}，请删去：{value[:40]!r}。",
            f"The {what.en} has {en}, which cannot be seen; remove it: {value[:40]!r}.",
        )
    if len(value) > most or (least and not value.strip()):
        raise UsageError(
            f"{what.zh}须为 {least} 至 {most} 个可见字符，请改正：{value[:40]!r}。",
            f"The {what.en} must have {least} to {most} printable characters; correct it: {value[:40]!r}.",
        )
