"""Which record a file is of, and whether it is the archived one; nothing of the file is stored."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from service.archive import Archive, index
from service.archive.additions import addition_table
from service.archive.additions.addition import SEALED
from service.archive.object_store import sha256
from service.archive.record_tables import FILES, RECORDS
from service.config import Settings
from service.errors import Bilingual, KexieError, VerificationTimeout
from service.record_comparison import likely_records
from service.record_comparison.by_data import by_attached, by_reading
from service.record_comparison.identified import (
    CONTINUED,
    DESTROYED,
    MANIFEST,
    SAME_FILE,
    UNKNOWN,
    Identified,
    newest,
    of_records,
    of_tenant,
)
from service.record_history import destroyed_pdf, destroyed_search, destruction_entries
from service.sealed_copies import add_copy, match_record

_UNVERIFIED = Bilingual(
    "后面的内容已损坏、加密或签名太多，没有核验签名。",
    "What follows is damaged, encrypted or has too many signatures, which were not verified.",
)
_UNVERIFIED_FILE = Bilingual(
    "文件已损坏、加密或签名太多，没有核验签名。",
    "The file is damaged, encrypted or has too many signatures, which were not verified.",
)


def identify(
    archive: Archive, content: bytes, settings: Settings, tenant: str | None = None, name: str = ""
) -> Identified:
    """Compares a file with the archive's records, those of `tenant` alone if given; stores nothing.

    `name` is the file's, which may hold an id. Raises as `examine` and `filled_form.read` where the machine,
    not the file, is at fault, but for signatures that are not verified in time; ArchiveFault,
    ArchiveUnavailable.
    """
    found = _identified(archive, content, settings, tenant)
    if found.result != UNKNOWN:
        return found
    text = likely_records.text_of(content, name, settings)
    forms = {found.form} if found.form else likely_records.titled(text)
    return replace(
        found,
        likely=likely_records.likely(archive, content, text, tenant),
        forms=forms,
        uncompared=destroyed_search.number(archive, forms, tenant),
    )


def _identified(archive: Archive, content: bytes, settings: Settings, tenant: str | None) -> Identified:
    digest = sha256(content)
    if found := _same_file(archive, digest, tenant) or _destroyed(archive, digest, tenant):
        return found
    if not content.startswith(b"%PDF-"):
        return by_reading(archive, content, digest, settings, tenant)
    begun, archived = match_record.by_revision(archive, content)
    if records := of_tenant(tenant, begun):
        found = of_records(archive, CONTINUED, digest, records, continued=True)
        return replace(found, **_signatures(content, settings, match_record.ORIGINAL, archived))
    if gone := _continued_destroyed(archive, content, digest, tenant):
        return gone
    found = by_attached(archive, content, digest, tenant)
    found = found or by_reading(archive, content, digest, settings, tenant)
    found = replace(found, attached=found.result != UNKNOWN)
    if not _has_signatures(content):
        return found
    return replace(found, **_signatures(content, settings, match_record.UNKNOWN))


def _has_signatures(pdf: bytes) -> bool:
    """Whether a PDF may have signatures, which take a second to verify."""
    return b"/ByteRange" in pdf  # no signature is without (ISO 32000-2, 12.8.1)


def _same_file(archive: Archive, digest: str, tenant: str | None) -> Identified | None:
    with archive.reading() as connection:
        parts = dict(connection.execute(_parts(digest)).tuples().all())
        additions = {each.record: each for each in addition_table.by_files(connection, [digest])}
        records = of_tenant(tenant, index.by_keys(connection, [*parts, *additions]))
    if not records:
        return None
    key = newest(records).key
    added = None if key in parts else additions.get(key)
    finding = add_copy.finding(added) if added and added.kind == SEALED else None
    of = {"part": parts.get(key, ""), "addition": added, "finding": finding}
    return of_records(archive, SAME_FILE, digest, records, **of)


def _destroyed(archive: Archive, digest: str, tenant: str | None) -> Identified | None:
    with archive.reading() as connection:
        found = destruction_entries.with_file(connection, digest, tenant)
    return Identified(DESTROYED, digest, part=found.file(digest), destroyed=found) if found else None


def _continued_destroyed(archive: Archive, pdf: bytes, digest: str, tenant: str | None) -> Identified | None:
    with archive.reading() as connection:
        begun = destroyed_pdf.begun_with(connection, pdf, tenant)
    if begun is None:
        return None
    of, original = begun
    return Identified(DESTROYED, digest, part=of.file(original), destroyed=of, continued=True)


def _parts(digest: str) -> sa.CompoundSelect[Any]:
    files = sa.select(FILES.c.record, FILES.c.part).where(FILES.c.sha256 == digest)
    manifests = sa.select(RECORDS.c.key, sa.literal(MANIFEST)).where(RECORDS.c.manifest == digest)
    return files.union_all(manifests)


def _signatures(pdf: bytes, settings: Settings, matched: str, archived: int = 0) -> dict[str, Any]:
    """What was found of the signatures, or why nothing was, as fields of `Identified`."""
    if not _has_signatures(pdf):
        return {"finding": add_copy.found_in({"signatures": [], "verdict": None, "match": matched})}
    try:
        result = add_copy.signatures_of(pdf, settings, archived)
    except VerificationTimeout as error:
        return {"unverified": error.text, "unfinished": True}
    except KexieError as error:
        if error.status >= 500:
            raise
        return {"unverified": _UNVERIFIED if archived else _UNVERIFIED_FILE}
    return {"finding": add_copy.found_in({**result, "match": matched})}
