"""Plans the fields of a form's next year: keys that stay, fields that are new, renamed or of another type."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from marshmallow import Schema

from schemas.fields import Field
from schemas.tree import by_key, members
from service.blank_forms.place import Place
from service.form_authoring import field_keys
from service.form_authoring.field_types import FieldType
from service.form_authoring.form_plan import FormPlan, PlannedField, PlannedGroup
from service.form_changes import blank_comparison, matching, schema_fields
from service.form_changes.blank_comparison import Comparison, Stayed
from service.form_changes.matching import Asked
from service.form_changes.schema_fields import Keys, SchemaField


@dataclass(frozen=True)
class NextField:
    """A field of the new blank with the keys down to it; `was` is the schema's field, None for a new one.

    `is_renamed`: its label changed. `is_other`: it is declared again, of another type, unit, options or
    columns. `is_limited`: its limit of 字 changed.
    """

    path: Keys
    field: PlannedField
    was: SchemaField | None = None
    is_renamed: bool = False
    is_other: bool = False
    is_limited: bool = False
    columns: tuple["NextField", ...] = ()
    """Of a table, with the keys down from a row."""


@dataclass(frozen=True)
class NextForm:
    """What the next year's form asks for, in the order of its blank."""

    fields: tuple[NextField, ...]
    removed: tuple[SchemaField, ...]
    unplaced: tuple[SchemaField, ...]
    """What the finder did not see on the old blank either: their tags are put by hand."""
    groups: dict[str, str]
    """The titles of new groups by key."""
    comparison: Comparison


def plan(schema: Schema, old: FormPlan, new: FormPlan) -> NextForm:
    """The fields of the next year, from the schema of the year before and the plans of both blanks."""
    olds, news = [list(each.fields()) for each in (old, new)]
    heads = _heads(old)
    found = blank_comparison.compare(_places(old), _places(new))
    on_old, unplaced = schema_fields.on_blank(schema, [each for _, each in olds], heads)
    pairs = zip(found.pairs.items(), found.stayed, strict=True)
    stayed = {new: (on_old.get(at), olds[at][1], each) for (at, new), each in pairs}
    fields = {at: _kept(news[at][1], old, was, each) for at, (was, old, each) in stayed.items() if was}
    groups = _Parents(schema, new, fields)
    for at, (path, field) in enumerate(news):
        if at not in stayed:  # what was left out stays so
            parent = groups.of(at, path)
            key = groups.key(parent, field.title)
            fields[at] = NextField((*parent, key), replace(field, key=key))
    removed = [on_old[at] for at in range(len(olds)) if at not in found.pairs and at in on_old]
    ordered = tuple(fields[at] for at in sorted(fields))
    return NextForm(ordered, tuple(removed), tuple(unplaced), groups.made, found)


def _places(plan: FormPlan) -> list[Place]:
    """The places of the fields, with their labels and headings."""
    fields = zip(plan.fields(), _heads(plan), strict=True)
    return [replace(each.place, label=each.title, group=head) for (_, each), head in fields]


def _heads(plan: FormPlan) -> list[str]:
    """The heading of each field's group."""
    return [
        head
        for member in plan.members
        for head in ([member.title] * len(member.fields) if isinstance(member, PlannedGroup) else [""])
    ]


def _kept(field: PlannedField, old: PlannedField, was: SchemaField, stayed: Stayed) -> NextField:
    """A field that stayed, with its old keys, and its old type unless the blank asks otherwise."""
    row, is_other, columns = was.row, _is_other(old.type, field.type), tuple[NextField, ...]()
    kept = replace(field, key=was.path[-1], type=_type(field.type, was.field, is_other))
    if field.columns and row is not None:
        columns = tuple(_columns(field.columns, old.columns, row))
        names = tuple(_names(field, was.field))
        kept = replace(kept, columns=tuple(each.field for each in columns), names=names)
        is_other = bool({"columns", "names"} & {*stayed.changed}) or any(each.is_other for each in columns)
    is_limited = "limits" in stayed.changed
    return NextField(was.path, kept, was, stayed.is_renamed, is_other, is_limited, columns)


