"""Writes the Python module of a form's next year: subclasses of the schema's classes that changed."""

import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from marshmallow import Schema

from schemas import fields as field_types
from schemas.bilingual import Bilingual
from schemas.fields import Field
from schemas.form_schema import FormSchema
from schemas.tree import by_key, members
from service.form_authoring import field_keys
from service.form_authoring.field_types import quoted
from service.form_authoring.form_plan import PlannedField
from service.form_authoring.schema_writer import call, class_text, declaration, import_line
from service.form_changes import next_declarations
from service.form_changes.next_plan import NextField, NextForm
from service.form_changes.schema_fields import Keys


@dataclass
class _Change:
    """What is different in a group: declarations by key, keys that are gone, the order of the new blank."""

    lines: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)


class SchemaWriter:
    """Writes the module of a schema's next year."""

    def __init__(self, schema: FormSchema, form: NextForm, year: int) -> None:
        self._schema, self._form, self._year = schema, form, year
        self._changed = {each.path: each for each in form.fields if each.was}
        self._classes: list[str] = []
        self._imports: dict[str, set[str]] = {}
        self.by_hand: list[str] = []
        """The labels of groups that changed and whose classes are made by code."""

    def text(self, title: str) -> tuple[str, str]:
        """The module and the name of its class; both are empty if the old class serves."""
        name = self._group(self._schema, (), title)
        if not self._classes:
            return "", ""
        ours, beside = (
            [each for each in self._imports if each.startswith(".") == is_beside] for is_beside in (0, 1)
        )
        imports = [import_line(each, sorted(self._imports[each])) for each in sorted(ours)]
        imports += [""] if ours and beside else []
        imports += [import_line(each, sorted(self._imports[each])) for each in sorted(beside)]
        words = title.replace("\\", "").replace('"', "'")
        head = [f'"""{words}."""', "", *imports, "", ""]
        return "\n".join(head) + "\n" + "\n\n\n".join(self._classes) + "\n", name

    def _group(self, schema: Schema, path: Keys, title: str) -> str:
        """The subclass of a group's class with what changed in it; "" if nothing did."""
        change = _Change(order=self._order(path))
        for key, each in members(schema):
            here = (*path, key)
            if self._is_gone(here, each):
                change.gone.append(key)
            elif line := self._member(schema, here, each):
                change.lines[key] = line
        change.lines |= dict(self._added(path))
        change.head = [self._used(each) for each in next_declarations.of(schema, self._form, path)]
        return self._class(schema, title, change)

    def _class(self, schema: Schema, title: str, change: _Change) -> str:
        known = [key for key, _ in members(schema) if key not in change.gone]
        names = [*known, *(key for key in change.lines if key not in known)]
        ordered = _in_order(names, change.order)
        if not (change.lines or change.gone or change.head):
            return ""
        if not _is_named(type(schema)):
            self.by_hand.append(title)
            return ""
        base = self._import(type(schema))
        lines = [*change.head]
        if change.gone or ordered != names:
            attributes = {key: each.name or key for key, each in members(schema)}
            inside = call("fields = ", [quoted(attributes.get(key, key)) for key in ordered])
            meta = f"class Meta({base}.Meta):\n{textwrap.indent(inside, '    ')}"
            lines += [*([""] if lines else []), meta]
        lines += [*([""] if lines and change.lines else []), *change.lines.values()]
        name = f"{re.sub('Of[0-9]{4}$', '', base)}Of{self._year}"
        words = title if str(self._year) in title else f"{title} of {self._year}"
        self._classes.append(class_text(name, base, words, lines))
        return name

    def _member(self, schema: Schema, here: Keys, each: Field) -> str:
        """The declaration of a field that changed; "" if it stays as it is."""
        name, found = each.name or here[-1], self._changed.get(here)
        if found and found.field.columns:
            return self._table(name, each, found)
        if found and found.is_other:
            return self._new(found.field)
        if found and found.is_renamed:
            return self._renamed(schema, name, found)
        if each.inside is None or each.repeats or found:
            return ""
        inner = self._group(each.inside, here, each.title)
        line = call(f"{name} = Group", [quoted(each.title), inner, *_about(each)])
        return self._used(line) if inner else ""

    def _renamed(self, schema: Schema, name: str, found: NextField) -> str:
        if not _is_named(type(schema)):
            self.by_hand.append(found.field.title)
            return ""
        base = self._import(type(schema))
        return self._used(call(f"{name} = renamed", [base, quoted(name), quoted(found.field.title)]))

    def _table(self, name: str, each: Field, found: NextField) -> str:
        """The declaration of a table of which columns, rows or the label changed."""
        row = found.was.row if found.was else None
        if row is None or not (found.is_other or found.is_renamed):
            return ""
        inner = self._row(row, found) or self._import(type(row))
        title, names = quoted(found.field.title), found.field.names
        if names:
            labels = [f"{quoted(key)}: {_label(label, _former(each, key))}" for key, label in names]
            rows = f"{{{', '.join(labels)}}}"
            return self._used(call(f"{name} = named_rows", [title, inner, rows, *_about(each)]))
        least = [f"minimum={len(found.field.place.rows)}", *_about(each)]
        return self._used(call(f"{name} = Rows", [title, f"Group({title}, {inner})", *least]))

    def _row(self, row: Schema, found: NextField) -> str:
        """The subclass of the class of a table's rows; "" if it stays."""
        stayed = {column.field.key for column in found.columns}
        change = _Change(order=[column.field.key for column in found.columns])
        change.gone = [key for key, each in members(row) if each.inside is None and key not in stayed]
        for column in found.columns:
            if column.was is None or column.is_other:
                change.lines[column.field.key] = self._used(declaration(column.field))
            elif column.is_renamed:
                change.lines[column.field.key] = self._renamed(row, column.field.key, column)
        return self._class(row, found.field.title, change)

    def _added(self, path: Keys) -> Iterator[tuple[str, str]]:
        """The declarations of new fields of a group, and of new groups."""
        for each in self._form.fields:
            if each.was is None and each.path[:-1] == path:
                yield each.path[-1], self._new(each.field)
        for key, title in self._form.groups.items() if not path else ():
            inside = [each for each in self._form.fields if each.path[:-1] == (key,)]
            lines = [self._new(each.field) for each in inside]
            name = self._free(field_keys.class_name(key))
            self._classes.append(class_text(name, self._used("FieldGroup"), title, lines))
            yield key, self._used(call(f"{key} = Group", [quoted(title), name]))

    def _new(self, planned: PlannedField) -> str:
        """The declaration of a field by what its blank asks for."""
        row = self._free(f"{field_keys.class_name(planned.key)}Row") if planned.columns else ""
        if row:
            lines = [self._used(declaration(each)) for each in planned.columns]
            base = self._used("FieldGroup")
            self._classes.append(class_text(row, base, f"A row of {planned.title}", lines))
        return self._used(declaration(planned, row))

    def _order(self, path: Keys) -> list[str]:
        """The keys of a group in the order of the new blank."""
        depth = len(path)
        return list(
            dict.fromkeys(each.path[depth] for each in self._form.fields if each.path[:depth] == path)
        )

    def _is_gone(self, here: Keys, each: Field) -> bool:
        gone = {found.path for found in self._form.removed}
        if here in gone or each.inside is None or each.repeats:
            return here in gone
        inner = [self._is_gone((*here, key), field) for key, field in members(each.inside)]
        return bool(inner) and all(inner) and not self._order(here)

    def _free(self, name: str) -> str:
        used = {*field_types.__all__, *(re.match(r"class (\w+)", each)[1] for each in self._classes)}  # type: ignore[index]
        return f"{name}Of{self._year}" if name in used else name

    def _import(self, known: type[Schema]) -> str:
        module = known.__module__
        own = type(self._schema).__module__.rpartition(".")[0]
        place = (
            module
            if not module.startswith(f"{own}.") or own == "schemas"
            else f".{module.rpartition('.')[2]}"
        )
        self._imports.setdefault(place, set()).add(known.__name__)
        return known.__name__

    def _used(self, source: str) -> str:
        """The source, its names of ours imported."""
        for module, names in next_declarations.NAMES.items():
            for name in names:
                if re.search(rf"(?<![\w.\"]){name}\b(?!\")", source):
                    self._imports.setdefault(module, set()).add(name)
        return source


