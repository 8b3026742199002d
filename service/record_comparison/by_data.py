"""What a file is by the data in it: those of a record, or other data of the same submitter."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from service import filled_form
from service.answers import payload_comparison
from service.archive import Archive, Record
from service.archive.object_store import sha256
from service.archive.search import search_text
from service.catalog import Edition
from service.config import Settings
from service.errors import Bilingual, KexieError
from service.extraction import ReadingWarning
from service.payload_json import dump, parse
from service.record_comparison import sides
from service.record_comparison.identified import (
    DESTROYED,
    OTHER_DATA,
    SAME_DATA,
    UNKNOWN,
    Identified,
    of_records,
    of_tenant,
)
from service.record_history import destruction_entries
from service.sealed_copies import add_copy, match_record

_COMPARED, _SEEN = 20, 200  # records of the same submitter, of names that contain it
_SCAN = Bilingual(
    "扫描件和另行生成的 PDF 里没有可以比对的数据。请扫封面页上的二维码，或按编号、名称查到那条档案，"
    "人工核对。",
    "A scan, or a PDF made elsewhere, has no data to compare. Find the record by the QR code of its cover "
    "sheet, its id or its name, and compare it yourself.",
)
_PAYLOAD = "payload"  # its name in destruction lists
_NOBODY = Bilingual(
    "档案中没有同一年度、同一表单、同一名称的记录。",
    "The archive has no record of the same form, year and submitter.",
)


def by_attached(archive: Archive, pdf: bytes, digest: str, tenant: str | None) -> Identified | None:
    """By the payload attached to a PDF: the record with that payload, or the destroyed one."""
    payload = match_record.carried(pdf)
    if payload is None:
        return None
    if records := of_tenant(tenant, match_record.by_payload(archive, payload)):
        return of_records(archive, SAME_DATA, digest, records)
    return _destroyed(archive, payload, digest, tenant)


def by_reading(
    archive: Archive, content: bytes, digest: str, settings: Settings, tenant: str | None
) -> Identified:
    """By the data in a file: the record of the same submitter from which they differ least, or a destroyed
    one with the same.

    Raises as `filled_form.read` where the machine is at fault; ArchiveFault, ArchiveUnavailable.
    """
    try:
        edition, data, doubts = _read(content, settings)
    except KexieError as error:
        if error.status >= 500:
            raise
        scanned = content.startswith(tuple(add_copy.SIGNS))
        return Identified(UNKNOWN, digest, reason=_SCAN if scanned else error.text)
    compared = [
        (payload_comparison.compare(edition, parse(archive.read(each, "payload")), data), each)
        for each in _candidates(archive, edition, data, tenant)
    ]
    differences, record = min(compared, key=lambda pair: len(pair[0]), default=((), None))
    if (differences or not record) and (gone := _destroyed(archive, dump(data), digest, tenant)):
        return gone
    if record is None:
        return Identified(UNKNOWN, digest, doubts=doubts, reason=_NOBODY, form=edition.form)
    result = OTHER_DATA if differences else SAME_DATA
    return of_records(archive, result, digest, [record], differences=differences, doubts=doubts)


def _destroyed(archive: Archive, payload: bytes, digest: str, tenant: str | None) -> Identified | None:
    """The destroyed record with that payload, of which its list keeps the hash."""
    of = sha256(payload)
    with archive.reading() as connection:
        found = destruction_entries.with_file(connection, of, tenant)
    return Identified(DESTROYED, digest, destroyed=found) if found and found.file(of) == _PAYLOAD else None


def _read(content: bytes, settings: Settings) -> tuple[Edition, Any, Sequence[ReadingWarning]]:
    if content.lstrip()[:1] == b"{":
        return *sides.saved(parse(content)), ()
    found = filled_form.read(content, settings=settings)
    return found.edition, found.data, found.warnings


def _candidates(archive: Archive, edition: Edition, data: Any, tenant: str | None) -> Iterator[Record]:
    """The versions of the submitter's submissions that were archived last."""
    name = search_text.folded(edition.schema.submitter_in(data))
    if not name:
        return
    wanted: dict[str, Any] = {"tenant": tenant, "name": name, "all_versions": True, "sort": "-created"}
    found = archive.records(edition.form, edition.year, limit=_SEEN, **wanted)
    own = (each for each in found if search_text.folded(each.submitter) == name and "payload" in each.files)
    yield from itertools.islice(own, _COMPARED)
