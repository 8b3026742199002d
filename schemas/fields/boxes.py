"""The base of fields that are printed boxes, of which some are ticked."""

from abc import abstractmethod
from collections.abc import Collection
from typing import Any

from schemas.characters import EXACT
from schemas.fields.aspects import CHECKED, EMPTY, Unreadable
from schemas.fields.leaf import Leaf


class Boxes(Leaf, abstract=True):
    """A field of printed boxes, one for each of its options."""

    shape = "boxes"

    @abstractmethod
    def chosen(self, value: Any) -> Collection[str]:
        """The keys of the options that the submission's value ticks."""

    def shown(self, value: Any) -> Any:
        chosen = self.chosen(value)
        return {option.key: CHECKED if option.key in chosen else EMPTY for option in self.options}

    def printed(self, text: str) -> Any:
        """The words of one option without boxes."""
        plain = _narrow(text)
        keys = [option.key for option in self.options if _narrow(option.words) == plain]
        if plain and not keys:
            raise Unreadable
        return self.ticked(keys)

    def in_unit(self, by: str, of: str) -> bool:
        return True


def _narrow(text: str) -> str:
    return "".join(EXACT.plain(text).split())
