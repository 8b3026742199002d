"""Periods, holds, destruction lists and API keys as the database has them, compared with the audit log."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, select, text

from service.access import api_keys
from service.access.api_keys import ApiKey
from service.archive.record_tables import HOLDS
from service.archive.verification.verification_faults import VerificationFault
from service.audit.audit_table import AUDIT
from service.audit.event import OK
from service.database.column_types import iso
from service.retention import periods
from service.retention.retention_tables import DESTROYED, EVERY_YEAR, LISTED, LISTS, PROPOSED, WITHDRAWN

_ABSENT = "—"
_LIST_ACTS = ("deletion_proposed", "deletion_withdrawn", "deletion")


@dataclass(frozen=True)
class _State:
    """What is compared of one row, by column, and the tenant that may know of it (None: all).

    A value is None where the rows of the log do not have it, as earlier ones: it is not compared.
    """

    columns: Mapping[str, str | None]
    tenant: str | None = None


_States = dict[str, _State]  # by place: the table, and what names the row


def faults(connection: Connection) -> Iterator[VerificationFault]:
    """Yields each row that is not as the log says, is not in the log, or is gone.

    Takes a connection without an earlier query. Holds that are gone are found with the records.
    """
    of_one_state(connection)
    yield from period_faults(connection)
    found = _holds(connection)
    logged = {place: state for place, state in _logged_holds(connection).items() if place in found}
    yield from _compared("hold_differs", logged, found)
    yield from list_faults(connection)
    keys = api_keys.all_keys(connection)
    yield from _compared("key_differs", _logged_keys(connection, keys), _keys(keys))


def of_one_state(connection: Connection) -> None:
    """Has all queries of a connection that had none see one state, as SQLite's transactions do."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def unknown_keys(connection: Connection) -> list[str]:
    """The ids of keys in use whose scopes the log does not have: its rows of them are older, or none."""
    keys = api_keys.all_keys(connection)
    logged = _logged_keys(connection, keys)
    live = [key for key in keys if key.revoked is None]
    return [
        key.id for key in live if (state := logged.get(_key_place(key.id))) and not state.columns["scopes"]
    ]


def period_faults(connection: Connection) -> Iterator[VerificationFault]:
    """Yields the periods that are not those which were set last, by whom and when."""
    logged = {
        period_place(row["form"], row["year"]): _period(row["detail"], row["who"], row["time"])
        for row in _rows(connection, "retention_set")
    }
    found = {
        period_place(each.form, each.year): _period(
            each.logged, each.who, iso(each.changed) if each.changed else None
        )
        for each in periods.periods(connection)
    }
    return _compared("period_differs", logged, found)


def _period(years: str, who: str | None, changed: str | None) -> _State:
    return _State({"years": years, "who": who, "changed": changed})


def period_place(form: str, year: int | None) -> str:
    """How a fault names a period; `year` None or EVERY_YEAR is every year."""
    return f"retention_periods/{form}" + (f"/{year}" if year not in (None, EVERY_YEAR) else "")


def list_faults(connection: Connection, id: str = "") -> Iterator[VerificationFault]:
    """Yields the destruction lists, or the one, that are not as proposed, withdrawn or carried out."""
    return _compared("list_differs", _logged_lists(connection, id), _lists(connection, id))


def list_place(id: str) -> str:
    """How a fault names a destruction list."""
    return f"destruction_lists/{id}"


def _compared(code: str, logged: _States, found: _States) -> Iterator[VerificationFault]:
    for place in sorted(logged.keys() | found.keys()):
        of_log, of_table = logged.get(place), found.get(place)
        known = of_log or of_table
        assert known
        values = {
            name: (_value(of_log, name), _value(of_table, name))
            for name in known.columns
            if not (of_log and of_log.columns[name] is None)
        }
        differing = {name: each for name, each in values.items() if each[0] != each[1]}
        if differing:
            yield VerificationFault(code, place, columns=[*differing], values=differing, tenant=known.tenant)


def _value(state: _State | None, name: str) -> str:
    return (state.columns[name] if state else None) or _ABSENT


def _rows(connection: Connection, *actions: str, begun: str = "") -> Iterable[RowMapping]:
    wanted = select(AUDIT).where(AUDIT.c.action.in_(actions), AUDIT.c.result == OK)
    if begun:
        wanted = wanted.where(AUDIT.c.detail.startswith(begun))
    return connection.execute(wanted.order_by(AUDIT.c.seq)).mappings()


def _logged_holds(connection: Connection) -> _States:
    found: _States = {}
    for row in _rows(connection, "hold", "hold_lifted"):
        if row["action"] == "hold":
            found[_hold_place(row)] = _State({"who": row["who"]}, row["tenant"])
        else:
            found.pop(_hold_place(row), None)
    return found


