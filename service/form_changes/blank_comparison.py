"""Compares two blanks: fields added, removed, renamed, moved, asked for otherwise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from service.blank_forms.label_words import plain
from service.blank_forms.place import Place
from service.form_changes import matching, units
from service.form_changes.matching import Asked
from service.form_changes.units import UnitChange

#: What may be asked for otherwise of a field that stayed.
_ASPECTS = ("kind", "unit", "options", "limits", "columns", "names")


@dataclass(frozen=True)
class Stayed:
    """A field of both blanks."""

    old: Place
    new: Place
    is_moved: bool

    @property
    def is_renamed(self) -> bool:
        """Whether its label has other words."""
        return plain(self.old.label) != plain(self.new.label)

    @property
    def changed(self) -> tuple[str, ...]:
        """What is asked for otherwise: its kind, unit, options, limits, columns, names of rows."""
        return tuple(name for name in _ASPECTS if _aspect(self.old, name) != _aspect(self.new, name))

    def as_dict(self) -> dict[str, Any]:
        """The field as JSON: both places, and what changed."""
        found: dict[str, Any] = {"from": self.old.as_dict(), "to": self.new.as_dict()}
        return {**found, "changed": list(self.changed)} if self.changed else found


@dataclass(frozen=True)
class Comparison:
    """Two blanks compared; `pairs` are the numbers of the places that stayed."""

    olds: tuple[Place, ...]
    news: tuple[Place, ...]
    pairs: matching.Pairs
    stayed: tuple[Stayed, ...]

    @property
    def removed(self) -> tuple[Place, ...]:
        """What the newer blank no longer asks for."""
        return tuple(each for at, each in enumerate(self.olds) if at not in self.pairs)

    @property
    def added(self) -> tuple[Place, ...]:
        """What only the newer blank asks for."""
        known = set(self.pairs.values())
        return tuple(each for at, each in enumerate(self.news) if at not in known)

    @property
    def renamed(self) -> tuple[Stayed, ...]:
        """Those with another label."""
        return tuple(each for each in self.stayed if each.is_renamed)

    @property
    def moved(self) -> tuple[Stayed, ...]:
        """Those in another order, or under another heading."""
        return tuple(each for each in self.stayed if each.is_moved)

    @property
    def changed(self) -> tuple[Stayed, ...]:
        """Those that are asked for otherwise."""
        return tuple(each for each in self.stayed if each.changed)

    @property
    def likeness(self) -> float:
        """The share of fields that stayed, from 0 to 1."""
        return 2 * len(self.pairs) / max(len(self.olds) + len(self.news), 1)

    @property
    def share_kept(self) -> float:
        """The share of the older blank's fields that stayed, from 0 to 1."""
        return len(self.pairs) / max(len(self.olds), 1)

    @property
    def unit_changes(self) -> tuple[UnitChange, ...]:
        """The fields and columns that stayed and whose numbers now count another unit."""
        return tuple(found for each in self.stayed for found in units.changes(each.old, each.new))

    def as_dict(self) -> dict[str, Any]:
        """The comparison as JSON."""
        return {
            "stayed": len(self.stayed),
            "added": [each.as_dict() for each in self.added],
            "removed": [each.as_dict() for each in self.removed],
            "renamed": [each.as_dict() for each in self.renamed],
            "moved": [each.as_dict() for each in self.moved],
            "changed": [each.as_dict() for each in self.changed],
            "unit_changes": [each.as_dict() for each in self.unit_changes],
        }


def compare(olds: Sequence[Place], news: Sequence[Place]) -> Comparison:
    """The places of an older and a newer blank."""
    pairs = matching.pairs(list(map(asked, olds)), list(map(asked, news)))
    return Comparison(tuple(olds), tuple(news), pairs, tuple(_stayed(olds, news, pairs)))


def asked(place: Place) -> Asked:
    """A place as its form words it."""
    return Asked(place.label, place.group, place.kind)


def _stayed(olds: Sequence[Place], news: Sequence[Place], pairs: matching.Pairs) -> Iterator[Stayed]:
    moved = matching.moved(pairs)
    shared = {plain(each.group) for each in olds} & {plain(each.group) for each in news} - {""}
    for at, to in pairs.items():
        old, new = olds[at], news[to]
        heads = {plain(old.group), plain(new.group)}
        yield Stayed(old, new, at in moved or (len(heads) > 1 and bool(heads & shared)))


def _aspect(place: Place, name: str) -> object:
    """What is compared of an aspect, its words without blanks."""
    if name == "columns":
        return [(plain(each.label), each.kind) for each in place.columns]
    if name in ("options", "names"):
        return list(map(plain, getattr(place, name)))
    return getattr(place, name)
