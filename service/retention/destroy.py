"""The second step of a destruction: a proposed list is checked again, and its records are erased."""

from collections.abc import Sequence

from sqlalchemy import Connection

from service.archive import Archive, Record, index
from service.archive.database import database_errors
from service.audit.event import Actor
from service.errors import DestructionRefused
from service.retention import (
    agreement,
    destruction_list,
    erasure,
    holds,
    list_entries,
    log_differences,
    periods,
)
from service.retention.destruction_list import DestructionList, DueRecord
from service.retention.retention_tables import DESTROYED
from service.retention.second_person import refuse_same_person

_Checked = tuple[DestructionList, dict[str, Record]]


def destroy(archive: Archive, id: str, count: int, actor: Actor, *, second_person: bool) -> DestructionList:
    """Destroys the records of a proposed list, `count` of them; the audit log has a row for each.

    Safe to repeat: of a list whose rows are gone, it deletes the files that an interrupted run has left.
    With `second_person` whoever proposed the list may not be the one. Raises UnknownRecord, and
    DestructionRefused if the list was withdrawn or has not so many records, or one of its submissions is
    held, not due, has changed since, has other files, or is not what its manifest and the audit log say.
    """
    if second_person:
        _refuse_same_person(archive, id, actor)
    seen = _agreed(archive, id, count)
    with archive.writing() as connection, database_errors():
        found = destruction_list.find(connection, id)
        if found.state != DESTROYED:
            _destroy_rows(connection, found, seen, actor)
    erasure.delete_objects(archive)
    erasure.leave_no_trace(archive)
    with archive.reading() as connection:
        return destruction_list.find(connection, id)


def _refuse_same_person(archive: Archive, id: str, actor: Actor) -> None:
    with archive.reading() as connection:
        found = destruction_list.find(connection, id)
    if found.state != DESTROYED:
        refuse_same_person(archive, found, actor)


def _agreed(archive: Archive, id: str, count: int) -> _Checked:
    """A list and its records, which agree with manifests and log: others can write while that is checked."""
    with archive.reading() as connection:
        log_differences.of_one_state(connection)
        found = destruction_list.find(connection, id)
        if found.state == DESTROYED:
            return found, {}
        destruction_list.refuse_ended(found)
        if len(found.entries) != count:
            raise DestructionRefused(
                f"清册 {found.id} 有 {len(found.entries)} 条记录，不是 {count} 条。请核对后再执行。",
                f"List {found.id} has {len(found.entries)} records, not {count}: check it first.",
            )
        records = _checked(connection, found)
        agreement.refuse_disagreeing(archive, connection, list(records.values()), id)
    return found, records


def _destroy_rows(connection: Connection, found: DestructionList, seen: _Checked, actor: Actor) -> None:
    destruction_list.refuse_ended(found)
    index.lock_all(connection)
    records = _checked(connection, found)
    if (found, records) != seen:
        raise DestructionRefused(
            f"清册 {found.id} 或其档案在核对期间有变化，一条也没有销毁。请再执行一次。",
            f"List {found.id} or its records changed while they were checked; nothing is destroyed. "
            "Run it again.",
        )
    _refuse_other_files(connection, found, list(records.values()))
    erasure.erase(connection, found.entries)
    if found.tenant is not None:
        erasure.erase_tenant(connection, found.tenant)
    destruction_list.end(connection, found.id, DESTROYED, actor)
    destruction_list.note(connection, actor, "deletion", found.entries, found.id)


def _checked(connection: Connection, found: DestructionList) -> dict[str, Record]:
    """The records of a list, by key, which may be destroyed by their rows. Raises DestructionRefused."""
    listed = {each["record"]: list_entries.submission(each) for each in found.entries}
    records = {each.key: each for each in index.by_keys(connection, list(listed))}
    now_of = {key: holds.submission(each) for key, each in records.items()}
    changed = [of[-1] for key, of in listed.items() if now_of.get(key) != of]
    for id in (*changed, *list_entries.other_versions(connection, found.id)):
        raise DestructionRefused(
            f"“{id}”在提出销毁后有变化，请撤回清册后重新提出。",
            f"'{id}' has changed since it was proposed: withdraw the list and propose again.",
        )
    known, held = periods.by_edition(connection), holds.held(connection)
    in_order = sorted(records.values(), key=lambda each: each.version)
    for submission, newest in {holds.submission(each): each for each in in_order}.items():
        due = None if found.tenant is not None else periods.due(newest, known)
        now = DueRecord(newest, due, submission in held)
        if now.held or found.tenant is None:
            destruction_list.refuse_unripe(now)
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
