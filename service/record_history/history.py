"""All that an archive has of one record: files, who archived it, how long it is kept, who may destroy it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.access import ApiKey
from service.access.actors import Actors
from service.archive import Archive, Record
from service.archive.additions import add_file
from service.archive.additions.addition import Addition
from service.record_history.archiving import Archiving, archivings
from service.record_history.destruction_entries import DestroyedRecord
from service.record_history.exports import Exports, exports
from service.record_history.keeping import Keeping, keeping, period_of_destroyed
from service.retention import periods
from service.retention.periods import Period
from service.retention.second_person import may_destroy

_EXPORTS, _VERSIONS = 20, 200


@dataclass(frozen=True)
class RecordHistory:
    """A record with what the audit log, the retention periods and the keys say of it.

    `may_destroy` are the keys of its tenant with which it is destroyed, `also_in` the other records with the
    same file as an addition, by the name of that, `exports` include downloads. `versions` are
    its newest 200, itself too, and `archivings` of them by key.
    """

    record: Record
    versions: Sequence[Record]
    archivings: Mapping[str, Archiving]
    additions: Sequence[Addition]
    also_in: Mapping[str, Sequence[Record]]
    exports: Exports
    keeping: Keeping
    may_destroy: Sequence[ApiKey]
    actors: Actors

    @property
    def archiving(self) -> Archiving | None:
        """How it was archived; None if it is older than the log."""
        return self.archivings.get(self.record.key)


@dataclass(frozen=True)
class DestroyedHistory:
    """The destroyed versions of a record, the one asked for first, with what the audit log says of them.

    `period` is that after which the first was destroyed, None for a tenant that was removed whole, and
    `period_reason` why it was set, "" if that is not known.
    """

    versions: Sequence[DestroyedRecord]
    period: Period | None
    period_reason: str
    archivings: Mapping[str, Archiving]
    exports: Exports
    actors: Actors


def destroyed_history(archive: Archive, versions: Sequence[DestroyedRecord]) -> DestroyedHistory:
    """The history of a destroyed record by its versions."""
    with archive.reading() as connection:
        archived = archivings(connection, [each.key for each in versions])
        left = exports(connection, versions[0], _EXPORTS)
        period = period_of_destroyed(connection, versions[0])
        reason = periods.reason_for(connection, period) if period else ""
    return DestroyedHistory(versions, period, reason, archived, left, Actors.of(archive))


def history(archive: Archive, record: Record) -> RecordHistory:
    """The history of a record."""
    versions = archive.versions(record, _VERSIONS)
    with archive.reading() as connection:
        archived = archivings(connection, [record.key, *(each.key for each in versions)])
        left = exports(connection, record, _EXPORTS)
    additions = add_file.additions(archive, record)
    return RecordHistory(
        record,
        versions,
        archived,
        additions,
        {each.name: add_file.also_in(archive, each) for each in additions},
        left,
        keeping(archive, record),
        may_destroy(archive, record.tenant),
        Actors.of(archive),
    )
