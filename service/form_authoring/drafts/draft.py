"""A draft of a form: what is proposed for a blank document, as plain data that a person can change."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from service.blank_forms.place import Place
from service.form_authoring import blank_form, field_keys, form_plan
from service.form_authoring.blank_form import BlankForm
from service.form_authoring.drafts import field_kinds
from service.form_authoring.form_plan import FormPlan, PlannedField
from service.form_authoring.positions import Positions
from service.submission import date_in_china

_LONGEST_NAME = 40
_YEAR = re.compile("(20[0-9]{2})(?:年度?)?")


@dataclass(frozen=True)
class DraftField:
    """A field of a draft; `number` is that of its outline on the pages, `group` the heading above it."""

    number: int
    field: PlannedField
    group: str = ""
    left_out: bool = False
    added: bool = False

    @property
    def kind(self) -> str:
        """Its kind, one of `field_kinds.KINDS`."""
        return field_kinds.of(self.field.type)

    def as_dict(self, lang: str = "zh") -> dict[str, Any]:
        """The field as JSON: what can be changed, and what the form says of its place."""
        field, place = self.field, self.field.place
        return {
            "number": self.number,
            "key": field.key,
            "label": field.title,
            "kind": self.kind,
            "kinds": list(field_kinds.allowed(place)),
            "required": field.required,
            "unit": field.type.unit,
            "options": _options(field),
            "columns": [_column(each) for each in field.columns],
            "rows": len(place.rows),
            "names": [{"key": key, "label": label} for key, label in field.names],
            "limit": field.limit,
            "group": self.group,
            "where": place.where.as_dict(),
            "certain": place.reason is None,
            "doubt": place.doubt,
            "reason": place.reason.of(lang) if place.reason else "",
            "left_out": self.left_out,
            "added": self.added,
        }


@dataclass(frozen=True)
class Draft:
    """A form to be made of a blank document: name, plan year, title, fields in the order of the form."""

    form: str
    year: int
    title: str
    fields: tuple[DraftField, ...]

    @cached_property
    def plan(self) -> FormPlan:
        """The fields that are not left out."""
        return form_plan.arranged([(each.group, each.field) for each in self.fields if not each.left_out])

    def as_dict(self, lang: str = "zh") -> dict[str, Any]:
        """The draft as JSON, with every kind and its units."""
        kinds = field_kinds.KINDS.items()
        return {
            "form": self.form,
            "year": self.year,
            "title": self.title,
            "fields": [each.as_dict(lang) for each in self.fields],
            "kinds": [
                {"kind": kind, "name": each.name.of(lang), "units": list(each.units)} for kind, each in kinds
            ],
            "column_kinds": list(field_kinds.allowed_in_columns()),
        }


def propose(blank: BlankForm) -> Draft:
    """What is proposed for a blank form; its fields are numbered as they are printed."""
    position = Positions(blank.root)
    found = sorted(blank_form.planned(blank).headed, key=lambda each: position(each[1].place))
    fields = tuple(DraftField(number, field, group) for number, (group, field) in enumerate(found, 1))
    return Draft(_name(blank.title), _year(blank.title), blank.title, fields)


def of_place(place: Place, number: int, taken: Collection[str]) -> DraftField:
    """A place that a person added, with a key that is not one of `taken`."""
    return DraftField(number, form_plan.field(place, taken), added=True)


def _options(field: PlannedField) -> list[dict[str, Any]]:
    return [
        {"key": each.key, "words": each.words, "own_words": each.own_words} for each in field.type.options
    ]


def _column(column: PlannedField) -> dict[str, Any]:
    return {
        "key": column.key,
        "label": column.title,
        "kind": field_kinds.of(column.type),
        "unit": column.type.unit,
    }


def _name(title: str) -> str:
    """A name for the form: its title in English or pinyin without the year, as far as it fits."""
    words = field_keys.key(_YEAR.sub("", title) or "form")
    return re.sub("_?[^_]*$", "", words[: _LONGEST_NAME + 1]) if len(words) > _LONGEST_NAME else words


def _year(title: str) -> int:
    """The year in the title, else the current one in China."""
    found = _YEAR.search(title)
    return int(found[1]) if found else date_in_china().year
