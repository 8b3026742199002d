"""Changes of a draft, checked all at once: other labels, kinds, options; fields left out or added."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from schemas import edition_table
from schemas.tree import Path
from service.blank_forms.place import Where
from service.form_authoring.drafts import added_places, draft
from service.form_authoring.drafts.changed_fields import FieldChanger
from service.form_authoring.drafts.changes_schema import ChangeErrors, load
from service.form_authoring.drafts.draft import Draft, DraftField
from service.form_authoring.new_form import BlankForm
from service.form_authoring.positions import Positions


def changed(blank: BlankForm, changes: Any) -> Draft:
    """The draft that is proposed for a blank form, with changes. Raises InvalidPayload with every error."""
    return _Changer(blank, load(changes)).draft()


class _Changer:
    def __init__(self, blank: BlankForm, changes: Mapping[str, Any]) -> None:
        self._blank, self._changes, self._proposed = blank, changes, draft.propose(blank)
        self._errors = ChangeErrors()
        self._paths: dict[int, Path] = {}  # by the number of a field, where it is in the changes
        self._fields = FieldChanger(self._errors)

    def draft(self) -> Draft:
        form, year, title = self._named()
        fields = self._added(self._changed())
        self._check_keys(fields)
        if not any(not each.left_out for each in fields):
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
        fields = {each.number: each for each in self._proposed.fields}
        for at, change in enumerate(self._changes["fields"]):
            path: Path = ("fields", at)
            number = change.get("number")
            if number is None:
                continue
            if number in self._paths:
                self._errors.add((*path, "number"), "field_twice", number=number)
            elif number in fields:
                fields[number] = self._fields.changed(fields[number], change, path)
                self._paths[number] = path
            elif "where" not in change or number < 1:
                self._errors.add((*path, "number"), "no_such_field", number=number)
        return list(fields.values())

    def _added(self, fields: list[DraftField]) -> list[DraftField]:
        """The fields with those that are added, each behind the last in front of its place."""
        known, position = len(fields), Positions(self._blank.root)
        for at, change in enumerate(self._changes["fields"]):
            if "number" in change and ("where" not in change or change["number"] <= known):
                continue
            added = self._new(fields, change, ("fields", at))
            if added:
                here = position(added.field.place)
                before = [n for n, each in enumerate(fields, 1) if position(each.field.place) <= here]
                fields.insert(max(before, default=0), added)
        return fields

    def _new(self, fields: Sequence[DraftField], change: Mapping[str, Any], path: Path) -> DraftField | None:
        where = Where(**change.get("where", {}))
        found = added_places.at(self._blank.document, where)
        if found is None:
            self._errors.add((*path, "where"), "no_such_place")
            return None
        holder, place = found
        for each in fields:
            if not each.left_out and holder in added_places.taken([each.field.place]):
                self._errors.add((*path, "where"), "place_taken", other=each.field.title)
                return None
        label = self._fields.words(change.get("label", place.label), (*path, "label"))
        place = replace(place, label=label)
        group = change.get("group", "")
        taken = [each.field.key for each in fields if each.group == group]
        number = max((each.number for each in fields), default=0) + 1
        self._paths[number] = path
        new = draft.of_place(place, number, taken)
        return self._fields.changed(new, change, path)

    def _check_keys(self, fields: Sequence[DraftField]) -> None:
        """Adds an error for each key that another field of its group has."""
        first: dict[tuple[str, str], DraftField] = {}
        for field in (each for each in fields if not each.left_out):
            key = field.field.key
            other = first.setdefault((field.group, key), field)
            if other is not field:
                at, titled = (field, other) if self._has_key(field) else (other, field)
                path = (*self._paths[at.number], "key")
                name = titled.field.title
                self._errors.add(path, "key_twice", at.field.title, key=key, other=name)

    def _has_key(self, field: DraftField) -> bool:
        """Whether the changes give the key of a field, or its group."""
        path = self._paths.get(field.number)
        return path is not None and bool({"key", "group"} & self._changes["fields"][path[-1]].keys())
