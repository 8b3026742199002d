"""All that an archive has of one record: files, who archived it, how long it is kept, who may destroy it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.access import ApiKey, ApiKeys
from service.access.actors import Actors, holders
from service.archive import Archive, Record
from service.archive.additions import add_file
from service.archive.additions.addition import Addition
from service.record_history.archiving import Archiving, archiving
from service.record_history.exports import Export, exports
from service.record_history.keeping import Keeping, keeping

_EXPORTS = 20


@dataclass(frozen=True)
class RecordHistory:
    """A record with what the audit log, the retention periods and the keys say of it.

    `may_destroy` are the keys of its tenant with which it is destroyed, `also_in` the other records with the
    same file as an addition, by the name of that, `exports` the latest ones and downloads.
    """

    record: Record
    archiving: Archiving | None
    additions: Sequence[Addition]
    also_in: Mapping[str, Sequence[Record]]
    exports: Sequence[Export]
    keeping: Keeping
    may_destroy: Sequence[ApiKey]
    actors: Actors


def history(archive: Archive, record: Record) -> RecordHistory:
    """The history of a record."""
    with archive.reading() as connection:
        archived, left = archiving(connection, record), exports(connection, record, _EXPORTS)
    additions = add_file.additions(archive, record)
    return RecordHistory(
        record,
        archived,
        additions,
        {each.name: add_file.also_in(archive, each) for each in additions},
        left,
        keeping(archive, record),
        may_destroy(archive, record.tenant),
        Actors.of(archive),
    )


def may_destroy(archive: Archive, tenant: str) -> list[ApiKey]:
    """The keys of a tenant with which its records are destroyed."""
    return holders(ApiKeys(archive.engine).all(), tenant, "archive:destroy")
