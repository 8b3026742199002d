"""Walks over the fields of a schema, alone or beside data."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import zip_longest
from typing import Any, cast

from marshmallow import Schema

from schemas.fields import Field, Leaf, Rows

#: The keys down to a field; a row counts from 0, or is ROW for any.
Path = tuple[str | int, ...]
ROW = "*"
_BY_KEY = "_by_key"

RowKeys = Callable[[Path, Rows], Iterable[str | int]]


def any_row(path: Path) -> Path:
    """The path with ROW for the number of each row."""
    return tuple(ROW if isinstance(key, int) else key for key in path)


def sent_path(payload: Any, printed: Path) -> Path:
    """The path in the payload of a field at this path of its document, where blank rows are printed last."""
    found: list[str | int] = []
    here = payload
    for key in printed:
        if isinstance(key, int):
            rows = here if isinstance(here, list) else []
            order = sorted(range(len(rows)), key=lambda number: _is_blank(rows[number]))
            key = order[key] if key < len(rows) else key
            here = rows[key] if key < len(rows) else None
        else:
            here = here.get(key) if isinstance(here, Mapping) else None
        found.append(key)
    return tuple(found)


def _is_blank(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_blank, value.values()))
    return all(map(_is_blank, value)) if isinstance(value, list) else value is None or not str(value).strip()


def members(schema: Schema) -> tuple[tuple[str, Field], ...]:
    """The keys and fields directly in a schema, in the official order."""
    return tuple(by_key(schema).items())


def by_key(schema: Schema) -> Mapping[str, Field]:
    """The fields directly in a schema by their keys, in the official order; kept with the schema."""
    try:
        known: Mapping[str, Field] = schema.__dict__[_BY_KEY]
    except KeyError:
        fields = cast("Mapping[str, Field]", schema.fields)
        known = schema.__dict__[_BY_KEY] = {field.key: field for field in fields.values()}
    return known


def walk(
    schema: Schema, rows: RowKeys = lambda path, field: (ROW,), above: Path = ()
) -> Iterator[tuple[Path, Field]]:
    """Every field in the official order, groups before their fields; `rows` names a table's rows."""
    for key, field in members(schema):
        path = (*above, key)
        yield path, field
        if field.repeats:
            for number in rows(path, field):
                yield from walk(field.inside, rows, (*path, number))
        elif field.inside is not None:
            yield from walk(field.inside, rows, path)


def alike(schema: Schema) -> bool:
    """Whether the fields of a schema are groups of the same fields: rows that the form fixes by name."""
    groups = [field.inside for _, field in members(schema) if field.inside is not None and not field.repeats]
    return len(groups) == len(members(schema)) > 0 and len({type(each) for each in groups}) == 1


def build(
    schema: Schema,
    leaf: Callable[[Path, Leaf], Any],
    rows: RowKeys = lambda path, field: (ROW,),
    above: Path = (),
    *,
    blanks: bool = True,
) -> dict[str, Any]:
    """A value for each leaf, in the structure of a payload; `rows` names a table's rows.

    Without `blanks`, no blank fields and groups, and no blank rows at a table's end.
    """
    below = partial(build, leaf=leaf, rows=rows, blanks=blanks)
    made: dict[str, Any] = {}
    for key, field in members(schema):
        path = (*above, key)
        if field.repeats:
            value: Any = [below(field.inside, above=(*path, number)) for number in rows(path, field)]
            while value and not blanks and not value[-1]:
                value.pop()
        else:
            value = leaf(path, field) if field.inside is None else below(field.inside, above=path)
        if blanks or value not in (None, {}, []):
            made[key] = value
    return made


def values(schema: Schema, data: Any, above: Path = ()) -> Iterator[tuple[Path, Leaf, Any]]:
    """Every leaf with its value in a payload or a submission's data, None if blank."""
    given = data if isinstance(data, Mapping) else {}
    for key, field in members(schema):
        path, value = (*above, key), given.get(key)
        if field.repeats:
            for number, row in enumerate(value or ()):
                yield from values(field.inside, row, (*path, number))
        elif field.inside is not None:
            yield from values(field.inside, value, path)
        else:
            yield path, field, value


def texts(data: Any, path: Path) -> Iterator[str]:
    """The texts at a path, of each row where it has ROW, in a payload that may be invalid."""
    if not path:
        yield from (data,) if isinstance(data, str) else ()
    elif path[0] == ROW:
        for row in data if isinstance(data, list) else ():
            yield from texts(row, path[1:])
    elif isinstance(data, Mapping):
        yield from texts(data.get(path[0]), path[1:])


def differing(
    schema: Schema, sent: Mapping[str, Any], back: Mapping[str, Any], above: Path = ()
) -> Iterator[tuple[Path, Field]]:
    """The leaves in which two submissions' data differ, and the rows that one alone has, with their table."""
    for key, field in members(schema):
        path, one, other = (*above, key), sent[key], back[key]
        if field.repeats:
            for number, rows in enumerate(zip_longest(one, other)):
                if None in rows:
                    yield (*path, number), field
                else:
                    yield from differing(field.inside, *rows, (*path, number))
        elif field.inside is not None:
            yield from differing(field.inside, one, other, path)
        elif not field.same(one, other):
            yield path, field
