"""The base of fields that are printed boxes, of which some are ticked."""

from abc import abstractmethod
from collections.abc import Collection
from typing import Any, ClassVar

from schemas.bilingual import Bilingual
from schemas.characters import EXACT
from schemas.fields.aspects import CHECKED, EMPTY, OWN_WORDS, Option, Shape, Unreadable
from schemas.fields.leaf import Leaf
from schemas.white_space import Change


class Boxes(Leaf, abstract=True):
    """A field of printed boxes, one for each of its options."""

    shape: ClassVar[Shape] = "boxes"
    carries = True
    difference = Bilingual(
        "读回的勾选与申报数据不同。", "The boxes ticked, as read back, differ from the data."
    )

    @abstractmethod
    def chosen(self, value: Any) -> Collection[str]:
        """The keys of the options that the submission's value ticks."""

    def own_words(self, value: Any) -> str:
        """The submitter's own words in the submission's value, for a field with such an option."""
        return ""

    def typed_changes(self, text: str, value: Any) -> list[Change]:
        """None: the words of options are no value."""
        return []

    def shown(self, value: Any) -> Any:
        chosen = self.chosen(value)
        boxes = {option.key: CHECKED if option.key in chosen else EMPTY for option in self.options}
        return boxes | {OWN_WORDS: self.own_words(value)} if self.own else boxes

    def printed(self, text: str) -> Any:
        """The words of one option without boxes."""
        plain = EXACT.compact(text)
        keys = [option.key for option in self.options if EXACT.compact(option.words) == plain]
        if plain and not keys:
            raise Unreadable
        return self.ticked(keys)

    def in_unit(self, by: str, of: str) -> bool:
        return True


def bilingual(option: Option) -> Bilingual:
    """An option's words and their English, "" if the form gives none."""
    return Bilingual(option.words, option.gloss)
