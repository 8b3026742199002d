"""Cuts a text of the form into its fields, boxes or others, with the fixed words around each."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from service.extraction.boxes.ticked_options import Wording
from service.extraction.characters import bare, words_pattern
from service.extraction.skeleton import Slot, cut


class NoMatch(ValueError):
    """The fixed words are not in the text."""


@dataclass(frozen=True)
class Passage:
    """A field in a text: its marks, the words before it, and its boxes' words, if it has boxes here.

    All words are normalised. `around` are the words beside own words.
    """

    slots: dict[str, Slot]
    head: str
    options: tuple[str, ...] = ()
    around: tuple[str, str] = ("", "")

    @property
    def mark(self) -> str:
        """Its first mark."""
        return next(iter(self.slots))

    @property
    def slot(self) -> Slot:
        """The slot of its first mark."""
        return self.slots[self.mark]

    @property
    def seen(self) -> tuple[str, ...]:
        """The parts of a field of boxes that are here."""
        return tuple(slot.of_boxes for slot in self.slots.values())

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The options whose boxes are here."""
        return tuple(slot.option for slot in self.slots.values() if slot.option is not None)

    @property
    def wording(self) -> Wording:
        """How its boxes are printed."""
        field = self.slot.field
        whole = len(self.keys) == len(field.options)
        own = field.own.key if field.own and any(slot.own for slot in self.slots.values()) else None
        number = self.keys.index(own) if own in self.keys else None
        return Wording(self.options, number, self.around, whole, field.several)


def passages(official: str, slots: Mapping[str, Slot]) -> tuple[list[Passage], str]:
    """The fields of a text in order, and the words behind the last."""
    literals, marks = cut(official)[::2], cut(official)[1::2]
    found: list[Passage] = []
    words = bare(literals[0])  # before the mark that is looked at
    for mark, literal in zip(marks, literals[1:], strict=True):
        slot, after = slots[mark], bare(literal)
        last = found[-1] if found and slot.of_boxes and found[-1].slot.path == slot.path else None
        if slot.option is None:
            head, words = words, after
            if last:
                found[-1] = replace(last, slots={**last.slots, mark: slot}, around=(head, ""))
                continue
        else:
            option = bare(next(each.words for each in slot.field.options if each.key == slot.option))
            head, words, option = _beside(words, after, option)
            if last:
                around = _behind_own(last, head)
                options = (*last.options, option)
                found[-1] = replace(last, slots={**last.slots, mark: slot}, options=options, around=around)
                continue
        found.append(Passage({mark: slot}, head, (option,) if slot.option is not None else ()))
    if found and list(found[-1].slots.values())[-1].own:
        found[-1], words = replace(found[-1], around=_behind_own(found[-1], words)), ""
    return found, words


def _beside(before: str, after: str, option: str) -> tuple[str, str, str]:
    """The words before a box and behind it without its option's, and these; "" if they are elsewhere."""
    if after.startswith(option):
        return before, after.removeprefix(option), option
    if before.endswith(option):
        return before.removesuffix(option), after, option
    return before, after, ""


def _behind_own(passage: Passage, words: str) -> tuple[str, str]:
    """The words around own words, if these were last, with the `words` behind them."""
    return (passage.around[0], words) if list(passage.slots.values())[-1].own else passage.around


def regions(official: str, found: str, slots: Mapping[str, Slot]) -> Iterator[tuple[Passage, int, int]]:
    """The fields of a text, and where each begins and ends in `found`. Raises NoMatch."""
    parts, tail = passages(official, slots)
    places: list[tuple[int, int]] = []
    for number, part in enumerate(parts):
        place = place_of(part.head, found, places[-1][1] if places else 0)
        unsure = number and not re.search(r"\w", part.head)
        if place is None or unsure or (number and place_of(part.head, found, place[1])):
            raise NoMatch
        places.append(place)
    ends = [*(start for start, _ in places[1:]), _end(found, tail, places[-1][1])]
    yield from zip(parts, [start for _, start in places], ends, strict=True)


def _end(found: str, tail: str, start: int) -> int:
    """Where the words begin that follow the last field."""
    place = None
    while re.search(r"\w", tail) and (further := place_of(tail, found, place[1] if place else start)):
        place = further
    return place[0] if place else len(found)


def place_of(words: str, text: str, start: int = 0) -> tuple[int, int] | None:
    """The span of fixed words in a text, with any spacing."""
    found = re.compile(words_pattern(words)).search(text, start)
    return found.span() if found else None
