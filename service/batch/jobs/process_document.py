"""Reads a filled form and archives its data and documents with the file itself as original."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from service import filled_form, pipeline
from service.archive import Archive, Entry, Pending, Record
from service.archive.object_store import stored_file
from service.batch.jobs import item_errors, taken_id
from service.batch.jobs.item_outcome import Done, Outcome, Refused
from service.batch.jobs.item_queue import ItemClaim
from service.character_notices import notices
from service.config import Settings
from service.errors import Bilingual, FieldError, InvalidPayload
from service.extraction import ReadingWarning
from service.payload_json import dump
from service.submission import Submission, review


@dataclass(frozen=True)
class Original:
    """A file with a filled form: its name and its bytes."""

    name: str
    content: bytes


def work(claim: ItemClaim, archive: Archive, settings: Settings) -> Outcome:
    """Reads the document of an item and archives it. Raises KexieError for one that cannot be read."""
    original = Original(claim.document or "", claim.payload)
    read = filled_form.examine(original.content, claim.form or None, claim.year or None, settings)
    doubts = tuple(map(doubt, read.extraction.warnings))
    try:
        submission, remarks = review(read.extraction.edition, read.extraction.data, complete=claim.complete)
    except InvalidPayload as error:
        return Refused(item_errors.errors_of(error), error.remarks, doubts)
    noticed = (*doubts, *(each.as_error() for each in notices(submission)))
    if (record := archived(claim, archive, original)) and _is_of(record, submission, claim):
        return Done(record, remarks=remarks, notices=noticed)
    edition = submission.edition
    if repeated := taken_id.in_batch(archive, claim, edition):
        return Refused([repeated], remarks, noticed)
    newest = archive.latest(claim.tenant, edition.form, edition.year, claim.submitter)
    if taken := taken_id.error(archive, claim, newest, submission):
        return Refused([taken], remarks, noticed)
    made = ArchivedDocument.of(claim, archive, settings, read, submission, original)
    pending = taken_id.only_behind(newest, claim, made.pending)
    return Done(pending, remarks=remarks, notices=noticed)


def _is_of(record: Record, submission: Submission, claim: ItemClaim) -> bool:
    """Whether a record of the same original is of this edition, and has every format."""
    same = record.edition_hash == submission.edition.edition_hash
    return same and record.files.keys() >= set(claim.formats)


@dataclass(frozen=True)
class ArchivedDocument:
    """A stored submission, not yet recorded, with the warnings of reading and the differences in layout."""

    pending: Pending
    reading: Sequence[dict[str, Any]]
    layout: Sequence[dict[str, Any]]

    @classmethod
    def of(
        cls,
        claim: ItemClaim,
        archive: Archive,
        settings: Settings,
        read: filled_form.Examination,
        submission: Submission,
        original: Original,
    ) -> "ArchivedDocument":
        """Makes the documents of a submission that was read, and stores them."""
        formats = tuple(each for each in pipeline.FORMATS if each in claim.formats) or pipeline.FORMATS
        made = pipeline.produce(submission, formats, settings, prove=True)
        reading = [{"kind": "reading", **warning.as_dict()} for warning in read.extraction.warnings]
        differences = read.certificate.differences if read.certificate else ()
        layout = [{"kind": "layout", **difference.as_dict()} for difference in differences]
        edition = submission.edition
        files = {"payload": dump(submission.payload), **made.documents, "original": original.content}
        entry = Entry(
            edition.form,
            edition.year,
            claim.submitter,
            edition.summary(),
            files,
            datetime.fromtimestamp(claim.created, UTC),
            claim.tenant,
            [*reading, *layout, *(warning.as_dict() for warning in made.warnings)],
            original.name,
        )
        return cls(archive.store(entry), reading, layout)


def archived(claim: ItemClaim, archive: Archive, original: Original) -> Record | None:
    """The newest record of this id and year with the same original."""
    same = stored_file(original.content)
    found: Iterator[Record] = archive.records(
        form=claim.form or None, year=claim.year or None, id=claim.submitter, tenant=claim.tenant
    )
    return next((each for each in found if each.files.get("original") == same), None)


def doubt(warning: ReadingWarning) -> FieldError:
    """A warning of reading with its place in the document."""
    zh, en = warning.place.zh, warning.place.en
    if warning.text:
        zh, en = f"{zh}“{warning.text}”", f"{en}, '{warning.text}'"
    text = Bilingual(f"{zh}：{warning.message.zh}", f"{en}: {warning.message.en}")
    return FieldError(warning.pointer, warning.label, warning.code, text)
