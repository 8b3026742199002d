"""The fields of a form, planned from its places: keys, types, groups, lists, totals, limits."""

import re
from collections import Counter
from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass, replace

from service.blank_forms.place import Place
from service.extraction.characters import ends_in_sum
from service.form_authoring import field_keys, field_types
from service.form_authoring.field_types import FieldType

_JOIN = "·"
_NO_GROUP = re.compile("须知|说明|附件|注意|年版|[:：]")
_IN_SEVERAL = "several_cells"
_IN_CELLS = ("年", "月", "日")
_SUBMITTERS = (
    "^(?:申报|申请|填报|报送|推荐)?单位(?:名称)?$",
    "^姓名$|申请人|申报人|报名人|出差人",
    "负责人|主持人",
    "名称$|姓名",
)


@dataclass(frozen=True)
class PlannedField:
    """A field with its key, label, type and place; of a list, its columns."""

    key: str
    title: str
    type: FieldType
    place: Place
    columns: tuple["PlannedField", ...] = ()
    limit: int = 0
    """Of 字; 0 if none is printed."""
    names: tuple[tuple[str, str], ...] = ()
    """Key and label of each row that the form names."""
    required: bool = False
    """Whether a complete application has it."""


@dataclass(frozen=True)
class PlannedGroup:
    """Fields under one heading."""

    key: str
    title: str
    fields: tuple[PlannedField, ...]


@dataclass(frozen=True)
class FormPlan:
    """A form's fields and groups in order."""

    members: tuple[PlannedField | PlannedGroup, ...]

    @property
    def headed(self) -> Iterator[tuple[str, PlannedField]]:
        """Each field with the heading of its group; "" without one."""
        for member in self.members:
            if isinstance(member, PlannedGroup):
                yield from ((member.title, each) for each in member.fields)
            else:
                yield "", member

    def fields(self) -> Iterator[tuple[tuple[str, ...], PlannedField]]:
        """Each field, with the keys down to it."""
        for member in self.members:
            if isinstance(member, PlannedGroup):
                yield from (((member.key, each.key), each) for each in member.fields)
            else:
                yield (member.key,), member

    @property
    def submitter(self) -> tuple[str, ...]:
        """The keys of the field that names who submits."""
        lines = [(path, each) for path, each in self.fields() if each.type.name == "Line"]
        for words in _SUBMITTERS:
            for path, each in lines:
                if re.search(words, each.title):
                    return path
        first = next(self.fields(), None)
        return lines[0][0] if lines else first[0] if first else ()


def plan(places: Sequence[Place], form_title: str = "") -> FormPlan:
    """The fields of these places of a form."""
    members: list[PlannedField | PlannedGroup] = []
    for title, inside in _grouped([part for each in places for part in _parts(each)], form_title):
        taken = [each.key for each in members]
        if title:
            fields = list[PlannedField]()
            for place in inside:
                name = place.label.removeprefix(f"{title}{_JOIN}")
                fields.append(field(replace(place, label=name), [each.key for each in fields]))
            members.append(PlannedGroup(field_keys.key(title, taken), title, tuple(fields)))
        else:
            members.append(field(inside[0], taken))
    return FormPlan(tuple(members))


def arranged(fields: Sequence[tuple[str, PlannedField]]) -> FormPlan:
    """The plan of fields with the headings of their groups; a group is where its first field is."""
    taken = [each.key for heading, each in fields if not heading]
    members: list[PlannedField | PlannedGroup] = []
    for at, (heading, planned) in enumerate(fields):
        if not heading:
            members.append(planned)
        elif heading not in (each for each, _ in fields[:at]):
            inside = tuple(each for own, each in fields if own == heading)
            taken.append(field_keys.key(heading, taken))
            members.append(PlannedGroup(taken[-1], heading, inside))
    return FormPlan(tuple(members))


def _parts(place: Place) -> Iterator[Place]:
    """The place, or those of year, month and day in cells of their own."""
    cells = {spot.line for spot in place.spots}
    if place.doubt != _IN_SEVERAL or place.kind not in ("date", "month") or len(cells) < 2:
        yield place
        return
    for spot, unit in zip(place.spots, _IN_CELLS, strict=False):
        label = f"{place.label}{_JOIN}{unit}"
        yield replace(place, label=label, kind="number", spots=(spot,))


def _grouped(places: Sequence[Place], form_title: str) -> list[tuple[str, list[Place]]]:
    """The places under their headings, in order; those without one alone, under ""."""
    heads = _headings(places, form_title)
    found: list[tuple[str, list[Place]]] = []
    for place, head in zip(places, heads, strict=True):
        own = next((inside for title, inside in found if head and title == head), None)
        if own is None:
            found.append((head, [place]))
        else:
            own.append(place)
    return [(title if len(inside) > 1 else "", inside) for title, inside in found]


def _headings(places: Sequence[Place], form_title: str) -> list[str]:
    """The heading of each place: its own, or that of the place that leads it, or of both its neighbours."""
    labels = {place.label for place in places}
    above = ["" if _is_no_group(place.group, form_title, labels) else place.group for place in places]
    row = ["" if place.doubt == _IN_SEVERAL else place.label.rpartition(_JOIN)[0] for place in places]
    led = ["" if ends_in_sum(head) else head for head in row]
    many = Counter(led)
    own = [head if head and many[head] > 1 else group for head, group in zip(led, above, strict=True)]
    for at, leader in enumerate(places[:-1], 1):
        if not own[at] and led[at] and led[at] == leader.label.rpartition(_JOIN)[2]:
            own[at] = own[at - 1]
    heads = list(own)
    for at, place in enumerate(places):
        before = next((head for head in reversed(own[:at]) if head), "")
        after = next((head for head in own[at + 1 :] if head), "")
        if not own[at] and before == after and place.kind != "rows":
            heads[at] = before
    return ["" if place.limits[1] else head for place, head in zip(places, heads, strict=True)]


def _is_no_group(heading: str, form_title: str, labels: Container[str]) -> bool:
    """Whether a heading is the form's title, that of notes, or a place's own label."""
    return not heading or heading in form_title or heading in labels or bool(_NO_GROUP.search(heading))


def field(place: Place, taken: Collection[str]) -> PlannedField:
    """The field of a place, with a key that is not one of `taken`."""
    key = field_keys.key(place.label, taken)
    if place.kind == "rows":
        names = tuple(_names(place))
        return PlannedField(key, place.label, FieldType("Rows"), place, tuple(_columns(place)), names=names)
    found = field_types.of(place)
    limit = place.limits[1] if found.name == "Text" else 0
    return PlannedField(key, place.label, found, place, limit=limit)


def _names(place: Place) -> Iterator[tuple[str, str]]:
    taken: list[str] = []
    for name in place.names:
        taken.append(field_keys.key(name, taken))
        yield taken[-1], name


def _columns(place: Place) -> Iterator[PlannedField]:
    taken: list[str] = []
    for column in (each for each in place.columns if each.spots):
        taken.append(field_keys.key(column.label, taken))
        found = field_types.of_column(column, place.unit)
        yield PlannedField(taken[-1], column.label, found, replace(place, columns=(column,)))
