"""The fields of a form's schema as its form words them, to be found again on its blank."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marshmallow import Schema

from schemas.fields import Field
from schemas.tree import alike, by_key, members
from service.form_authoring.form_plan import PlannedField
from service.form_changes import matching
from service.form_changes.matching import Asked

Keys = tuple[str, ...]


@dataclass(frozen=True)
class SchemaField:
    """A leaf or table of a schema with the keys down to it, or a group of rows that the form names."""

    path: Keys
    field: Field
    group: str
    """The title of the group that it is in."""

    @property
    def row(self) -> Schema | None:
        """The schema of its rows, if it is a table or has rows that the form names."""
        if self.field.inside is None or self.field.repeats:
            return self.field.inside
        return next(iter(by_key(self.field.inside).values())).inside

    @property
    def asked(self) -> Asked:
        """The field as its form words it; a schema does not know the kind of its place."""
        return Asked(self.field.title, self.group, "")


def on_blank(
    schema: Schema, fields: Sequence[PlannedField], groups: Sequence[str]
) -> tuple[dict[int, SchemaField], list[SchemaField]]:
    """The schema's field for each field of its blank, by number, and those that are not found on it."""
    asked = [Asked(field.title, group, "") for field, group in zip(fields, groups, strict=True)]
    named = list(_named_rows(schema))
    tables = [at for at, each in enumerate(fields) if each.names]
    pairs = matching.pairs([each.asked for each in named], [asked[at] for at in tables])
    found = {tables[new]: named[old] for old, new in pairs.items()}
    whole = {each.path for each in found.values()}
    rest = [each for each in _leaves(schema) if not any(each.path[: len(path)] == path for path in whole)]
    others = [at for at in range(len(fields)) if at not in found]
    pairs = matching.pairs([each.asked for each in rest], [asked[at] for at in others])
    found |= {others[new]: rest[old] for old, new in pairs.items()}
    left = [each for at, each in enumerate(rest) if at not in pairs]
    for each in [each for each in left if each.field.repeats]:
        at = next((n for n in others if n not in found and _has_columns(fields[n], each)), None)
        if at is not None:
            found[at] = each
            left.remove(each)
    return found, left


def _has_columns(table: PlannedField, known: SchemaField) -> bool:
    """Whether a table that has another label has the columns of the schema's."""
    titles = {} if known.row is None else {matching.compact(each.title) for _, each in members(known.row)}
    return bool(titles) and titles == {matching.compact(each.title) for each in table.columns}


def _leaves(schema: Schema, above: Keys = (), group: str = "") -> Iterator[SchemaField]:
    """The leaves and tables, in order."""
    for key, field in members(schema):
        if field.inside is None or field.repeats:
            yield SchemaField((*above, key), field, group)
        else:
            yield from _leaves(field.inside, (*above, key), field.title)


def _named_rows(schema: Schema, above: Keys = (), group: str = "") -> Iterator[SchemaField]:
    """The groups that may be rows which the form names."""
    for key, field in members(schema):
        if field.inside is not None and not field.repeats:
            if alike(field.inside):
                yield SchemaField((*above, key), field, group)
            else:
                yield from _named_rows(field.inside, (*above, key), field.title)
