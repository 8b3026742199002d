"""The second step of a destruction: a proposed list is checked again, and its records are erased."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection

from service.archive import Archive, Record, index
from service.archive.database import database_errors
from service.audit.event import Actor
from service.errors import DestructionRefused
from service.retention import agreement, destruction_list, erasure, holds, list_entries, periods
from service.retention.destruction_list import DestructionList, DueRecord
from service.retention.retention_tables import DESTROYED
from service.retention.second_person import refuse_same_person

_MOST_VERSIONS = 1_000_000


def destroy(archive: Archive, id: str, count: int, actor: Actor, *, second_person: bool) -> DestructionList:
    """Destroys the records of a proposed list, `count` of them; the audit log has a row for each.

    Safe to repeat: of a list whose rows are gone, it deletes the files that an interrupted run has left.
    With `second_person` whoever proposed the list may not be the one. Raises UnknownRecord, and
    DestructionRefused if the list was withdrawn or has not so many records, or one of its submissions is
    held, not due, has changed since, has other files, or is not what its manifest and the audit log say.
    """
    if second_person:
        _refuse_same_person(archive, id, actor)
    with archive.writing() as connection, database_errors():
        found = destruction_list.find(connection, id)
        if found.state != DESTROYED:
            _destroy_rows(archive, connection, found, count, actor)
    erasure.delete_objects(archive)
    erasure.leave_no_trace(archive)
    with archive.reading() as connection:
        return destruction_list.find(connection, id)


def _refuse_same_person(archive: Archive, id: str, actor: Actor) -> None:
    with archive.reading() as connection:
        found = destruction_list.find(connection, id)
    if found.state != DESTROYED:
        refuse_same_person(archive, found, actor)


def _destroy_rows(
    archive: Archive, connection: Connection, found: DestructionList, count: int, actor: Actor
) -> None:
    destruction_list.refuse_ended(found)
    records = _checked(connection, found, count)
    agreement.refuse_disagreeing(archive, connection, records, found.id)
    _refuse_other_files(connection, found, records)
    erasure.erase(connection, found.entries)
    if found.tenant is not None:
        erasure.erase_tenant(connection, found.tenant)
    destruction_list.end(connection, found.id, DESTROYED, actor)
    destruction_list.note(connection, actor, "deletion", found.entries, found.id)


def _checked(connection: Connection, found: DestructionList, count: int) -> list[Record]:
    """The records of a list that may be destroyed, by their rows. Raises DestructionRefused."""
    if len(found.entries) != count:
        raise DestructionRefused(
            f"清册 {found.id} 有 {len(found.entries)} 条记录，不是 {count} 条。请核对后再执行。",
            f"List {found.id} has {len(found.entries)} records, not {count}: check it first.",
        )
    listed = defaultdict(set)
    for entry in found.entries:
        listed[entry["tenant"], entry["form"], entry["year"], entry["id"]].add(entry["record"])
    index.lock_all(connection)
    known, held = periods.by_edition(connection), holds.held(connection)
    records: list[Record] = []
    for submission, keys in listed.items():
        versions = index.versions(connection, *submission, _MOST_VERSIONS)
        if {each.key for each in versions} != keys:
            raise DestructionRefused(
                f"“{submission[3]}”在提出销毁后有变化，请撤回清册后重新提出。",
                f"'{submission[3]}' has changed since it was proposed: withdraw the list and propose again.",
            )
        due = None if found.tenant is not None else periods.due(versions[0], known)
        now = DueRecord(versions[0], due, submission in held)
        if now.held or found.tenant is None:
            destruction_list.refuse_unripe(now)
        records += versions
    return records


def _refuse_other_files(connection: Connection, found: DestructionList, records: Sequence[Record]) -> None:
    """Raises DestructionRefused if a record has not the files of the list that two persons agreed on."""
    files = list_entries.files_of(connection, records)
    for entry in found.entries:
        if files[entry["record"]] != entry["files"]:
            id = entry["id"]
            raise DestructionRefused(
                f"“{id}”的文件与清册所列不同，如其后又存入了盖章件或签名件。请撤回清册后重新提出。",
                f"The files of '{id}' are not those of the list, as where a sealed copy or signed "
                "PDF was added since: withdraw the list and propose again.",
            )
