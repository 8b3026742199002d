"""The query of records: filters, the order, and the place to go on from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    UnaryExpression,
    column,
    func,
    literal,
    select,
    table,
    tuple_,
)
from sqlalchemy.sql.operators import custom_op

from service.archive.additions.addition import SEALED
from service.archive.additions.addition_table import ADDITIONS
from service.archive.search import record_code, search_text
from service.archive.search.search_table import SEARCH, TEXT_INDEX

_TEXTS = table(TEXT_INDEX, column("rowid"), column(TEXT_INDEX))
_TRIGRAM = 3  # characters, below which no index of texts helps
_SELECTIVE = 5_000  # rows; for more, looking up each takes longer than scanning the table
_FIRST = 5_000  # rows of an order that are tried before the table is scanned
Named = Callable[[str], Any]
Holds = Callable[[ColumnElement[Any], str], ColumnElement[bool]]
#: The columns of each order; a hyphen before its name turns it round.
ORDERS = {
    "id": ("tenant", "year", "form", "id", "version"),
    "created": ("tenant", "created", "number"),
    "submitter": ("tenant", "name_order", "number"),
}
SORTS = tuple(f"{sign}{name}" for name in ORDERS for sign in ("", "-"))
#: The filters for which the index of an order is enough; for others SQLite scans the table, which takes as
#: long however few rows it finds, and sorts.
_INDEXED = {
    "id": {"tenant", "form", "year", "all_versions"},
    "created": {"tenant", "since", "until", "all_versions"},
    "submitter": {"tenant", "all_versions"},
}
_SEALED = select(ADDITIONS.c.record).where(ADDITIONS.c.kind == SEALED)
#: What a record may be asked to be.
STATES: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "warned": lambda named: named("warnings") > 0,
    "unwarned": lambda named: named("warnings") == 0,
    "imported": lambda named: named("imported").is_(True),
    "superseded": lambda named: named("newest").is_(False),
    "sealed": lambda named: named("record").in_(_SEALED),
    "unsealed": lambda named: named("record").not_in(_SEALED),
}


@dataclass(frozen=True)
class Wanted:
    """Which records are wanted; None is any.

    `name` and `text` have parts between white space, all of which the submitter's name, or any text that a
    record is found by, contains. `holding` is a part of the id. `since` and `until` (excluded) are times of
    archiving, `state` is of `STATES`, `records` a query of keys. By default only newest versions. The code of
    a cover sheet in `text` is its record, in any version.
    """

    form: str | None = None
    year: int | None = None
    id: str | None = None
    tenant: str | None = None
    holding: str | None = None
    name: str | None = None
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    state: str | None = None
    records: Select[Any] | None = None
    all_versions: bool = False
    sort: str = "id"

    def __post_init__(self) -> None:
        found = record_code.recognised(self.text or "") if self.records is None else None
        if found:
            for name, value in zip(("text", "records"), found, strict=True):
                object.__setattr__(self, name, value)
            object.__setattr__(self, "all_versions", True)

    @property
    def order(self) -> tuple[str, ...]:
        """The columns of the order."""
        return ORDERS[self.sort.removeprefix("-")]

    @property
    def is_indexed(self) -> bool:
        """Whether the index of the order gives the records, or most of those that it gives are wanted."""
        given = {each.name for each in fields(self) if getattr(self, each.name) not in (None, False)}
        return given - {"sort"} <= _INDEXED[self.sort.removeprefix("-")]


def page(connection: Connection, wanted: Wanted, after: str | None, limit: int) -> list[str]:
    """Up to `limit` keys of records after the one with the key `after`, in the order wanted."""
    place = select(*(SEARCH.c[name] for name in wanted.order)).where(SEARCH.c.record == after)
    row = None if after is None else connection.execute(place).mappings().first()
    if after is not None and row is None:
        return []
    if connection.dialect.name != "sqlite":
        return _keys(connection, select(SEARCH.c.record), wanted, row, limit, _plain, _like)
    if wanted.is_indexed:
        return _keys(connection, select(SEARCH.c.record), wanted, row, limit, _plain, _instr)
    rows = _rows_of_index(connection, wanted)
    if rows is None:
        found = _first_keys(connection, wanted, row, limit)
        if len(found) == limit:
            return found
    query = select(SEARCH.c.record).where(*([] if rows is None else [SEARCH.c.number.in_(rows)]))
    return _keys(connection, query, wanted, row, limit, _unindexed, _instr)


def _first_keys(connection: Connection, wanted: Wanted, row: RowMapping | None, limit: int) -> list[str]:
    """As `page`, among the first rows of the index of the order: what is frequent is found there at once."""
    own = Wanted(tenant=wanted.tenant, all_versions=True, sort=wanted.sort)
    first = _ordered(select(SEARCH), own, row, _plain).where(*_conditions(own, _plain, _instr)).limit(_FIRST)
    inner = first.subquery()
    return _keys(connection, select(inner.c.record), wanted, None, limit, lambda name: inner.c[name], _instr)


def _keys(
    connection: Connection,
    query: Select[Any],
    wanted: Wanted,
    row: RowMapping | None,
    limit: int,
    named: Named,
    holds: Holds,
) -> list[str]:
    query = _ordered(query, wanted, row, named).where(*_conditions(wanted, named, holds)).limit(limit)
    return list(connection.execute(query).scalars())


def _ordered(query: Select[Any], wanted: Wanted, row: RowMapping | None, named: Named) -> Select[Any]:
    """The query in the order wanted, of what comes after a row."""
    order = [named(name) for name in wanted.order]
    down = wanted.sort.startswith("-")
    if row is not None:
        there = tuple_(*(literal(row[name], SEARCH.c[name].type) for name in wanted.order))
        here = tuple_(*order)
        query = query.where(here < there if down else here > there)
    return query.order_by(*(each.desc() if down else each for each in order))


def count(connection: Connection, wanted: Wanted, most: int) -> int:
    """The number of records wanted, of which no more than `most` are counted."""
    query = select(SEARCH.c.number)
    if connection.dialect.name == "sqlite":
        rows = _rows_of_index(connection, wanted)
        query = query.where(*([] if rows is None else [SEARCH.c.number.in_(rows)]))
        query = query.where(*_conditions(wanted, _plain if wanted.is_indexed else _unindexed, _instr))
    else:
        query = query.where(*_conditions(wanted, _plain, _like))
    counted = select(func.count()).select_from(query.limit(most).subquery())
    return connection.execute(counted).scalar_one()


def _rows_of_index(connection: Connection, wanted: Wanted) -> Select[Any] | None:
    """The rows that SQLite's index of texts finds; None if it is no help: then the table is scanned."""
    parts = [part for given in (wanted.name, wanted.text) for part in search_text.parts(given or "")]
    long = ['"{}"'.format(part.replace('"', '""')) for part in parts if len(part) >= _TRIGRAM]
    if not long:
        return None
    rows = select(_TEXTS.c.rowid).where(_TEXTS.c[TEXT_INDEX].match(" ".join(long)))
    counted = select(func.count()).select_from(rows.limit(_SELECTIVE + 1).subquery())
    return rows if connection.execute(counted).scalar_one() <= _SELECTIVE else None


