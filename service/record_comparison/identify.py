"""Which record a file is of, and whether it is the archived one; nothing of the file is stored."""

import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from service import filled_form
from service.answers import comparison
from service.answers.comparison import Difference
from service.archive import Archive, Record, index
from service.archive.additions import addition_table
from service.archive.additions.addition import SEALED, SIGNED, Addition
from service.archive.object_store import sha256
from service.archive.record_tables import FILES, RECORDS
from service.archive.search import search_text
from service.catalog import Edition
from service.config import Settings
from service.errors import Bilingual, KexieError, VerificationTimeout
from service.extraction import ReadingWarning
from service.payload_json import parse
from service.record_comparison import likely_records, sides
from service.record_comparison.likely_records import LikelyRecord
from service.record_history import destroyed_pdf, destruction
from service.record_history.destruction import DestroyedRecord
from service.sealed_copies import add_copy, match_record
from service.sealed_copies.add_copy import Finding

SAME_FILE, CONTINUED, SAME_DATA = "same_file", "continued", "same_data"
OTHER_DATA, DESTROYED, UNKNOWN = "other_data", "destroyed", "unknown"
RESULTS = (SAME_FILE, CONTINUED, SAME_DATA, OTHER_DATA, DESTROYED, UNKNOWN)
MANIFEST = "manifest"
_NO_REASON = Bilingual("", "")
_COMPARED, _SEEN = 20, 200  # records of the same submitter, of names that contain it
_SCAN = Bilingual(
    "扫描件和另行生成的 PDF 里没有可以比对的数据。请扫封面页上的二维码，或按编号、名称查到那条档案，"
    "人工核对。",
    "A scan, or a PDF made elsewhere, has no data to compare. Find the record by the QR code of its cover "
    "sheet, its id or its name, and compare it yourself.",
)
_UNVERIFIED = Bilingual(
    "后面的内容已损坏、加密或签名太多，没有核验签名。",
    "What follows is damaged, encrypted or has too many signatures, which were not verified.",
)
_NOBODY = Bilingual(
    "档案中没有同一年度、同一表单、同一名称的记录。",
    "The archive has no record of the same form, year and submitter.",
)


@dataclass(frozen=True)
class Identified:
    """What a file is: one of RESULTS, the record it is of if any, and the number of its newest version.

    `part` is what of the record it is, if it is archived: a part, MANIFEST, or the addition `addition`.
    `finding` is what was found of its signatures, `others` further records with the same file, `reason` why
    nothing is known, `likely` what it then may be of. `destroyed` is the record whose file it was, or with
    whose PDF it begins if `continued`, and `part` that file's name in the list. `attached`: what was compared
    are the data attached to a PDF, not its pages.
    """

    result: str
    sha256: str
    record: Record | None = None
    newest: int = 0
    part: str = ""
    addition: Addition | None = None
    finding: Finding | None = None
    others: Sequence[Record] = ()
    differences: Sequence[Difference] = ()
    doubts: Sequence[ReadingWarning] = ()
    reason: Bilingual = _NO_REASON
    destroyed: DestroyedRecord | None = None
    likely: Sequence[LikelyRecord] = ()
    attached: bool = False
    continued: bool = False

    @property
    def file(self) -> str:
        """The name of the file of the record that it is, as routes and the audit log have it."""
        if self.addition is None:
            return self.part
        return SIGNED if self.addition.kind == SIGNED else f"{SEALED}-{self.addition.number}"

    @property
    def unproved(self) -> bool:
        """Whether the archived PDF was continued, and no valid signature covers what its pages show now."""
        return self.finding.unproved if self.finding else self.result == CONTINUED

    @property
    def unfinished(self) -> bool:
        """Whether signatures behind the archived PDF were not verified in time."""
        return self.result == CONTINUED and self.finding is None and self.reason is not _UNVERIFIED

    @property
    def sealed_copy(self) -> Addition | None:
        """The sealed copy that it is, if it was added to its record as one."""
        return self.addition if self.addition and self.addition.kind == SEALED else None


def identify(
    archive: Archive, content: bytes, settings: Settings, tenant: str | None = None, name: str = ""
) -> Identified:
    """Compares a file with the archive's records, those of `tenant` alone if given; stores nothing.

    `name` is the file's, which may hold an id. Raises as `examine` and `filled_form.read` where the machine,
    not the file, is at fault; ArchiveFault, ArchiveUnavailable.
    """
    found = _identified(archive, content, settings, tenant)
    if found.result != UNKNOWN:
        return found
    return replace(found, likely=likely_records.likely(archive, content, name, settings, tenant))


