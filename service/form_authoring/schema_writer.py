"""Writes the Python module of a planned form's schema."""

import keyword
import unicodedata
from collections.abc import Iterator, Sequence

from service.form_authoring import field_keys
from service.form_authoring.field_types import quoted
from service.form_authoring.form_plan import FormPlan, PlannedField, PlannedGroup
from service.form_authoring.totals import Sum, totals

_WIDTH = 110
_BASES = {"FieldGroup", "FormSchema", "Limit", "Total"}


def text(plan: FormPlan, form: str, title: str, year: int) -> str:
    """The module of the form called `form`, whose class `class_of` names."""
    classes, taken = list[str](), {class_of(form)}
    body: list[str] = []
    sums = totals(plan)
    for member in plan.members:
        if isinstance(member, PlannedGroup):
            rows = [row_class(each, classes, taken) if each.columns else "" for each in member.fields]
            name = _free(field_keys.class_name(member.key), taken)
            lines = [*_rules(sums, member.key), *map(declaration, member.fields, rows)]
            classes.append(class_text(name, "FieldGroup", member.title, lines))
            body.append(f"{member.key} = Group({quoted(member.title)}, {name})")
        else:
            row = row_class(member, classes, taken) if member.columns else ""
            body.append(declaration(member, row))
    head = [*_limits(plan), f"submitter = {tuple_text(plan.submitter)}", *_expected(plan), *_rules(sums, "")]
    classes.append(class_text(class_of(form), "FormSchema", f"{title} of {year}", [*head, "", *body]))
    return "\n".join([f'"""{_plain(title)}."""', "", *_imports(plan, sums), "", "", *_joined(classes)]) + "\n"


def class_of(form: str) -> str:
    """The name of the schema class of a form."""
    name = field_keys.class_name(form)
    return f"{name}Form" if keyword.iskeyword(name) else name


def _joined(classes: Sequence[str]) -> Iterator[str]:
    for number, each in enumerate(classes):
        yield from ("", "") if number else ()
        yield each


def _imports(plan: FormPlan, sums: Sequence[Sum]) -> Iterator[str]:
    fields = [each for _, field in plan.fields() for each in (field, *field.columns)]
    types = {each.type.name for each in fields if not each.names}
    if "Rows" in types or any(isinstance(each, PlannedGroup) for each in plan.members):
        types.add("Group")
    if types & {"Choice", "Choices"}:
        types.add("Option")
    named = any(each.names for each in fields)
    bases = ["FieldGroup"] if "Group" in types or named else []
    bases += ["FormSchema", *(["Limit"] if list(_limits(plan)) else []), *(["named_rows"] if named else [])]
    yield import_line("schemas.fields", sorted(types))
    yield import_line("schemas.form_schema", bases)
    if sums:
        yield "from schemas.rules import Total"


def import_line(module: str, names: Sequence[str]) -> str:
    """An import statement, on several lines if it is long."""
    line = f"from {module} import {', '.join(names)}"
    if _width(line) <= _WIDTH:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in names), ")"])


def row_class(field: PlannedField, classes: list[str], taken: set[str]) -> str:
    """Adds the class of a list's rows to `classes`; its name."""
    name = _free(f"{field_keys.class_name(field.key)}Row", taken)
    classes.append(
        class_text(name, "FieldGroup", f"A row of {field.title}", [declaration(e) for e in field.columns])
    )
    return name


def _free(name: str, taken: set[str]) -> str:
    """A class name that is neither taken nor that of a type; it is taken then."""
    import schemas.fields

    used = {*taken, *schemas.fields.__all__, *_BASES, *keyword.kwlist}
    number = 2
    free = f"{name}Group" if name in used else name
    while free in used:
        free, number = f"{name}{number}", number + 1
    taken.add(free)
    return free


def class_text(name: str, base: str, words: str, lines: Sequence[str]) -> str:
    """A class with a docstring of these words and these lines."""
    body = [f"    {line}" if line else "" for each in lines for line in each.split("\n")]
    return "\n".join([f"class {name}({base}):", f'    """{_plain(words)}."""', "", *body])


def declaration(field: PlannedField, row: str = "") -> str:
    """The line that declares a field; `row` is the class of a list's rows."""
    title = quoted(field.title)
    if row and field.names:
        names = ", ".join(f"{quoted(key)}: {quoted(name)}" for key, name in field.names)
        return call(f"{field.key} = named_rows", [title, row, f"{{{names}}}"])
    if row:
        least = f"minimum={len(field.place.rows)}"
        return call(f"{field.key} = Rows", [title, f"Group({title}, {row})", least])
    return call(f"{field.key} = {field.type.name}", [title, *field.type.arguments])


def call(head: str, arguments: Sequence[str]) -> str:
    """A call, on several lines if it is long."""
    line = f"{head}({', '.join(arguments)})"
    if _width(line) + 4 <= _WIDTH:
        return line
    inner = f"    {', '.join(arguments)}"
    if _width(inner) + 4 <= _WIDTH:
        return "\n".join([f"{head}(", inner, ")"])
    return "\n".join([f"{head}(", *(f"    {each}," for each in arguments), ")"])


def _width(line: str) -> int:
    """Its columns as formatters count them: two for a Chinese character."""
    return len(line) + sum(unicodedata.east_asian_width(each) in "WF" for each in line)


def _limits(plan: FormPlan) -> Iterator[str]:
    limits = [f"Limit(({quoted(path[-1])},), {field.limit})" for path, field in plan.fields() if field.limit]
    if limits:
        yield f"limits = ({', '.join(limits)},)"


def _expected(plan: FormPlan) -> Iterator[str]:
    if expected := [".".join(path) for path, field in plan.fields() if field.required]:
        line = f"expected = {tuple_text(expected)}"
        each_on_a_line = "\n".join(["expected = (", *(f"    {quoted(name)}," for name in expected), ")"])
        yield line if _width(line) + 4 <= _WIDTH else each_on_a_line


def _rules(sums: Sequence[Sum], group: str) -> Iterator[str]:
    rules = [f"Total({quoted(each.column)}, {quoted(each.at)})" for each in sums if each.group == group]
    if rules:
        yield f"rules = ({', '.join(rules)},)"
        if group:
            yield ""


def tuple_text(names: Sequence[str]) -> str:
    """A tuple of texts."""
    return f"({', '.join(map(quoted, names))}{',' if len(names) == 1 else ''})"


def _plain(words: str) -> str:
    """Words for a docstring: visible characters of one line, none of which ends it."""
    shown = "".join(each if each.isprintable() else " " for each in words)
    return shown.replace("\\", "").replace('"', "'")
