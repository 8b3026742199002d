"""The query of records: filters, the order, and the place to go on from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
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

from service.archive.search import search_text
from service.archive.search.search_table import SEARCH, TEXT_INDEX

_TEXTS = table(TEXT_INDEX, column("rowid"), column(TEXT_INDEX))
_TRIGRAM = 3  # characters, below which no index of texts helps
#: The columns of each order; a hyphen before its name turns it round.
ORDERS = {
    "id": ("tenant", "year", "form", "id", "version"),
    "created": ("tenant", "created", "number"),
    "submitter": ("tenant", "name_order", "number"),
}
#: The filters for which the index of an order is enough; for others SQLite scans the table, which takes as
#: long whatever is found, and sorts.
_INDEXED = {
    "id": {"tenant", "form", "year", "all_versions"},
    "created": {"tenant", "since", "until", "all_versions"},
    "submitter": {"tenant", "all_versions"},
}
#: What a record may be asked to be.
STATES: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "warned": lambda named: named("warnings") > 0,
    "unwarned": lambda named: named("warnings") == 0,
    "imported": lambda named: named("imported").is_(True),
    "superseded": lambda named: named("newest").is_(False),
}


@dataclass(frozen=True)
class Wanted:
    """Which records are wanted; None is any.

    `name` and `text` have parts between white space, all of which the submitter's name, or any text that a
    record is found by, contains. `holding` is a part of the id. `since` and `until` (excluded) are times of
    archiving, `state` is of `STATES`, `records` a query of keys. By default only newest versions.
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
    named = _columns(connection, wanted)
    order = [named(name) for name in wanted.order]
    down = wanted.sort.startswith("-")
    query = _matching(connection, wanted, SEARCH.c.record)
    if after is not None:
        place = select(*(SEARCH.c[name] for name in wanted.order)).where(SEARCH.c.record == after)
        if (row := connection.execute(place).mappings().first()) is None:
            return []
        there = tuple_(*(literal(row[name], SEARCH.c[name].type) for name in wanted.order))
        here = tuple_(*order)
        query = query.where(here < there if down else here > there)
    query = query.order_by(*(each.desc() if down else each for each in order)).limit(limit)
    return list(connection.execute(query).scalars())


def count(connection: Connection, wanted: Wanted, most: int) -> int:
    """The number of records wanted, of which no more than `most` are counted."""
    found = _matching(connection, wanted, SEARCH.c.number).limit(most).subquery()
    return connection.execute(select(func.count()).select_from(found)).scalar_one()


def _matching(connection: Connection, wanted: Wanted, selected: Column[Any]) -> Select[Any]:
    named = _columns(connection, wanted)
    query = select(selected).where(*_conditions(wanted, named))
    indexed = [part for part in _parts(wanted) if len(part) >= _TRIGRAM]
    if indexed and connection.dialect.name == "sqlite":
        match = " ".join('"{}"'.format(part.replace('"', '""')) for part in indexed)
        query = query.where(
            SEARCH.c.number.in_(select(_TEXTS.c.rowid).where(_TEXTS.c[TEXT_INDEX].match(match)))
        )
    return query


def _columns(connection: Connection, wanted: Wanted) -> Callable[[str], ColumnElement[Any]]:
    """The columns as SQLite may use an index of them, or with a plus, for which it looks up none."""
    if connection.dialect.name != "sqlite" or wanted.is_indexed:
        return lambda name: SEARCH.c[name]
    return lambda name: UnaryExpression(SEARCH.c[name], operator=custom_op("+"), type_=SEARCH.c[name].type)


def _parts(wanted: Wanted) -> list[str]:
    return [part for given in (wanted.name, wanted.text) for part in search_text.parts(given or "")]


def _conditions(wanted: Wanted, named: Callable[[str], Any]) -> Iterator[ColumnElement[bool]]:
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
    if wanted.holding:
        yield named("id").contains(wanted.holding, autoescape=True)
    for part in search_text.parts(wanted.name or ""):
        yield named("name").contains(part, autoescape=True)
    for part in _parts(wanted):
        yield named("text").contains(part, autoescape=True)
    if wanted.records is not None:
        yield named("record").in_(wanted.records)
