"""Changes of a draft, checked all at once: other labels, kinds, options; fields left out or added."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from schemas import edition_table
from schemas.tree import Path
from service.blank_forms.place import Place, Where
from service.errors import Bilingual
from service.form_authoring.blank_form import BlankForm
from service.form_authoring.drafts import added_places, draft
from service.form_authoring.drafts.changed_fields import FieldChanger
from service.form_authoring.drafts.changes_schema import ChangeErrors, load
from service.form_authoring.drafts.draft import Draft, DraftField
from service.form_authoring.positions import Positions

_UNNAMED = Bilingual("未命名", "Unnamed")


def changed(blank: BlankForm, changes: Any, lang: str = "zh") -> Draft:
    """The draft that is proposed for a blank form, with changes. Raises InvalidPayload with every error.

    In `lang` an added field is unnamed that has no label, neither printed nor given.
    """
    return _Changer(blank, load(changes), _UNNAMED.of(lang)).draft()


class _Changer:
    def __init__(self, blank: BlankForm, changes: Mapping[str, Any], unnamed: str) -> None:
        self._unnamed = unnamed
        self._blank, self._changes, self._proposed = blank, changes, draft.propose(blank)
        self._errors = ChangeErrors()
        self._fields = FieldChanger(self._errors)

    def draft(self) -> Draft:
        form, year, title = self._named()
        fields = self._added(self._changed())
        self._check_keys(fields)
        for number in self._changes["fields"].keys() - {str(each.number) for each in fields}:
            self._errors.add(("fields", number), "no_such_field", number=number)
        if all(each.left_out for each in fields):
            self._errors.add(("fields",), "nothing_left")
        self._errors.check()
        return Draft(form, year, title, tuple(fields))

    def _named(self) -> tuple[str, int, str]:
        found, proposed = self._changes, self._proposed
        form, year = found.get("form", proposed.form), found.get("year", proposed.year)
        title = found.get("title", proposed.title)
        if not edition_table.is_name(form):
            self._errors.add(("form",), "not_a_name")
        if year not in edition_table.YEARS:
            self._errors.add(("year",), "not_a_year")
        if title or "title" in found:
            title = self._fields.words(title, ("title",))
        if set(title) & set("{}"):  # the title is rendered with the template
            self._errors.add(("title",), "braces")
        return form, year, title

    def _changed(self) -> list[DraftField]:
        return [self._with_changes(each) for each in self._proposed.fields]

    def _with_changes(self, field: DraftField) -> DraftField:
        number = str(field.number)
        return self._fields.changed(field, self._changes["fields"].get(number, {}), ("fields", number))

    def _added(self, fields: list[DraftField]) -> list[DraftField]:
        """The fields with those that are added, each behind the last in front of its place."""
        known, position = len(fields), Positions(self._blank.root)
        for at, change in enumerate(self._changes["added"]):
            added = self._new(fields, known + at + 1, Where(**change["where"]), ("added", at, "where"))
            if added:
                here = position(added.field.place)
                before = [n for n, each in enumerate(fields, 1) if position(each.field.place) <= here]
                fields.insert(max(before, default=0), added)
        return fields

    def _new(self, fields: Sequence[DraftField], number: int, where: Where, path: Path) -> DraftField | None:
        """The field that is added there, with its changes; None if it cannot be."""
        found = added_places.at(self._blank.document, where)
        if found is None:
            self._errors.add(path, "no_such_place")
            return None
        holder, place = found
        for each in fields:
            if not each.left_out and holder in added_places.taken([each.field.place]):
                self._errors.add(path, "place_taken", other=each.field.title)
                return None
        change = self._changes["fields"].get(str(number), {})
        group = change.get("group", "")
        taken = [each.field.key for each in fields if each.group == group]
        return self._with_changes(draft.of_place(self._named_place(place, change), number, taken))

    def _named_place(self, place: Place, change: Mapping[str, Any]) -> Place:
        """A place with the label that is given, else the printed one; doubtful without either."""
        label = str(change.get("label", place.label))
        if place.label:
            return replace(place, label=label)
        return replace(place, label=label or self._unnamed, doubt="no_label")

    def _check_keys(self, fields: Sequence[DraftField]) -> None:
        """Adds an error for each key that another field of its group has."""
        first: dict[tuple[str, str], DraftField] = {}
        for field in (each for each in fields if not each.left_out):
            key = field.field.key
            other = first.setdefault((field.group, key), field)
            if other is not field:
                at, titled = (field, other) if self._has_key(field) else (other, field)
                path = ("fields", str(at.number), "key")
                self._errors.add(path, "key_twice", at.field.title, key=key, other=titled.field.title)

    def _has_key(self, field: DraftField) -> bool:
        """Whether the changes give the key of a field, or its group."""
        return bool({"key", "group"} & self._changes["fields"].get(str(field.number), {}).keys())
