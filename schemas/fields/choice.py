"""Choice: one of several printed boxes, or one of their words in a blank."""

from collections.abc import Collection
from typing import Any, Literal

from schemas.bilingual import Bilingual
from schemas.fields.aspects import Option, PageControl, SheetColumn, Unreadable
from schemas.fields.named_options import NamedOptions
from schemas.white_space import Change


class Choice(NamedOptions):
    """One of several options: the key, or {"key": …, "words": "…"} with own words; null none.

    It `prints` boxes, or the words of the option that was chosen.
    """

    def __init__(
        self,
        title: str,
        *options: Option,
        prints: Literal["boxes", "words"] = "boxes",
        gloss: str = "",
        **keywords: Any,
    ) -> None:
        alternatives = [*self.described(options), {"type": "null"}]
        super().__init__(title, *options, gloss=gloss, oneOf=alternatives, **keywords)
        if prints == "words":
            self.shape = "text"  # type: ignore[misc]

    def read(self, value: Any) -> Any:
        return self.option(value)

    def changes(self, value: Any) -> list[Change]:
        return self.made_plain(value)

    def chosen(self, value: Any) -> Collection[str]:
        return () if value is None else (self.key_of(value),)

    def own_words(self, value: Any) -> str:
        return self.words_of(value)

    def shown(self, value: Any) -> Any:
        if self.shape == "boxes":
            return super().shown(value)
        return "" if value is None else self.typed(value)

    def of_options(self, values: list[Any]) -> Any:
        if len(values) > 1:
            raise Unreadable
        return values[0] if values else None

    def to_cell(self, value: Any) -> Any:
        return self.typed(value)

    @property
    def column(self) -> SheetColumn:
        words = tuple(option.words for option in self.options)
        zh, en = f"选一项：{'、'.join(words)}。", f"Choose one: {', '.join(words)}."
        if self.own:
            zh += f"“{self.own.words}”后可写冒号和文字。"
            en += f" {self.own.words} may have a colon and words behind it."
        return SheetColumn(20, "@", Bilingual(zh, en), choices=words, only_choices=not self.own)

    @property
    def control(self) -> PageControl:
        own = self.own.key if self.own else ""
        return PageControl("options", 4, "option", choices=self.choices, own=own)
