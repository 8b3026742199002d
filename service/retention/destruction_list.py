"""Destruction lists (销毁清册): proposed, withdrawn, read; they stay after the records are gone."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Select, exists, insert, select, update

from service.archive import NO_TENANT, Archive, Record
from service.audit import audit_chain
from service.audit.event import Actor, Event
from service.errors import Bilingual, DestructionRefused, UnknownRecord
from service.retention import agreement, holds, list_entries, log_differences, periods
from service.retention.reason import require_reason
from service.retention.retention_tables import DESTROYED, EVERY_YEAR, LISTED, LISTS, PROPOSED, WITHDRAWN
from service.retention.time_page import TimePage
from service.submission import date_in_china, days_in_china

EXPIRED = "保管期限届满"  # the reason where none is given
_MOST_VERSIONS = 1_000_000
_OF_LIST = tuple(LISTS.columns.keys())
_NOTED = ("form", "year", "id", "version", "record", "manifest", "tenant")


@dataclass(frozen=True)
class DueRecord:
    """The newest version of a submission, the day from which it may be destroyed, and whether it is held."""

    record: Record
    due: date | None
    held: bool

    @property
    def ripe(self) -> bool:
        """Whether it may be destroyed today."""
        return not self.held and self.due is not None and self.due <= date_in_china()


@dataclass(frozen=True)
class DestructionList:
    """A list of records to be destroyed, or that were; `others`: those of other tenants are left out."""

    id: str
    tenant: str | None
    state: str
    proposed: datetime
    proposed_by: str
    ended: datetime | None
    ended_by: str | None
    reason: str
    entries: Sequence[dict[str, Any]] = field(default_factory=list)
    others: bool = False


def dues(archive: Archive, **filters: Any) -> list[DueRecord]:
    """The submissions that `filters` of `Archive.records` select, each with the day from which it is due."""
    with archive.reading() as connection:
        known, held = periods.by_edition(connection), holds.held(connection)
    found = archive.records(**filters)
    return [DueRecord(each, periods.due(each, known), holds.submission(each) in held) for each in found]


def ripe(
    archive: Archive, form: str | None = None, year: int | None = None, **filters: Any
) -> Iterator[DueRecord]:
    """Yields the submissions that may be destroyed today, form by form of those that have a period."""
    with archive.reading() as connection:
        known, held = periods.by_edition(connection), holds.held(connection)
    for (of_form, of_year), years in known.items():
        last = date_in_china().year - (years or 0) - 1  # of archiving
        own = form in (None, of_form) and (of_year == EVERY_YEAR or year in (None, of_year))
        if years is None or last < 1 or not own:
            continue
        _, until = days_in_china(None, date(last, 12, 31))
        for record in archive.records(of_form, of_year or year, until=until, **filters):
            each = DueRecord(record, periods.due(record, known), holds.submission(record) in held)
            if each.ripe and (of_year or (of_form, record.year) not in known):
                yield each


def propose(archive: Archive, actor: Actor, reason: str = EXPIRED, **filters: Any) -> DestructionList:
    """Proposes to destroy the selected submissions that are due and not held.

    Raises DestructionRefused if none is, with an `id` saying why that one is not, and as
    `agreement.refuse_disagreeing`.
    """
    if filters.get("id") is not None:
        for each in dues(archive, **filters):
            refuse_unripe(each)
    return _proposed(archive, list(ripe(archive, **filters)), actor, None, reason)


def propose_tenant(archive: Archive, tenant: str, actor: Actor, reason: str) -> DestructionList:
    """Proposes to remove a tenant whole, due or not. Raises DestructionRefused if any of it is on hold, or
    as `agreement.refuse_disagreeing`.
    """
    found = dues(archive, tenant=tenant)
    for each in found:
        if each.held:
            refuse_unripe(each)
    chosen = [DueRecord(each.record, None, held=False) for each in found]
    return _proposed(archive, chosen, actor, tenant, reason)


def refuse_unripe(found: DueRecord) -> None:
    """Raises DestructionRefused for a submission that may not be destroyed today, saying why."""
    id, due = found.record.id, found.due
    if found.held:
        raise DestructionRefused(f"“{id}”已冻结，不得销毁。", f"'{id}' is on hold, and not destroyed.")
    if due is None:
        raise DestructionRefused(
            f"“{id}”永久保管，不得销毁。请先设定保管期限。", f"'{id}' is kept for good: set a period first."
        )
    if not found.ripe:
        raise DestructionRefused(f"“{id}”保管到 {due} 前，还不能销毁。", f"'{id}' is kept until {due}.")


def _proposed(
    archive: Archive, chosen: Sequence[DueRecord], actor: Actor, tenant: str | None, reason: str
) -> DestructionList:
    if not chosen:
        raise DestructionRefused("没有到期可以销毁的档案。", "No record is due for destruction.")
    require_reason(reason, Bilingual("销毁的事由", "the destruction"))
    id, now = secrets.token_hex(6), datetime.now(UTC)
    why = reason if tenant is None else f"整个租户“{tenant}”：{reason}"
    made = DestructionList(id, tenant, PROPOSED, now, actor.who, None, None, why)
    versions = [(each, one) for each in chosen for one in archive.versions(each.record, _MOST_VERSIONS)]
    with archive.reading() as connection:
        log_differences.of_one_state(connection)  # a period that is set meanwhile is no difference
        agreement.refuse_disagreeing(archive, connection, [one for _, one in versions])
    with archive.writing() as connection:
        entries = list_entries.made(connection, id, [(one, each.due) for each, one in versions])
        _refuse_listed(connection, {one.key for _, one in versions})
        connection.execute(insert(LISTS), {name: getattr(made, name) for name in _OF_LIST})
        connection.execute(insert(LISTED), entries)
        detail = f"{id}{'' if tenant is None else ' whole_tenant'} records={len(entries)}"
        note(connection, actor, "deletion_proposed", entries, detail)
    with archive.reading() as connection:
        return find(connection, id)


def _refuse_listed(connection: Connection, keys: Set[str]) -> None:
    """Raises DestructionRefused if a proposed list has these very records, as after a page is sent twice."""
    proposed = select(LISTED.c.list, LISTED.c.record).join(LISTS).where(LISTS.c.state == PROPOSED)
    known = defaultdict(set)
    for row in connection.execute(proposed):
        known[row.list].add(row.record)
    if id := next((list for list, records in known.items() if records == keys), None):
        raise DestructionRefused(
            f"这些档案已列入清册 {id}，尚未执行。请由另一人核对后执行，或先撤回。",
            f"List {id} has these very records and is not carried out yet: have another person check it and "
            "carry it out, or withdraw it first.",
        )


def note(
    connection: Connection, actor: Actor, action: str, entries: Iterable[dict[str, Any]], detail: str
) -> None:
    """Notes an act on a list in the audit log, with a row for each of its records."""
    for entry in entries:
        of = {name: entry[name] for name in _NOTED}
        audit_chain.note(connection, Event(actor, action, **of, detail=detail))


def find(connection: Connection, id: str, tenant: str | None = None) -> DestructionList:
    """The list of that id, with its records, by default of all tenants. Raises UnknownRecord."""
    row = connection.execute(_of_tenant(tenant).where(LISTS.c.id == id)).one_or_none()
    if row is None:
        raise UnknownRecord(
            f"没有编号为“{id}”的销毁清册，请核对编号。",
            f"There is no destruction list '{id}': check its number.",
        )
    order = (LISTED.c.tenant, LISTED.c.year, LISTED.c.form, LISTED.c.id, LISTED.c.version)
    rows = connection.execute(select(LISTED).where(LISTED.c.list == id).order_by(*order)).mappings().all()
    own = [list_entries.read(each) for each in rows if tenant in (None, each["tenant"])]
    entries = list_entries.with_years(own)
    return DestructionList(**row._asdict(), entries=entries, others=len(own) < len(rows))


def logged(archive: Archive, id: str) -> dict[str, str]:
    """What a row of the log says of a list, among those of its tenant if it has one. Raises UnknownRecord."""
    with archive.reading() as connection:
        tenants = {each["tenant"] for each in find(connection, id).entries}
    return {"detail": id, "tenant": tenants.pop() if len(tenants) == 1 else NO_TENANT}


def lists(connection: Connection, tenant: str | None = None) -> list[DestructionList]:
    """The lists with a record of the tenant, by default all, the oldest first, without their records."""
    rows = connection.execute(_of_tenant(tenant).order_by(LISTS.c.proposed))
    return [DestructionList(**row._asdict()) for row in rows]


def lists_page(
    connection: Connection, tenant: str, page: TimePage
) -> tuple[list[DestructionList], datetime | None]:
    """A page of the lists of a tenant, and where the next one begins."""
    rows, behind = page.rows(connection, _of_tenant(tenant), LISTS.c.proposed)
    return [DestructionList(**row._asdict()) for row in rows], behind


def _of_tenant(tenant: str | None) -> Select[Any]:
    """The lists that have a record of the tenant; None is any."""
    if tenant is None:
        return select(LISTS)
    return select(LISTS).where(exists().where(LISTED.c.list == LISTS.c.id, LISTED.c.tenant == tenant))


def withdraw(connection: Connection, id: str, actor: Actor) -> None:
    """Withdraws a proposed list. Raises UnknownRecord, DestructionRefused."""
    found = find(connection, id)
    refuse_ended(found)
    end(connection, id, WITHDRAWN, actor)
    note(connection, actor, "deletion_withdrawn", found.entries, id)


def refuse_shared(found: DestructionList) -> None:
    """Raises DestructionRefused for a list with records of other tenants."""
    if found.others:
        raise DestructionRefused(
            f"清册 {found.id} 还有其他租户的档案，只能由管理员在服务器上执行或撤回。",
            f"List {found.id} has records of other tenants too: only the administrator carries it out or "
            "withdraws it, on the server.",
        )


def refuse_ended(found: DestructionList) -> None:
    """Raises DestructionRefused for a list that is no longer proposed."""
    if found.state != PROPOSED:
        state = {DESTROYED: ("已销毁", "destroyed"), WITHDRAWN: ("已撤回", "withdrawn")}[found.state]
        raise DestructionRefused(f"清册 {found.id} {state[0]}。", f"List {found.id} was {state[1]}.")


def end(connection: Connection, id: str, state: str, actor: Actor) -> None:
    """Notes how a proposed list ended. Raises DestructionRefused if another process has ended it."""
    values = {"state": state, "ended": datetime.now(UTC), "ended_by": actor.who}
    proposed = (LISTS.c.id == id) & (LISTS.c.state == PROPOSED)
    if not connection.execute(update(LISTS).where(proposed).values(**values)).rowcount:
        refuse_ended(find(connection, id))
