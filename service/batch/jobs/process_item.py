"""The one function that does an item: validate, render, convert, archive; and what becomes of it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from service import catalog, pipeline
from service.archive import Archive, Entry, Pending, Record
from service.archive.object_store import stored_file
from service.batch.jobs import item_errors, item_queue
from service.batch.jobs.item_queue import Claim
from service.catalog import Edition
from service.config import Settings
from service.errors import ArchiveFault, ArchiveUnwritable, ConversionFault, FieldError, KexieError
from service.submission import dump, parse, validate

_MOST_CLAIMS = 50  # an item that ends whole machines must not go on for ever
_LATER = 5.0  # seconds before an item that could not be written is tried again

_log = logging.getLogger("kexie.batch")


@dataclass(frozen=True)
class Stored:
    """The documents are stored; the record is to be written with the mark."""

    pending: Pending


@dataclass(frozen=True)
class AlreadyArchived:
    """The same submission is archived already."""

    record: Record


@dataclass(frozen=True)
class Refused:
    """The item itself is at fault."""

    errors: Sequence[FieldError]


@dataclass(frozen=True)
class Postponed:
    """Something befell it that may pass."""

    errors: Sequence[FieldError]


@dataclass(frozen=True)
class Reported:
    """The item is done, and `told` (JSON) is kept of it; with a record, or one that is to be written."""

    told: str
    record: Record | Pending | None = None


@dataclass(frozen=True)
class ArchiveUnwritten:
    """The archive cannot be written: no fault of the item, which is handed back."""

    error: ArchiveUnwritable


Outcome = Stored | AlreadyArchived | Refused | Postponed | Reported | ArchiveUnwritten
ItemProcessor = Callable[[Claim, Archive, Settings], Outcome]


def process(claim: Claim, archive: Archive, settings: Settings) -> Outcome:
    """Does what an item asks for, but for the marks in the tables; never raises an Exception."""
    return outcome_of(claim, lambda: _work(claim, archive, settings))


def outcome_of(
    claim: Claim, working: Callable[[], Outcome], passes: Callable[[KexieError], bool] | None = None
) -> Outcome:
    """What `working` makes of an item; an outcome too where it raises. `passes` tells what may pass."""
    if claim.attempt > _MOST_CLAIMS:
        return Refused([item_errors.worker_lost()])
    try:
        return working()
    except ArchiveUnwritable as error:
        return ArchiveUnwritten(error)
    except KexieError as error:
        return (
            Postponed(item_errors.errors_of(error))
            if (passes or _passes)(error)
            else Refused(item_errors.errors_of(error))
        )
    except Exception as error:
        trace = "".join(traceback.format_tb(error.__traceback__))  # its text may hold the data
        _log.error("item %d: %s\n%s", claim.id, type(error).__name__, trace)
        return Refused([item_errors.service_failed()])


def _passes(error: KexieError) -> bool:
    """Whether another try may go well: the queue was full, a deadline passed, something was not there."""
    busy = error.status in (429, 503)
    return busy or isinstance(error, ArchiveFault) or type(error) is ConversionFault


def _work(claim: Claim, archive: Archive, settings: Settings) -> Outcome:
    edition = catalog.edition(claim.form, claim.year)
    submission = validate(edition, parse(claim.payload))
    payload = dump(submission.payload)
    newest = archive.latest(claim.tenant, claim.form, claim.year, claim.submitter)
    if newest and _is_this(newest, claim, edition, payload):
        return AlreadyArchived(newest)
    made = pipeline.produce(submission, claim.formats, settings, prove=True)
    entry = Entry(
        claim.form,
        claim.year,
        claim.submitter,
        edition.summary(),
        {"payload": payload, **made.documents},
        datetime.fromtimestamp(claim.created, UTC),
        claim.tenant,
        [warning.as_dict() for warning in made.warnings],
    )
    return Stored(archive.store_behind(newest, entry))


def _is_this(newest: Record, claim: Claim, edition: Edition, payload: bytes) -> bool:
    """Whether a version is of the same payload and template, and has every format asked for."""
    same = newest.edition_hash == edition.edition_hash and newest.files.get("payload") == stored_file(payload)
    return same and newest.files.keys() >= set(claim.formats)


def mark(
    connection: Connection, archive: Archive, worker: str, claim: Claim, outcome: Outcome, now: float
) -> None:
    """Writes what became of an item, and its record, in the caller's transaction.

    Nothing where the lease was over and another worker has the item: what that one writes, counts.
    """
    match outcome:
        case Refused(errors):
            item_queue.fail(connection, worker, claim, errors)
        case Postponed(errors):
            item_queue.release(connection, worker, claim, errors, now)
        case ArchiveUnwritten(_):
            item_queue.requeue(connection, worker, claim, now + _LATER)
        case AlreadyArchived(record):
            if item_queue.done(connection, worker, claim):
                item_queue.set_record(connection, claim, record.key)
        case Stored(pending):
            if item_queue.done(connection, worker, claim):
                item_queue.set_record(connection, claim, archive.record(pending, connection).key)
        case Reported(told, record):
            if item_queue.done(connection, worker, claim):
                if isinstance(record, Pending):
                    record = archive.record(record, connection)
                item_queue.set_record(connection, claim, record.key if record else None, told)