def _is_named(known: type[Schema]) -> bool:
    return getattr(sys.modules.get(known.__module__), known.__name__, None) is known


def _about(each: Field) -> list[str]:
    """The arguments with the English and the help of a field."""
    gloss = [f"gloss={quoted(each.gloss)}"] if each.gloss else []
    help = [f"help={_bilingual(each.help)}"] if each.help.zh else []
    return [*gloss, *help]


def _former(table: Field, key: str) -> Field | None:
    """The row of that key, if the form named it before."""
    inside = table.inside
    return by_key(inside).get(key) if inside is not None and not table.repeats else None


def _label(label: str, former: Field | None) -> str:
    """The label of a row with its English, if the row has kept its label."""
    if former is None or former.title != label or not former.gloss:
        return quoted(label)
    return _bilingual(Bilingual(label, former.gloss))


def _bilingual(text: Bilingual) -> str:
    return f"Bilingual({quoted(text.zh)}, {quoted(text.en)})"


def _in_order(names: Sequence[str], order: Sequence[str]) -> list[str]:
    """The names, those that are in `order` in its order, the others behind the one that they follow."""
    found = [name for name in order if name in names]
    for at, name in enumerate(names):
        if name not in found:
            before = [found.index(each) for each in names[:at] if each in found]
            found.insert(before[-1] + 1 if before else 0, name)
    return found
