"""Destroyed records that a search matches, by what is kept of them: id, key, hashes."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select

from service.archive import Archive
from service.archive.search import search_text
from service.record_history import destruction
from service.record_history.destruction import DestroyedRecord
from service.retention import holds
from service.retention.retention_tables import DESTROYED, LISTED, LISTS

MOST, _MOST_VERSIONS = 20, 200  # submissions, and versions of all of them
_ANY = select(exists().where(LISTS.c.state == DESTROYED))
_DIGITS = 16  # of a hash, which a cover sheet prints


def matching(
    archive: Archive,
    *,
    id: str | None = None,
    holding: str | None = None,
    name: str | None = None,
    text: str | None = None,
    **filters: Any,
) -> list[DestroyedRecord]:
    """The newest destroyed version of each submission that a search of `Archive.records` matches, up to 20.

    Names are gone with the records: those in an id are found. Nothing for a search that is for none of these,
    or for what only kept records have (a state, a batch).
    """
    words = [word for given in (holding, name, text) for word in search_text.parts(given or "")]
    if not (id or words) or filters.get("state") or filters.get("records") is not None:
        return []
    wanted = [*_within(filters), *map(_has, words), *([_is(id)] if id else [])]
    keys = select(LISTED.c.record).join(LISTS).where(LISTS.c.state == DESTROYED, *wanted)
    latest = keys.order_by(LISTED.c.version.desc()).limit(_MOST_VERSIONS)
    with archive.reading() as connection:
        if not connection.execute(_ANY).scalar_one():
            return []
        found = [*destruction.destroyed_where(connection, LISTED.c.record.in_(latest))]
    newest = {holds.submission(each): each for each in sorted(found, key=lambda each: each.version)}
    return [*newest.values()][:MOST]


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
    found = [func.lower(LISTED.c.id).contains(word, autoescape=True), LISTED.c.record == word]
    if len(digits := word.removeprefix("#")) >= _DIGITS:
        found += [LISTED.c.manifest.startswith(digits, autoescape=True)]
        found += [LISTED.c.files.contains(digits, autoescape=True)]
    return or_(*found)
