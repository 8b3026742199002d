"""Choices: any of several printed boxes."""

from collections.abc import Collection
from typing import Any

from schemas.bilingual import Bilingual
from schemas.fields.aspects import Option, PageControl, SheetColumn
from schemas.fields.leaf import fault
from schemas.fields.named_options import NamedOptions
from schemas.white_space import Change


class Choices(NamedOptions):
    """Several options: a list of what `Choice` takes, each once, in any order; null or [] none."""

    several = True
    faults = {
        "not_options": (
            "应为数组 [ … ]，每项写可选的一项；没有则为 [] 或 null。",
            "Must be an array [ … ] of options; [] or null for none.",
        ),
        "option_twice": ("“{option}”只能选一次。", "{option} can be chosen once only."),
    }

    def __init__(self, title: str, *options: Option, gloss: str = "", **keywords: Any) -> None:
        items = {"oneOf": self.described(options)}
        for option in options:
            if option.own_words:  # with own words and without is twice
                both = {"anyOf": [{"const": option.key}, {"type": "object"}]}
                keywords["not"] = {"type": "array", "contains": both, "minContains": 2}
        super().__init__(
            title, *options, gloss=gloss, type="array", items=items, uniqueItems=True, **keywords
        )

    def read(self, value: Any) -> Any:
        if not isinstance(value, list):
            raise fault("not_options")
        chosen: dict[str, Any] = {}
        for each in map(self.option, value):
            key = self.key_of(each)
            if key in chosen:
                raise fault("option_twice", option=next(o.words for o in self.options if o.key == key))
            chosen[key] = each
        return [chosen[option.key] for option in self.options if option.key in chosen] or None

    def changes(self, value: Any) -> list[Change]:
        return [change for each in value for change in self.made_plain(each)]

    def chosen(self, value: Any) -> Collection[str]:
        return [self.key_of(each) for each in value or ()]

    def own_words(self, value: Any) -> str:
        return "".join(map(self.words_of, value or ()))

    def of_options(self, values: list[Any]) -> Any:
        return values or None

    def to_cell(self, value: Any) -> Any:
        """Own words go to the end, for they may hold what parts the options."""
        return "、".join(map(self.typed, sorted(value, key=lambda each: bool(self.words_of(each))))) or None

    @property
    def column(self) -> SheetColumn:
        words = [option.words for option in self.options]
        zh, en = f"可选几项：{'、'.join(words)}。", f"Any of: {', '.join(words)}."
        guide = Bilingual(
            "可选几项的，各项之间写“、”。", "Between several options write the Chinese comma (、)."
        )
        if self.own:
            zh += f"“{self.own.words}”写在最后，后可写冒号和文字。"
            en += f" {self.own.words} comes last; a colon and words may follow it."
        return SheetColumn(32, "@", Bilingual(zh, en), guide=guide)

    @property
    def control(self) -> PageControl:
        own = self.own.key if self.own else ""
        return PageControl("options", 4, "options", choices=self.choices, own=own)
