"""The answer of a field of boxes, put together from all texts that print its options."""

from dataclasses import dataclass
from typing import Any

from schemas.fields import Leaf, Unreadable

Look = frozenset[tuple[str, str]]


#: The effects by which people mark an option.
EMPHASIS = frozenset(
    [
        *("b", "i", "u", "em", "bdr", "effect", "outline", "shadow", "emboss", "imprint"),
        *("color", "highlight", "shd", "paragraph", "frame", "cell"),
    ]
)


@dataclass(frozen=True)
class OptionLooks:
    """How the words of the options `keys` look, None where they were not found, and how their boxes do."""

    keys: tuple[str, ...] = ()
    words: tuple[Look | None, ...] = ()
    boxes: tuple[Look, ...] = ()

    def __add__(self, other: "OptionLooks") -> "OptionLooks":
        return OptionLooks(self.keys + other.keys, self.words + other.words, self.boxes + other.boxes)

    @property
    def uncommon(self) -> Look:
        """What not all of the options have."""
        found: Look = frozenset()
        words = [each for each in self.words if each is not None]
        if len(words) == len(self.words):
            found |= _uncommon(words)
        if len(self.boxes) == len(self.words):
            found |= {each for each in _uncommon(self.boxes) if each[0] != "eastAsia"}
        return found

    def emphasised(self, blank: "OptionLooks") -> set[str]:
        """The options marked by an effect that others lack, and that none has on the `blank` form."""
        looks = [frozenset() if each is None else each for each in self.words]
        if len(self.boxes) == len(looks):
            looks = [one | other for one, other in zip(looks, self.boxes, strict=True)]
        known = frozenset[tuple[str, str]]().union(*blank.boxes, *filter(None, blank.words))
        known |= looks[0].intersection(*looks[1:]) if looks else known
        return {
            key
            for key, look in zip(self.keys, looks, strict=True)
            if any(name in EMPHASIS for name, _ in look - known)
        }


def _uncommon(looks: "list[Look] | tuple[Look, ...]") -> Look:
    return looks[0].union(*looks[1:]) - looks[0].intersection(*looks[1:]) if looks else frozenset()


@dataclass(frozen=True)
class Ticks:
    """What some texts show of a field's boxes: the parts seen there, the options ticked, own words.

    `bare`: whether a text has an option's words alone, `boxed`: whether one has boxes. `looks` are those of
    the options in the document and on the blank form, where they may matter.
    """

    seen: frozenset[str]
    options: tuple[str, ...] = ()
    own: str = ""
    bare: bool = False
    boxed: bool = False
    looks: tuple[OptionLooks, OptionLooks] = (OptionLooks(), OptionLooks())

    def __add__(self, other: "Ticks") -> "Ticks":
        return Ticks(
            self.seen | other.seen,
            self.options + other.options,
            self.own + other.own,
            self.bare or other.bare,
            self.boxed or other.boxed,
            (self.looks[0] + other.looks[0], self.looks[1] + other.looks[1]),
        )

    def answer(self, field: Leaf) -> Any:
        """The field's JSON value; None if no box is ticked. Raises Unreadable."""
        found, blank = self.looks
        marked = found.emphasised(blank) if self.options and found.words else set()
        if marked and marked.isdisjoint(self.options):
            raise Unreadable
        if not self.options and ((self.bare and self.boxed) or found.uncommon - blank.uncommon):
            raise Unreadable
        return field.ticked(self.options, self.own)
