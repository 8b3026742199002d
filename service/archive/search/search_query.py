"""The query of records: where they are looked for, in which order, and from which place on.

The code of a cover sheet in the text wanted is its record, in any version.
"""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Tuple,
    UnaryExpression,
    column,
    func,
    literal,
    select,
    table,
    tuple_,
)
from sqlalchemy.sql.operators import custom_op

from service.archive.search import record_code, search_text
from service.archive.search.abbreviations import spellings
from service.archive.search.record_filters import Holds, Named, Wanted, conditions, is_indexed, like
from service.archive.search.search_table import SEARCH, TEXT_INDEX

_TEXTS = table(TEXT_INDEX, column("rowid"), column(TEXT_INDEX))
_SELECTIVE = 5_000  # rows; for more, looking up each takes longer than scanning the table
_FIRST = 2_000  # rows of an order that are tried before the table is scanned


def page(connection: Connection, wanted: Wanted, after: str | None, limit: int) -> list[str]:
    """Up to `limit` keys of records after the one with the key `after`, in the order wanted."""
    return counted_page(connection, wanted, after, limit, limit)[0]


def counted_page(
    connection: Connection, wanted: Wanted, after: str | None, limit: int, most: int
) -> tuple[list[str], int]:
    """As `page`, and how many there are from there on, of which no more than `most` are counted."""
    place = select(*(SEARCH.c[name] for name in wanted.order)).where(SEARCH.c.record == after)
    row = None if after is None else connection.execute(place).mappings().first()
    if after is not None and row is None:
        return [], 0
    wanted = _by_code(connection, wanted)
    source = _source(connection, wanted)
    if source.scans:
        first = _keys(connection, _first_rows(connection, wanted, row), wanted, row, limit)
        if len(first) == limit:  # what is frequent is found there at once
            return first, limit if most <= limit else _number(connection, source, wanted, row, most)
    keys = _keys(connection, source, wanted, row, max(limit, most))
    return keys[:limit], len(keys)


def count(connection: Connection, wanted: Wanted, most: int) -> int:
    """The number of records wanted, of which no more than `most` are counted."""
    wanted = _by_code(connection, wanted)
    return _number(connection, _source(connection, wanted), wanted, None, most)


def _by_code(connection: Connection, wanted: Wanted) -> Wanted:
    """The records that a code or a hash in the text names, if it has one and no others are wanted."""
    if wanted.records is not None:
        return wanted
    found = record_code.recognised(connection, wanted.text or "")
    return replace(wanted, text=found[0], records=found[1], all_versions=True) if found else wanted


@dataclass(frozen=True)
class _Source:
    """Where records are looked for.

    `named` is how a column is named, `holds` how a text holds another; `rows` are the only ones, `last` the
    last one in the order wanted.
    """

    named: Named
    holds: Holds
    rows: Select[Any] | None = None
    scans: bool = False
    last: RowMapping | None = None

    def select(self, column: str, wanted: Wanted, row: RowMapping | None) -> Select[Any]:
        """A query of a column of the records wanted that come after a row, in any order."""
        query = select(self.named(column)).where(*conditions(wanted, self.named, self.holds))
        if self.rows is not None:
            query = query.where(SEARCH.c.number.in_(self.rows))
        if row is not None:
            here, there = self._compared(wanted, row)
            query = query.where(here < there if wanted.descends else here > there)
        if self.last is not None:
            here, there = self._compared(wanted, self.last)
            query = query.where(here >= there if wanted.descends else here <= there)
        return query

    def _compared(self, wanted: Wanted, row: RowMapping) -> tuple[Tuple, Tuple]:
        """The columns of the order, and their values in a row, which need not be one of those wanted."""
        alike = all(row[name] == getattr(wanted, name) for name in {*wanted.order} - {*wanted.varying})
        names = wanted.varying if alike else wanted.order
        there = (literal(row[name], SEARCH.c[name].type) for name in names)
        return tuple_(*map(self.named, names)), tuple_(*there)


def _source(connection: Connection, wanted: Wanted) -> _Source:
    if connection.dialect.name != "sqlite":
        return _Source(_plain, like)
    if wanted.is_indexed:
        return _Source(_plain, _instr)
    rows = _few_rows(connection, wanted)
    return _Source(_unindexed, _instr, rows, scans=rows is None)


def _first_rows(connection: Connection, wanted: Wanted, row: RowMapping | None) -> _Source:
    """The first rows that the index of the order gives after a row."""
    given = {name: getattr(wanted, name) for name in wanted.indexed}
    own = Wanted(**{**given, "all_versions": True}, sort=wanted.sort)
    places = _ordered(_Source(_plain, _instr), "number", own, row)
    places = places.with_only_columns(*(SEARCH.c[name] for name in wanted.order))
    last = connection.execute(places.offset(_FIRST - 1).limit(1)).mappings().first()
    indexed = {*wanted.order, *wanted.indexed}
    return _Source(lambda name: (_plain if name in indexed else _unindexed)(name), _instr, last=last)


def _keys(
    connection: Connection, source: _Source, wanted: Wanted, row: RowMapping | None, limit: int
) -> list[str]:
    return list(connection.execute(_ordered(source, "record", wanted, row).limit(limit)).scalars())


def _ordered(source: _Source, column: str, wanted: Wanted, row: RowMapping | None) -> Select[Any]:
    order = map(source.named, wanted.varying)
    return source.select(column, wanted, row).order_by(
        *(each.desc() if wanted.descends else each for each in order)
    )


def _number(
    connection: Connection, source: _Source, wanted: Wanted, row: RowMapping | None, most: int
) -> int:
    found = source.select("number", wanted, row).limit(most).subquery()
    return connection.execute(select(func.count()).select_from(found)).scalar_one()


def _few_rows(connection: Connection, wanted: Wanted) -> Select[Any] | None:
    """The rows that an index of SQLite finds; None if it is no help: then the table is scanned."""
    for rows in (_rows_by_text(wanted), _rows_by_time(wanted)):
        if rows is not None:
            counted = select(func.count()).select_from(rows.limit(_SELECTIVE + 1).subquery())
            if connection.execute(counted).scalar_one() <= _SELECTIVE:
                return rows
    return None


def _rows_by_text(wanted: Wanted) -> Select[Any] | None:
    parts = [part for given in (wanted.name, wanted.text) for part in search_text.parts(given or "")]
    indexed = [_quoted(each) for each in map(spellings, parts) if is_indexed(each)]
    return (
        select(_TEXTS.c.rowid).where(_TEXTS.c[TEXT_INDEX].match(" AND ".join(indexed))) if indexed else None
    )


def _quoted(written: list[str]) -> str:
    """Spellings, any of which is to be found, as FTS5 has them."""
    return "({})".format(" OR ".join('"{}"'.format(each.replace('"', '""')) for each in written))


def _rows_by_time(wanted: Wanted) -> Select[Any] | None:
    if wanted.since is None or wanted.tenant is None:
        return None
    own = Wanted(tenant=wanted.tenant, since=wanted.since, until=wanted.until, all_versions=True)
    return select(SEARCH.c.number).where(*conditions(own, _plain, _instr))


def _plain(name: str) -> ColumnElement[Any]:
    return SEARCH.c[name]


def _unindexed(name: str) -> ColumnElement[Any]:
    return UnaryExpression(SEARCH.c[name], operator=custom_op("+"), type_=SEARCH.c[name].type)


def _instr(found_in: ColumnElement[Any], part: str) -> ColumnElement[bool]:
    return func.instr(found_in, part) > 0
