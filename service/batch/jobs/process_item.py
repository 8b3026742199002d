"""Processing of one item: a payload, or a document that is read first."""

from datetime import UTC, datetime

from service import catalog, pipeline
from service.archive import Archive, Entry, Record
from service.archive.object_store import stored_file
from service.batch.jobs import process_document, taken_id
from service.batch.jobs.item_outcome import Done, Outcome, Refused, outcome_of
from service.batch.jobs.item_queue import ItemClaim
from service.catalog import Edition
from service.character_notices import notices
from service.config import Settings
from service.payload_json import dump, parse
from service.submission import review


def process(claim: ItemClaim, archive: Archive, settings: Settings) -> Outcome:
    """Processes an item without marking it; never raises an Exception."""
    work = _work if claim.document is None else process_document.work
    return outcome_of(claim, lambda: work(claim, archive, settings))


def _work(claim: ItemClaim, archive: Archive, settings: Settings) -> Outcome:
    edition = catalog.edition(claim.form, claim.year)
    submission, remarks = review(edition, parse(claim.payload), complete=claim.complete)
    noticed = [each.as_error() for each in notices(submission)]
    payload = dump(submission.payload)
    newest = archive.latest(claim.tenant, claim.form, claim.year, claim.submitter)
    if newest and _is_this(newest, claim, edition, payload):
        return Done(newest, remarks=remarks, notices=noticed)
    if taken := taken_id.error(archive, claim, newest, submission):
        return Refused([taken], remarks, noticed)
    made = pipeline.produce(submission, claim.formats, settings, prove=True)
    entry = Entry(
        claim.form,
        claim.year,
        claim.submitter,
        edition.summary(),
        {"payload": payload, **made.documents},
        datetime.fromtimestamp(claim.created, UTC),
        claim.tenant,
        [*(each.as_dict() for each in claim.warnings), *(each.as_dict() for each in made.warnings)],
    )
    pending = taken_id.only_behind(newest, claim, archive.store_behind(newest, entry))
    return Done(pending, remarks=remarks, notices=noticed)


def _is_this(newest: Record, claim: ItemClaim, edition: Edition, payload: bytes) -> bool:
    """Whether a version has the same payload and template, and every requested format."""
    same = newest.edition_hash == edition.edition_hash and newest.files.get("payload") == stored_file(payload)
    return same and newest.files.keys() >= set(claim.formats)
