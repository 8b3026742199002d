"""The base of fields whose options a form names: their JSON values, and their words as people type them."""

import re
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from marshmallow import ValidationError

from schemas import cells
from schemas.cells import CellError, Value
from schemas.characters import EXACT, either_width
from schemas.fields.aspects import OWN_WORDS, Option, Unreadable
from schemas.fields.boxes import Boxes, bilingual
from schemas.fields.leaf import fault
from schemas.fields.line import LINE_MAXIMUM, Line
from schemas.white_space import Change

_KEY = "key"
_TAKEN = {_KEY, OWN_WORDS}  # by the value with own words
_NAME = re.compile("[A-Za-z][A-Za-z0-9_]*")
_BLANKS = f"{cells.AROUND}_＿"  # white space, and the line to write on
_APART = r"[\s、,，;；/]"


class NamedOptions(Boxes, abstract=True):
    """Options by their keys; that with own words is {"key": …, "words": "…"} if it has any."""

    faults = {
        "not_an_option": ("应为下列各项之一：{allowed_zh}。", "Must be one of: {allowed_en}."),
        "own_words": (
            "只有“{option}”可以另写文字，请勾选它，或删去所写的文字。",
            "Only {option} can have own words: tick it, or remove the words.",
        ),
    }
    cell_faults = {
        "not_an_option": ("应为下列各项之一：{name}。", "Must be one of: {name}."),
    }

    def __init__(self, title: str, *options: Option, gloss: str = "", **keywords: Any) -> None:
        """`keywords` go into the JSON Schema. Raises ValueError for options that clash."""
        super().__init__(title, gloss=gloss, **keywords)
        self.options = options
        names = [*(EXACT.compact(each.words) for each in options), *(each.key for each in options)]
        own = [option for option in options if option.own_words]
        wrong = [option.key for option in options if not _NAME.fullmatch(option.key) or option.key in _TAKEN]
        if not options or len(own) > 1 or wrong or len(set(names)) < len(names) or "" in names:
            raise ValueError(
                f"{title}: no options, two with own words, words or a key twice, or keys {wrong}"
            )
        self._line = Line(own[0].words if own else title)

    @staticmethod
    def described(options: Sequence[Option]) -> list[dict[str, Any]]:
        """The alternatives of JSON Schema for one option."""
        found: list[dict[str, Any]] = [{"const": each.key, "title": each.words} for each in options]
        for option in options:
            if option.own_words:
                words = {"type": "string", "maxLength": LINE_MAXIMUM}
                shape = {_KEY: {"const": option.key}, OWN_WORDS: words}
                required = [_KEY, OWN_WORDS]
                found.append({"type": "object", "properties": shape, "required": required})
                found[-1] |= {"title": f"{option.words}……", "additionalProperties": False}
        return found

    def option(self, value: Any) -> Any:
        """The submission's value of one option; raises the fault of another."""
        if isinstance(value, str) and value in self._by_key:
            return value
        if not (self.own and isinstance(value, Mapping) and set(value) == {_KEY, OWN_WORDS}):
            zh, en = (f"“{each.words}”（{each.key}）" for each in self.options), map(_english, self.options)
            raise fault("not_an_option", allowed_zh="、".join(zh), allowed_en=", ".join(en))
        words = value[OWN_WORDS]
        if not isinstance(words, str):
            raise fault("not_text")
        if value[_KEY] != self.own.key:
            raise fault("own_words", option=self.own.words)
        return self._value(self.own.key, self._line.deserialize(words) or "")

    @staticmethod
    def _value(key: str, words: str) -> Any:
        words = words.strip(_BLANKS)
        return {_KEY: key, OWN_WORDS: words} if words else key

    @cached_property
    def _by_key(self) -> dict[str, Option]:
        return {option.key: option for option in self.options}

    @staticmethod
    def key_of(value: Any) -> str:
        """The key of an option's value."""
        return str(value[_KEY] if isinstance(value, Mapping) else value)

    @staticmethod
    def words_of(value: Any) -> str:
        """The own words in an option's value."""
        return str(value[OWN_WORDS]) if isinstance(value, Mapping) else ""

    def plain(self, text: str) -> str:
        """A key is no text: it is taken as it is."""
        return text

    def made_plain(self, value: Any) -> list[Change]:
        """What is changed in the own words in an option's JSON value."""
        return self._line.changes(self.words_of(value))

    @abstractmethod
    def of_options(self, values: list[Any]) -> Any:
        """The JSON value of options' values in the official order; None for none. Raises Unreadable."""

    def ticked(self, keys: Sequence[str], words: str = "") -> Any:
        own, words = self.own, words.strip(_BLANKS)
        if words and not (own and own.key in keys):
            raise Unreadable
        chosen = [each for each in self.options if each.key in keys]
        found = [self._value(each.key, words if each is own else "") for each in chosen]
        try:
            return self.of_options([self.option(value) for value in found])
        except ValidationError as error:
            raise Unreadable from error

    def printed(self, text: str) -> Any:
        """The words or keys of options, as `typed` writes them."""
        found, own, at = list[str](), "", 0
        text = text.strip(_BLANKS)
        while at < len(text):
            match = self._spelled.match(text, at)
            if match is None:
                raise Unreadable
            option = self._longest_first[(match.lastindex or 1) - 1]
            found.append(option.key)
            at = match.end()
            if option is self.own and (words := _AFTER.match(text, at)):
                own, at = words[1] or words[2] or "", len(text)
        if len(set(found)) < len(found) or (self.several and self._may_go_on(own, found)):
            raise Unreadable
        return self.ticked(found, own)

    def _may_go_on(self, words: str, found: Sequence[str]) -> bool:
        """Whether own words may be followed by further options."""
        places = (match.end() for match in re.finditer(_APART, words))
        others = [match for place in places if (match := self._spelled.match(words, place))]
        return any(self._longest_first[(each.lastindex or 1) - 1].key not in found for each in others)

    @cached_property
    def _spelled(self) -> re.Pattern[str]:
        """One option's words or key, with what follows it up to the next."""
        return re.compile("|".join(map(self._spelling, self._longest_first)), re.IGNORECASE)

    @cached_property
    def _longest_first(self) -> list[Option]:
        return sorted(self.options, key=lambda option: -len(option.words))

    def _spelling(self, option: Option) -> str:
        spelled = "|".join(
            r"\s*".join(map(either_width, EXACT.compact(each))) for each in (option.words, option.key)
        )
        after = rf"(?={_APART}|[:：(（]|$){_APART}*" if option.own_words else rf"(?:{_APART}+|$)"
        return f"({spelled}){after}"

    def typed(self, value: Any) -> str:
        """An option's value as people write it: its words, with own ones behind a colon."""
        words = self._by_key[self.key_of(value)].words
        return f"{words}：{own}" if (own := self.words_of(value)) else words

    def cell(self, value: Value) -> Any:
        try:
            return self.printed(cells.text(value))
        except Unreadable as error:
            raise CellError("not_an_option", "、".join(each.words for each in self.options)) from error

    @property
    def choices(self) -> tuple[tuple[str, Any], ...]:
        """The options for the page."""
        return tuple((each.key, bilingual(each)) for each in self.options)


_AFTER = re.compile(r"\s*(?:[:：]\s*(.*)|[(（](.*)[)）])\s*$", re.DOTALL)


def _english(option: Option) -> str:
    return f'"{option.key}" ({option.words})'
