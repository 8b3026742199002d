"""The outcome of one item: done, refused, postponed; and how the item is marked with it."""

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from service.archive import Archive, Pending, Record
from service.audit import audit_chain
from service.audit.event import SAME, process_actor
from service.batch.jobs import item_errors, item_queue, item_remarks
from service.batch.jobs.item_queue import ItemClaim
from service.config import Settings
from service.errors import ArchiveFault, ArchiveUnwritable, ConversionFault, FieldError, KexieError, Remarks

_MOST_CLAIMS = 50  # an item that crashes whole machines must end at some time
_LATER = 5.0  # seconds until an item that could not be archived is retried

_log = logging.getLogger("kexie.batch")


@dataclass(frozen=True)
class Done:
    """The item is done: with an archived record, one that `mark` writes, or none, and a `report` (JSON).

    `notices` are of what validation changed in its payload, and doubts about the document it was read from.
    """

    record: Record | Pending | None
    report: str | None = None
    remarks: Remarks | None = None
    notices: Sequence[FieldError] = ()

    @property
    def ends_outage(self) -> bool:
        """Whether the object store is in order again: not shown by a submission that was archived before."""
        return self.report is not None or not isinstance(self.record, Record)


@dataclass(frozen=True)
class Refused:
    """The item itself is invalid; `notices` are doubts about the document that it was read from."""

    errors: Sequence[FieldError]
    remarks: Remarks | None = None
    notices: Sequence[FieldError] = ()


@dataclass(frozen=True)
class Postponed:
    """A transient error occurred: the item is retried."""

    errors: Sequence[FieldError]


@dataclass(frozen=True)
class ArchiveUnwritten:
    """The archive cannot be written: the item is requeued without blame."""

    error: ArchiveUnwritable


Outcome = Done | Refused | Postponed | ArchiveUnwritten
ItemProcessor = Callable[[ItemClaim, Archive, Settings], Outcome]


def outcome_of(
    claim: ItemClaim, work: Callable[[], Outcome], transient: Callable[[KexieError], bool] | None = None
) -> Outcome:
    """Calls `work`, and turns what it raises into an outcome. `transient` selects the errors to retry."""
    if claim.attempt > _MOST_CLAIMS:
        return Refused([item_errors.worker_lost()])
    try:
        return work()
    except ArchiveUnwritable as error:
        return ArchiveUnwritten(error)
    except KexieError as error:
        errors = item_errors.errors_of(error)
        is_transient = (transient or _transient)(error)
        return Postponed(errors) if is_transient else Refused(errors, error.remarks)
    except Exception as error:
        trace = "".join(traceback.format_tb(error.__traceback__))  # the error's text may contain the data
        _log.error("item %d: %s\n%s", claim.id, type(error).__name__, trace)
        return Refused([item_errors.service_failed()])


def _transient(error: KexieError) -> bool:
    """Whether a retry may succeed: a full queue, a timeout, an unavailable archive."""
    return error.status in (429, 503) or isinstance(error, ArchiveFault) or type(error) is ConversionFault


def mark(
    connection: Connection, archive: Archive, worker: str, claim: ItemClaim, outcome: Outcome, now: float
) -> None:
    """Marks an item with its outcome and writes its record, in the caller's transaction.

    Does nothing if the lease has expired and another worker has claimed the item.
    """
    match outcome:
        case Refused(errors, remarks, noticed):
            item_queue.fail(connection, worker, claim, errors)
            item_remarks.store(connection, claim.id, remarks, errors)
            item_remarks.add_warnings(connection, claim.id, claim.warnings, noticed)
        case Postponed(errors):
            item_queue.release(connection, worker, claim, errors, now)
        case ArchiveUnwritten(_):
            item_queue.requeue(connection, worker, claim, now + _LATER)
        case Done(record, report, remarks, noticed):
            if item_queue.done(connection, worker, claim):
                by = replace(process_actor("worker"), batch=claim.batch)
                if isinstance(record, Pending):
                    record = archive.record(record, connection, by)
                elif record:
                    audit_chain.note_archived(connection, record, by, SAME)
                item_queue.set_record(connection, claim, record, report)
                item_remarks.store(connection, claim.id, remarks)
                item_remarks.add_warnings(connection, claim.id, claim.warnings, noticed)