def _holds(connection: Connection) -> _States:
    rows = connection.execute(select(HOLDS)).mappings()
    return {_hold_place(row): _State({"who": row["who"]}, row["tenant"]) for row in rows}


def _hold_place(row: RowMapping) -> str:
    return "/".join(["holds", *(str(row[name]) for name in ("tenant", "form", "year", "id") if row[name])])


def _logged_lists(connection: Connection, id: str) -> _States:
    acts: dict[str, dict[str, list[RowMapping]]] = defaultdict(lambda: {act: [] for act in _LIST_ACTS})
    for row in _rows(connection, *_LIST_ACTS, begun=id):
        if row["record"] or row["action"] != "deletion":  # without one: the clean-up was repeated
            acts[row["detail"].split()[0]][row["action"]].append(row)
    return {
        list_place(id): _State(_list_columns(*of.values()), _tenant(of["deletion_proposed"]))
        for id, of in acts.items()
        if of["deletion_proposed"]
    }


def _list_columns(
    proposed: Sequence[RowMapping], withdrawn: Sequence[RowMapping], destroyed: Sequence[RowMapping]
) -> dict[str, str | None]:
    """What the log has of a list, by its rows of each act."""
    listed, words = destroyed or proposed, proposed[0]["detail"].split()
    columns = {
        "proposed_by": proposed[0]["who"],
        "whole_tenant": _yes("whole_tenant" in words),
        "records": words[-1].partition("=")[2],
        "state": DESTROYED if destroyed else PROPOSED,
        "ended_by": destroyed[0]["who"] if destroyed else _ABSENT,
        "entries": _digest(listed) if all(row["record"] for row in listed) else None,  # older: one row
    }
    if withdrawn:  # what else it is matters no more
        return dict.fromkeys(columns) | {"state": WITHDRAWN, "ended_by": withdrawn[0]["who"]}
    return columns


def _lists(connection: Connection, id: str) -> _States:
    listed = select(LISTED.c.list, LISTED.c.record, LISTED.c.manifest, LISTED.c.tenant)
    lists = select(LISTS)
    if id:
        listed, lists = listed.where(LISTED.c.list == id), lists.where(LISTS.c.id == id)
    entries = defaultdict(list)
    for row in connection.execute(listed).mappings():
        entries[row["list"]].append(row)
    found = {}
    for each in connection.execute(lists):
        of = entries[each.id]
        columns = {
            "proposed_by": each.proposed_by,
            "whole_tenant": _yes(each.tenant is not None),
            "records": str(len(of)),
            "state": each.state,
            "ended_by": each.ended_by,
            "entries": _digest(of),
        }
        found[list_place(each.id)] = _State(columns, _tenant(of))
    return found


def _tenant(rows: Iterable[Mapping[Any, Any]]) -> str:
    """The tenant that may know of a list, by its records or their rows; "" if there are several."""
    tenants = {row["tenant"] for row in rows}
    return tenants.pop() if len(tenants) == 1 else ""


def _digest(entries: Iterable[Mapping[Any, Any]]) -> str:
    """Which records, with which manifests: the beginning of a SHA-256."""
    lines = sorted(f"{each['record']} {each['manifest']}" for each in entries)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _logged_keys(connection: Connection, keys: Sequence[ApiKey]) -> _States:
    first = connection.scalar(select(AUDIT.c.time).order_by(AUDIT.c.seq).limit(1))
    unknown = dict.fromkeys(("tenant", *api_keys.LOGGED, "revoked"))
    found = {_key_place(key.id): {**unknown} for key in keys if first is None or iso(key.created) < first}
    tenants = {_key_place(key.id): key.tenant for key in keys}
    for row in _rows(connection, "key_made", "key_revoked"):
        id, *rest = row["detail"].split()
        columns = found.setdefault(_key_place(id), {**unknown})
        tenants[_key_place(id)] = row["tenant"]
        if row["action"] == "key_revoked":  # what else it is matters no more
            columns |= {**unknown, "revoked": _yes(True)}
        else:
            logged = dict(each.split("=", 1) for each in rest)
            columns |= {**logged, "tenant": row["tenant"], "revoked": _yes(False)}
    return {place: _State(columns, tenants[place]) for place, columns in found.items()}


def _keys(keys: Sequence[ApiKey]) -> _States:
    return {
        _key_place(key.id): _State(
            {"tenant": key.tenant, **api_keys.logged(key), "revoked": _yes(key.revoked is not None)},
            key.tenant,
        )
        for key in keys
    }


def _key_place(id: str) -> str:
    return f"keys/{id}"


def _yes(whether: bool) -> str:
    return "yes" if whether else "no"
