"""What a payload lacks of a complete application, and what is unlikely in it; neither makes it invalid.

A form declares both. `expected` names fields as `schemas.advice` does. A leaf is to have a value (否 is one,
and 0), a table at least one row that is not blank, a group all of that for each of its fields. A field of a
row, `budget.items.*.amount`, is expected of each row that is not blank; `budget.items.*` are all its fields.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from marshmallow import Schema, ValidationError

from schemas.advice import Advice
from schemas.bilingual import Bilingual
from schemas.fields import Leaf
from schemas.tree import ROW, Path, any_row, members, walk

Values = Mapping[Path, Any]

INVALID: Final = object()
BLANK = Bilingual("尚未填写。", "Not filled in.")
NO_ROW = Bilingual("至少填写一行。", "Fill in at least one row.")


@dataclass(frozen=True)
class Remark:
    """A remark on the field at `path`."""

    path: Path
    code: str
    message: Bilingual


class Declarations:
    """What a form declares as expected and unlikely. Raises ValueError for what its schema does not have.

    `expected` are the expected leaves and tables, `searchable` the texts that a record is found by, as paths
    of keys with "*" for a row.
    """

    def __init__(
        self,
        schema: Schema,
        expected: Iterable[str],
        advice: Iterable[Advice],
        searchable: Iterable[str] = (),
    ) -> None:
        self._schema = schema
        self._fields = dict(walk(schema))
        self._paths = dict(self._names())
        named = {self._path(name) for name in expected}
        self.expected = tuple(path for path in self._fields if self._is_expected(path, named))
        self._expected = frozenset(self.expected)
        self.searchable = tuple(map(self._path, searchable))
        self._rules: dict[Path, list[tuple[Advice, list[Path]]]] = {}
        for rule in advice:
            at, *others = (self._path_for(rule, name) for name in rule.names)
            self._rules.setdefault(at, []).append((rule, others))

    def _names(self) -> Iterator[tuple[str, Path]]:
        for path, field in self._fields.items():
            name = ".".join(map(str, path))
            yield name, path
            if field.inside is not None:
                yield f"{name}.*", (*path, ROW) if field.repeats else path

    def _path(self, name: str) -> Path:
        if name not in self._paths:
            raise ValueError(f"{type(self._schema).__name__} has no field '{name}'")
        return self._paths[name]

    def _path_for(self, rule: Advice, name: str) -> Path:
        path = self._path(name)
        if not isinstance(self._fields.get(path), rule.takes):
            raise ValueError(f"{type(self._schema).__name__}: {type(rule).__name__} is not for '{name}'")
        return path

    def _is_expected(self, path: Path, named: set[Path]) -> bool:
        above = (path[:length] for length in range(1, len(path) + 1))
        is_named = any(each in named and ROW not in path[len(each) :] for each in above)
        field = self._fields[path]
        return is_named and (field.repeats or field.inside is None)

    def missing(self, values: Values) -> Iterator[Remark]:
        """The expected fields that are blank, and tables without a row, in the form's order."""
        for path in (path for path, value in values.items() if value is None):
            if (pattern := any_row(path)) in self._expected:
                yield Remark(path, "missing", NO_ROW if self._fields[pattern].repeats else BLANK)

    def unlikely(self, values: Values, today: date) -> Iterator[Remark]:
        """What is unlikely, in the form's order."""
        for path in values:
            for rule, others in self._rules.get(any_row(path), ()):
                found = [values[path], *(values.get(_in_row(other, path)) for other in others)]
                if INVALID in found or None in found[1:] or (found[0] is None) != rule.of_blank:
                    continue
                if (named := rule.unlikely(today, *found)) is not None:
                    named["label"] = self._fields[others[0]].title if others else ""
                    yield Remark(path, rule.code, _message(rule, named, *found))


def _message(rule: Advice, named: dict[str, Any], value: Any, other: Any = None) -> Bilingual:
    return Bilingual(
        rule.zh.format(**named, value=worded(value).zh, other=worded(other).zh),
        rule.en.format(**named, value=worded(value).en, other=worded(other).en),
    )


def worded(value: Any) -> Bilingual:
    """A value for a message: a date in its language, a number without the zeros behind its decimals."""
    if isinstance(value, date):
        return Bilingual(f"{value.year}年{value.month}月{value.day}日", str(value))
    text = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    return Bilingual(text, text)


def given(
    schema: Schema, payload: Any, data: Mapping[str, Any] | None = None, above: Path = ()
) -> dict[Path, Any]:
    """The value of each leaf of a payload, and of each table the number of its rows; None if blank.

    `data` is what `schema` loaded of the payload, if it is valid; a value that its field refuses is INVALID.
    Rows keep their numbers in the payload; blank ones are left out.
    """
    found: dict[Path, Any] = {}
    sent = payload if isinstance(payload, Mapping) else {}
    for key, field in members(schema):
        path, value = (*above, key), sent.get(key)
        loaded = None if data is None else data[key]
        if field.repeats:
            rows = _filled_rows(field.inside, value if isinstance(value, list) else [], loaded, path)
            found[path] = len(rows) or None
            for row in rows:
                found |= row
        elif field.inside is not None:
            found |= given(field.inside, value, loaded, path)
        else:
            found[path] = read(field, value) if data is None else loaded
    return found


def _filled_rows(
    inside: Schema, sent: list[Any], loaded: list[Any] | None, path: Path
) -> list[dict[Path, Any]]:
    if loaded is not None and len(loaded) == len(sent):
        return [
            given(inside, *both, (*path, number))
            for number, both in enumerate(zip(sent, loaded, strict=True))
        ]
    rows = [given(inside, row, None, (*path, number)) for number, row in enumerate(sent)]
    return [row for row in rows if any(value is not None for value in row.values())]


def read(field: Leaf, value: Any) -> Any:
    """The value of a JSON value; None if blank, INVALID if its field refuses it."""
    try:
        return field.deserialize(value)
    except ValidationError:
        return INVALID


def _in_row(pattern: Path, beside: Path) -> Path:
    """The path of `pattern` in the rows of the path `beside`."""
    numbers = (key for key in beside if isinstance(key, int))
    return tuple(next(numbers, key) if key == ROW else key for key in pattern)
