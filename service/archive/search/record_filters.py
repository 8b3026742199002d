"""Which records are wanted: filters, orders, and their conditions in SQL."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from service.archive.additions.addition import SEALED
from service.archive.additions.addition_table import ADDITIONS
from service.archive.search import search_text
from service.archive.search.abbreviations import spellings

_TRIGRAM = 3  # characters, below which no index of texts helps
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
    record is found by, contains, long or abbreviated. `holding` is a part of the id. `since` and `until`
    (excluded) are times of archiving, `state` is of `STATES`, `records` a query of keys. By default only
    newest versions.
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
    def varying(self) -> tuple[str, ...]:
        """The columns of the order that may differ between the records wanted."""
        return tuple(name for name in self.order if getattr(self, name, None) is None)

    @property
    def descends(self) -> bool:
        """Whether the order is turned round."""
        return self.sort.startswith("-")

    @property
    def indexed(self) -> set[str]:
        """The filters for which the index of the order is enough."""
        return _INDEXED[self.sort.removeprefix("-")]

    @property
    def is_indexed(self) -> bool:
        """Whether the index of the order gives the records, or most of those that it gives are wanted."""
        given = {each.name for each in fields(self) if getattr(self, each.name) not in (None, False)}
        return given - {"sort"} <= self.indexed


def like(found_in: ColumnElement[Any], part: str) -> ColumnElement[bool]:
    """Whether a column contains a text, in PostgreSQL."""
    return found_in.contains(part, autoescape=True)


def conditions(wanted: Wanted, named: Named, holds: Holds) -> Iterator[ColumnElement[bool]]:
    """The conditions of records wanted; `named` gives a column, `holds` whether it contains a text."""
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
    for written in map(spellings, search_text.parts(wanted.name or "")):
        yield _any_of(written, named("name"), holds)
        if holds is like and is_indexed(written):  # PostgreSQL indexes the text, which has the name
            yield _any_of(written, named("text"), holds)
    for written in map(spellings, search_text.parts(wanted.text or "")):
        yield _any_of(written, named("text"), holds)


def _any_of(written: list[str], found_in: ColumnElement[Any], holds: Holds) -> ColumnElement[bool]:
    return or_(*(holds(found_in, each) for each in written))


def is_indexed(written: list[str]) -> bool:
    """Whether an index of texts finds a part in each of its spellings."""
    return min(map(len, written)) >= _TRIGRAM