def _is_other(old: FieldType, new: FieldType) -> bool:
    """Whether another type is asked for; a cell of another height is none."""
    if {old.name, new.name} <= {"Line", "Text"}:
        return False
    words = [[option.words for option in each.options] for each in (old, new)]
    arguments = [each.arguments if not each.options else () for each in (old, new)]
    return old.name != new.name or words[0] != words[1] or arguments[0] != arguments[1]


def _type(found: FieldType, was: Field, is_other: bool) -> FieldType:
    known = {each.words: each.key for each in getattr(was, "options", ())}
    options = tuple(replace(each, key=known.get(each.words, each.key)) for each in found.options)
    if not is_other:
        return replace(found, name=type(was).__name__, options=options)
    is_named = bool(options) and found.name != "YesNo"
    arguments = tuple(each.source for each in options) if is_named else found.arguments
    return replace(found, options=options, arguments=arguments)


def _names(field: PlannedField, was: Field) -> Iterator[tuple[str, str]]:
    """Key and label of each row that the form names, with the keys of those that stayed."""
    known = {} if was.inside is None else {each.title: key for key, each in members(was.inside)}
    yield from ((known.get(label, key), label) for key, label in field.names)


def _columns(
    columns: Sequence[PlannedField], olds: Sequence[PlannedField], row: Schema
) -> Iterator[NextField]:
    """The columns with their old keys, and their old types unless the blank asks otherwise."""
    known = [SchemaField((key,), each, "") for key, each in members(row)]
    on_schema = {new: known[at] for at, new in _same([each.field.title for each in known], columns).items()}
    on_old = {new: olds[at] for at, new in _same([each.title for each in olds], columns).items()}
    taken = [key for key, _ in members(row)]
    for at, each in enumerate(columns):
        was, old = on_schema.get(at), on_old.get(at)
        if was is None:
            taken.append(field_keys.key(each.title, taken))
            yield NextField((taken[-1],), replace(each, key=taken[-1]))
            continue
        is_other = old is not None and _is_other(old.type, each.type)
        column = replace(each, key=was.path[-1], type=_type(each.type, was.field, is_other))
        yield NextField(was.path, column, was, old is not None and old.title != each.title, is_other)


def _same(titles: Sequence[str], columns: Sequence[PlannedField]) -> matching.Pairs:
    return matching.pairs(
        [Asked(title, "", "") for title in titles], [Asked(each.title, "", "") for each in columns]
    )


class _Parents:
    """Where new fields go: beside their neighbours on the blank."""

    def __init__(self, schema: Schema, new: FormPlan, kept: dict[int, NextField]) -> None:
        self._schema, self._plan, self._kept = schema, new, kept
        self._taken: dict[Keys, list[str]] = {}
        self.made: dict[str, str] = {}
        """The titles of new groups by key."""

    def of(self, at: int, path: Keys) -> Keys:
        """The keys down to the group of a new field."""
        news = [each for each, _ in self._plan.fields()]
        beside = [self._kept[n].path[:-1] for n in self._kept if len(path) > 1 and news[n][:-1] == path[:-1]]
        if beside:
            return max(beside, key=beside.count)
        if len(path) > 1:
            return (self._new_group(path[0]),)
        before = next((self._kept[n].path[:-1] for n in range(at, -1, -1) if n in self._kept), None)
        after = next((self._kept[n].path[:-1] for n in range(at, len(news)) if n in self._kept), None)
        return before if before is not None and before == after else ()

    def _new_group(self, planned: str) -> str:
        title = next(each.title for each in self._plan.members if each.key == planned)
        for key, known in self.made.items():
            if known == title:
                return key
        key = self.key((), title)
        self.made[key] = title
        return key

    def key(self, parent: Keys, title: str) -> str:
        """A key for a new field of a group that no field of it has or had."""
        taken = self._taken.setdefault(parent, list(self._known(parent)))
        taken.append(field_keys.key(title, taken))
        return taken[-1]

    def _known(self, parent: Keys) -> Iterator[str]:
        schema: Schema | None = self._schema
        for key in parent:
            field = by_key(schema).get(key) if schema else None
            schema = None if field is None else field.inside
        yield from (key for key, _ in members(schema)) if schema else ()