def _plain(name: str) -> ColumnElement[Any]:
    return SEARCH.c[name]


def _unindexed(name: str) -> ColumnElement[Any]:
    return UnaryExpression(SEARCH.c[name], operator=custom_op("+"), type_=SEARCH.c[name].type)


def _instr(found_in: ColumnElement[Any], part: str) -> ColumnElement[bool]:
    return func.instr(found_in, part) > 0


def _like(found_in: ColumnElement[Any], part: str) -> ColumnElement[bool]:
    return found_in.contains(part, autoescape=True)


def _conditions(wanted: Wanted, named: Named, holds: Holds) -> Iterator[ColumnElement[bool]]:
    for name in ("tenant", "form", "year", "id"):
        if (value := getattr(wanted, name)) is not None:
            yield named(name) == value
    if not wanted.all_versions and wanted.state != "superseded":
        yield named("newest").is_(True)
    if wanted.since is not None:
        yield named("created") >= wanted.since
    if wanted.until is not None:
        yield named("created") < wanted.until
    if wanted.state is not None:
        yield STATES[wanted.state](named)
    yield from _texts(wanted, named, holds)
    if wanted.records is not None:
        yield named("record").in_(wanted.records)


def _texts(wanted: Wanted, named: Named, holds: Holds) -> Iterator[ColumnElement[bool]]:
    if wanted.holding:
        yield holds(named("id"), wanted.holding)
    for part in search_text.parts(wanted.name or ""):
        yield holds(named("name"), part)
        if (
            holds is _like and len(part) >= _TRIGRAM
        ):  # PostgreSQL's index is that of the text, which has the name
            yield holds(named("text"), part)
    for part in search_text.parts(wanted.text or ""):
        yield holds(named("text"), part)
