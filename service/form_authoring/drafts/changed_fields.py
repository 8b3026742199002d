"""One field of a draft with what a person changed in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from schemas.tree import Path
from service.blank_forms.place import Place
from service.form_authoring import field_keys
from service.form_authoring.drafts import field_kinds
from service.form_authoring.drafts.changes_schema import ChangeErrors
from service.form_authoring.drafts.draft import DraftField
from service.form_authoring.drafts.field_kinds import KINDS
from service.form_authoring.field_types import ChosenOption, FieldType
from service.form_authoring.form_plan import PlannedField

_LONGEST = 200  # characters of a label


class FieldChanger:
    """Changes fields, and collects what is wrong."""

    def __init__(self, errors: ChangeErrors) -> None:
        self._errors = errors

    def changed(self, field: DraftField, change: Mapping[str, Any], path: Path) -> DraftField:
        """A field with its changes, which are at `path`."""
        allowed = field_kinds.allowed(field.field.place)
        planned = self._planned(field.field, change, path, allowed)
        if planned.columns and "columns" in change:
            planned = replace(planned, columns=self._columns(planned, change["columns"], path))
        group = change.get("group", field.group).strip()
        if group and group != field.group:
            group = self.words(group, (*path, "group"))
        return replace(
            field,
            field=replace(planned, required=change.get("required", planned.required)),
            group=group,
            left_out=change.get("left_out", field.left_out),
        )

    def words(self, text: str, path: Path) -> str:
        """A label, title or option as it is written: one line of visible characters."""
        words = text.strip()
        if not 0 < len(words) <= _LONGEST or not words.replace("\u3000", " ").isprintable():
            self._errors.add(path, "not_words", maximum=_LONGEST)
        return words

    def _planned(
        self, field: PlannedField, change: Mapping[str, Any], path: Path, allowed: Sequence[str]
    ) -> PlannedField:
        title = self.words(change.get("label", field.title), (*path, "label"))
        key = self._key(change.get("key", field.key), (*path, "key"), title)
        kind = self._kind(change.get("kind", field_kinds.of(field.type)), allowed, (*path, "kind"), title)
        found = self._type(field, kind, title, change, path)
        limit = field.limit if found.name == "Text" else 0
        return replace(field, title=title, key=key, type=found, limit=limit)

    def _key(self, key: str, path: Path, title: str) -> str:
        if not field_keys.is_key(key):
            self._errors.add(path, "not_a_key", title, key=key)
        return key

    def _kind(self, kind: str, allowed: Sequence[str], path: Path, title: str) -> str:
        if kind not in allowed:
            code, names = ("unfit_kind", allowed) if kind in KINDS else ("unknown_kind", KINDS)
            self._errors.add(path, code, title, allowed=", ".join(names))
            return ""
        return kind

    def _type(
        self, field: PlannedField, kind: str, title: str, change: Mapping[str, Any], path: Path
    ) -> FieldType:
        if not kind or kind == "rows":
            return field.type
        unit = self._unit(field.type, kind, change, path)
        options = self._options(field, kind, change, path)
        same = (field_kinds.of(field.type), field.type.unit, field.type.options)
        if (kind, unit, options) == same or options is None:
            return field.type
        place = field.place if field.place.kind != "rows" else _without_spots(field.place)
        return field_kinds.typed(place, kind, title, unit, options)

    def _unit(self, known: FieldType, kind: str, change: Mapping[str, Any], path: Path) -> str:
        units, is_same = KINDS[kind].units, kind == field_kinds.of(known)
        usual = known.unit if is_same or known.unit in units else next(iter(units), "")
        given: str = change.get("unit", usual) if units else usual
        unit = usual if given == known.unit else given
        if unit != usual and unit not in units:
            self._errors.add((*path, "unit"), "unknown_unit", allowed=", ".join(filter(None, units)))
        return unit

    def _options(
        self, field: PlannedField, kind: str, change: Mapping[str, Any], path: Path
    ) -> tuple[ChosenOption, ...] | None:
        """The options; None if they are wrong."""
        if kind not in field_kinds.OF_BOXES:
            return ()
        at, given = (*path, "options"), change.get("options")
        printed = field_kinds.box_words(field.place)
        known = field.type.options or field_kinds.options(field.place)
        if given is None:
            if not known:
                self._errors.add(at, "no_options", field.title)
            return known or None
        if printed and len(given) != len(printed):
            self._errors.add(at, "other_boxes", field.title, count=len(printed))
            return None
        if len(given) < (1 if printed else 2):
            self._errors.add(at, "no_options", field.title)
            return None
        return self._chosen(given, known, at)

    def _chosen(
        self, given: Sequence[Mapping[str, Any]], known: Sequence[ChosenOption], path: Path
    ) -> tuple[ChosenOption, ...]:
        found: list[ChosenOption] = []
        for number, each in enumerate(given):
            words = self.words(each["words"], (*path, number, "words"))
            taken = [option.key for option in found]
            same = known[number].key if number < len(known) and known[number].words == words else ""
            key = each.get("key") or same or field_keys.key(words, taken)
            self._key(key, (*path, number, "key"), words)
            if key in taken:
                other = next(option.words for option in found if option.key == key)
                self._errors.add((*path, number, "key"), "key_twice", words, key=key, other=other)
            elif words in (option.words for option in found):
                self._errors.add((*path, number, "words"), "words_twice", words=words)
            found.append(ChosenOption(key, words, number < len(known) and known[number].own_words))
        return tuple(found)

    def _columns(
        self, field: PlannedField, given: Sequence[Mapping[str, Any]], path: Path
    ) -> tuple[PlannedField, ...]:
        at, allowed = (*path, "columns"), field_kinds.allowed_in_columns()
        if len(given) != len(field.columns):
            self._errors.add(at, "other_columns", field.title, count=len(field.columns))
            return field.columns
        found: list[PlannedField] = []
        for number, (column, change) in enumerate(zip(field.columns, given, strict=True)):
            found.append(self._planned(column, change, (*at, number), allowed))
            other = next((each for each in found[:-1] if each.key == found[-1].key), None)
            if other:
                key = other.key
                self._errors.add((*at, number, "key"), "key_twice", key=key, other=other.title)
        return tuple(found)


def _without_spots(place: Place) -> Place:
    """The place of a column, of which each row has a spot of its own."""
    return replace(place, spots=())
