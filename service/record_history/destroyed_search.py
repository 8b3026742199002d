"""Destroyed records that a search matches, by what is kept of them: id, key, hashes, form, year, dates."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, not_, or_, select

from service.archive import Archive
from service.archive.search import record_code, search_text
from service.archive.search.abbreviations import spellings
from service.errors import Bilingual
from service.record_history import destruction_entries
from service.record_history.destruction_entries import DestroyedRecord
from service.retention import holds
from service.retention.retention_tables import DESTROYED, LISTED, LISTS

MOST, _MOST_VERSIONS = 20, 200  # submissions, and versions of all of them
_ANY = select(exists().where(LISTS.c.state == DESTROYED))
_DIGITS = 16  # of a hash, which a cover sheet prints
_KEPT = ("form", "year", "since", "until")  # filters by what is kept of all
_ONLY_LIVING = ("state", "records")  # filters by what only kept records have
_SUBMISSION = (LISTED.c.tenant, LISTED.c.form, LISTED.c.year, LISTED.c.id)


def matching(archive: Archive, **filters: Any) -> list[DestroyedRecord]:
    """The newest destroyed version of each submission that a search of `Archive.records` matches, up to 20.

    Names are gone with the records: those in an id are found. Nothing for a search of all records, or for
    what only kept records have (a state, a batch).
    """
    wanted = [*_named(filters), *_texts(filters)]
    if not (wanted or _is_narrowed(filters)) or _wants_living(filters):
        return []
    wanted += _within(filters)
    keys = select(LISTED.c.record).join(LISTS).where(LISTS.c.state == DESTROYED, *wanted)
    latest = keys.order_by(LISTED.c.version.desc(), LISTED.c.created.desc()).limit(_MOST_VERSIONS)
    with archive.reading() as connection:
        if not _any(connection):
            return []
        found = [*destruction_entries.destroyed_where(connection, LISTED.c.record.in_(latest))]
    newest = {holds.submission(each): each for each in sorted(found, key=lambda each: each.version)}
    return [*newest.values()][:MOST]


def unnamed(archive: Archive, **filters: Any) -> int:
    """The number of destroyed submissions that match all of a search but name and text, besides `matching`.

    0 for a search that has no name or text, or a code or hash in it.
    """
    words, text = _words(filters), filters.get("text") or ""
    if not words or _wants_living(filters) or any(record_code.written(text)):
        return 0
    wanted = [*_named(filters), *_within(filters), *map(not_, _texts(filters))]
    return _counted(archive, *wanted)


def number(archive: Archive, forms: Collection[str], tenant: str | None) -> int:
    """The number of destroyed submissions, of these forms if any are given, of a tenant if one is."""
    wanted = [LISTED.c.form.in_(forms)] if forms else []
    return _counted(archive, *wanted, *_within({"tenant": tenant}))


def _counted(archive: Archive, *wanted: ColumnElement[bool]) -> int:
    found = select(*_SUBMISSION).join(LISTS).where(LISTS.c.state == DESTROYED, *wanted).distinct()
    with archive.reading() as connection:
        if not _any(connection):
            return 0
        return connection.execute(select(func.count()).select_from(found.subquery())).scalar_one()


def of_unnamed(count: int, **filters: Any) -> Bilingual:
    """What is said of so many records of `unnamed`."""
    if not (_is_narrowed(filters) or [*_named(filters)]):
        return Bilingual(
            f"已销毁的档案不留名称，不能按名称查；有 {count} 条，见销毁清册。",
            "Destroyed records are not found by name, which is not kept: see the destruction lists "
            f"({count}).",
        )
    return Bilingual(
        f"已销毁的档案不留名称，不能按名称查；符合其余条件的有 {count} 条，见销毁清册。",
        "Destroyed records are not found by name, which is not kept: those that meet the other conditions "
        f"are in the destruction lists ({count}).",
    )


def _any(connection: Connection) -> bool:
    return bool(connection.execute(_ANY).scalar_one())


def _is_narrowed(filters: dict[str, Any]) -> bool:
    return any(filters.get(name) is not None for name in _KEPT)


def _wants_living(filters: dict[str, Any]) -> bool:
    return any(filters.get(name) is not None for name in _ONLY_LIVING)


def _words(filters: dict[str, Any]) -> list[str]:
    """The parts of names and texts, which are found in an id or as a hash alone."""
    return [word for name in ("name", "text") for word in search_text.parts(filters.get(name) or "")]


def _texts(filters: dict[str, Any]) -> Iterator[ColumnElement[bool]]:
    """That names and texts are found: each of their parts, or a hash that is written in parts."""
    if words := _words(filters):
        hashes = map(_hashed, record_code.written(filters.get("text") or ""))
        yield or_(and_(*map(_has, words)), *hashes)


def _named(filters: dict[str, Any]) -> Iterator[ColumnElement[bool]]:
    yield from map(_has, search_text.parts(filters.get("holding") or ""))
    if filters.get("id"):
        yield _is(filters["id"])


def _within(filters: dict[str, Any]) -> Iterator[ColumnElement[bool]]:
    for name in ("tenant", "form", "year"):
        if filters.get(name) is not None:
            yield LISTED.c[name] == filters[name]
    if filters.get("since"):
        yield LISTED.c.created >= filters["since"]
    if filters.get("until"):
        yield LISTED.c.created < filters["until"]


def _is(named: str) -> ColumnElement[bool]:
    return or_(LISTED.c.id == named, LISTED.c.record == named)


def _has(word: str) -> ColumnElement[bool]:
    """Whether a word is part of an id, or a key or hash of the record."""
    ids = [func.lower(LISTED.c.id).contains(each, autoescape=True) for each in spellings(word)]
    found = [*ids, LISTED.c.record == word]
    if len(digits := word.removeprefix("#")) >= _DIGITS:
        found.append(_hashed(digits))
    return or_(*found)


def _hashed(digits: str) -> ColumnElement[bool]:
    """Whether a hash of the record begins so."""
    return or_(
        LISTED.c.manifest.startswith(digits, autoescape=True),
        LISTED.c.files.contains(digits, autoescape=True),
    )
