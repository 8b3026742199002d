"""What a later year's schema declares besides its fields: limits, what is expected, rules, advice."""

from collections.abc import Iterator

from marshmallow import Schema

from schemas import fields as field_types
from schemas.form_schema import FormSchema, Limit
from schemas.later_year import without
from service.form_authoring.field_types import quoted
from service.form_authoring.schema_writer import call, tuple_text
from service.form_changes.next_plan import NextForm
from service.form_changes.schema_fields import Keys

#: Where the names come from that a schema is written with.
NAMES = {
    "schemas.bilingual": ("Bilingual",),
    "schemas.fields": tuple(
        each for each in field_types.__all__ if each not in ("Field", "Leaf", "Unreadable")
    ),
    "schemas.form_schema": ("FieldGroup", "Limit", "named_rows"),
    "schemas.later_year": ("renamed", "without"),
}


def of(schema: Schema, form: NextForm, path: Keys) -> Iterator[str]:
    """The declarations of a group that change."""
    gone = [".".join(each[len(path) :]) for each in _gone(form) if each[: len(path)] == path]
    base = type(schema).__name__
    if isinstance(schema, FormSchema):
        yield from _limits(schema, form)
        yield from _submitter(schema, form)
    for name in ("rules", "expected", "searchable", "advice"):
        named = [each for each in gone if _is_named(getattr(schema, name, ()), each)]
        if named:
            yield call(f"{name} = without", [f"{base}.{name}", *map(quoted, named)])


def _gone(form: NextForm) -> Iterator[Keys]:
    """The fields that are gone or of another type, as rules name them."""
    for each in form.removed:
        yield each.path
    for found in form.fields:
        if found.was is None:
            continue
        if found.is_other and not found.columns and found.field.type.name != type(found.was.field).__name__:
            yield found.path
        kept = {column.field.key for column in found.columns}
        inside = found.was.field.inside
        if found.columns and inside is not None and found.was.field.repeats:
            yield from ((*found.path, key) for key in inside.fields if key not in kept)


def _is_named(declared: object, gone: str) -> bool:
    known = tuple(declared)  # type: ignore[arg-type, var-annotated]
    return len(without(known, gone)) < len(known)


def _limits(schema: FormSchema, form: NextForm) -> Iterator[str]:
    top = [each for each in form.fields if len(each.path) == 1 and (each.is_limited or each.was is None)]
    gone = {each.path[0] for each in top} | {each.path[0] for each in form.removed}
    kept = [Limit(tuple(n for n in each.fields if n not in gone), each.maximum) for each in schema.limits]
    kept += [Limit(each.path, each.field.limit) for each in top if each.field.limit]
    kept = [each for each in kept if each.fields]
    if tuple(kept) != schema.limits:
        inside = [f"Limit({tuple_text(each.fields)}, {each.maximum})" for each in kept]
        yield f"limits = ({', '.join(inside)}{',' if len(inside) == 1 else ''})"


def _submitter(schema: FormSchema, form: NextForm) -> Iterator[str]:
    if any(each.path == schema.submitter for each in form.removed) and form.fields:
        lines = [each for each in form.fields if each.field.type.name == "Line"]
        yield f"submitter = {tuple_text((lines or list(form.fields))[0].path)}"