def _identified(archive: Archive, content: bytes, settings: Settings, tenant: str | None) -> Identified:
    digest = sha256(content)
    if found := _same_file(archive, digest, tenant) or _destroyed(archive, digest, tenant):
        return found
    if not content.startswith(b"%PDF-"):
        return _by_reading(archive, content, digest, settings, tenant)
    begun, archived = match_record.by_revision(archive, content)
    if records := _of(tenant, begun):
        finding, reason = _signatures(content, settings, match_record.ORIGINAL, archived)
        of = {"finding": finding, "reason": reason, "continued": True}
        return _named(archive, CONTINUED, digest, records, **of)
    if gone := _continued_destroyed(archive, content, digest, tenant):
        return gone
    if records := _of(tenant, match_record.by_data(archive, content) or ()):
        found = _named(archive, SAME_DATA, digest, records)
    else:
        found = _by_reading(archive, content, digest, settings, tenant)
    found = replace(found, attached=found.record is not None)
    if not _has_signatures(content):
        return found
    return replace(found, finding=_signatures(content, settings, match_record.UNKNOWN)[0])


def _has_signatures(pdf: bytes) -> bool:
    """Whether a PDF may have signatures, which take a second to verify."""
    return b"/ByteRange" in pdf  # no signature is without (ISO 32000-2, 12.8.1)


def _same_file(archive: Archive, digest: str, tenant: str | None) -> Identified | None:
    with archive.reading() as connection:
        parts = dict(connection.execute(_parts(digest)).tuples().all())
        additions = {each.record: each for each in addition_table.by_files(connection, [digest])}
        records = _of(tenant, index.by_keys(connection, [*parts, *additions]))
    if not records:
        return None
    key = _newest(records).key
    added = None if key in parts else additions.get(key)
    finding = add_copy.finding(added) if added and added.kind == SEALED else None
    of = {"part": parts.get(key, ""), "addition": added, "finding": finding}
    return _named(archive, SAME_FILE, digest, records, **of)


def _destroyed(archive: Archive, digest: str, tenant: str | None) -> Identified | None:
    with archive.reading() as connection:
        found = destruction.with_file(connection, digest, tenant)
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


def _of(tenant: str | None, records: Collection[Record]) -> list[Record]:
    return [each for each in records if tenant in (None, each.tenant)]


def _newest(records: Collection[Record]) -> Record:
    return max(records, key=lambda each: (each.version, each.created))


def _named(
    archive: Archive, result: str, digest: str, records: Collection[Record], **more: Any
) -> Identified:
    found = _newest(records)
    others = sorted((each for each in records if each != found), key=lambda each: (each.id, each.version))
    return Identified(result, digest, found, archive.versions(found, 1)[0].version, others=others, **more)


def _signatures(
    pdf: bytes, settings: Settings, matched: str, archived: int = 0
) -> tuple[Finding | None, Bilingual]:
    if not _has_signatures(pdf):
        return add_copy.found_in({"signatures": [], "verdict": None, "match": matched}), _NO_REASON
    try:
        result = add_copy.signatures_of(pdf, settings, archived)
    except KexieError as error:
        if isinstance(error, VerificationTimeout) and matched == match_record.ORIGINAL:
            return None, error.text
        if error.status >= 500:
            raise
        return None, _UNVERIFIED
    return add_copy.found_in({**result, "match": matched}), _NO_REASON


def _by_reading(
    archive: Archive, content: bytes, digest: str, settings: Settings, tenant: str | None
) -> Identified:
    """By the data in a file: the record of the same submitter from which they differ least."""
    try:
        edition, data, doubts = _read(content, settings)
    except KexieError as error:
        if error.status >= 500:
            raise
        scanned = content.startswith(tuple(add_copy.SIGNS))
        return Identified(UNKNOWN, digest, reason=_SCAN if scanned else error.text)
    compared = [
        (comparison.compare(edition, parse(archive.read(each, "payload")), data), each)
        for each in _candidates(archive, edition, data, tenant)
    ]
    if not compared:
        return Identified(UNKNOWN, digest, doubts=doubts, reason=_NOBODY)
    differences, record = min(compared, key=lambda pair: len(pair[0]))
    result = OTHER_DATA if differences else SAME_DATA
    return _named(archive, result, digest, [record], differences=differences, doubts=doubts)


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
