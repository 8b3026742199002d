"""Notices of characters by field: those made plain, white space removed, and look-alikes of others."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas.characters import LookAlike, PlainCharacter, code_point
from schemas.fields import Leaf
from schemas.tree import Path, values
from schemas.white_space import Change, RemovedWhiteSpace
from service.catalog import Edition
from service.errors import Bilingual, FieldError
from service.forms import template_indents
from service.submission import Submission, place


@dataclass(frozen=True)
class FieldNotice(ABC):
    """What a submitter should know of a character in a field; it refuses nothing.

    `face` is the font that draws the character, where that is the matter.
    """

    pointer: str
    label: str
    character: str
    face: str | None

    @property
    @abstractmethod
    def code(self) -> str:
        """The kind of notice."""

    @property
    @abstractmethod
    def message(self) -> Bilingual:
        """The message, with advice."""

    @property
    def code_point(self) -> str:
        """The character's number, such as U+4DAE."""
        return code_point(self.character)

    def as_error(self) -> FieldError:
        """The notice as a batch stores it."""
        return FieldError(self.pointer, self.label, self.code, self.message)

    def as_dict(self, lang: str = "zh") -> dict[str, str | None]:
        """The notice as the API prints it, its message in `lang`."""
        return {
            "pointer": self.pointer,
            "label": self.label,
            "code": self.code,
            "character": self.character,
            "code_point": self.code_point,
            "face": self.face,
            "message": self.message.of(lang),
        }


@dataclass(frozen=True)
class ChangeNotice(FieldNotice):
    """A notice of a change of `schemas`."""

    change: Change

    @property
    def code(self) -> str:
        """The code of the change."""
        return self.change.code


@dataclass(frozen=True)
class PlainCharacterNotice(ChangeNotice):
    """A character of a field that was replaced by a plain one, or removed."""

    change: PlainCharacter

    @property
    def message(self) -> Bilingual:
        """What was changed, how often, and into what."""
        change = self.change
        zh = f"含有{change.zh}（{self.code_point}）{change.count} 处，"
        en = f"Has {change.en} ({self.code_point}), {change.count} in all, "
        if change.reorders:
            return Bilingual(
                f"{zh}其后的文字显示的次序可能相反，已删去，请核对次序。",
                f"{en}which may reverse the order of the text shown: removed. Please check the order.",
            )
        if not change.plain:
            return Bilingual(f"{zh}看不见，已删去。", f"{en}which is invisible: removed.")
        to = _NAMES.get(change.plain, Bilingual(f"“{change.plain}”", f"'{change.plain}'"))
        return Bilingual(f"{zh}已改为{to.zh}。", f"{en}replaced by {to.en}.")


_NAMES = {
    "\n": Bilingual("换行", "a line break"),
    " ": Bilingual("普通空格", "a plain space"),
    "\u3000": Bilingual("全角空格", "an ideographic space"),
}


@dataclass(frozen=True)
class RemovedWhiteSpaceNotice(ChangeNotice):
    """White space of a field that was removed."""

    change: RemovedWhiteSpace

    @property
    def message(self) -> Bilingual:
        """Where it was removed, and how often."""
        return self.change.message


@dataclass(frozen=True)
class LookAlikeNotice(ChangeNotice):
    """A character of a field that looks like another one, and is kept."""

    change: LookAlike

    @property
    def message(self) -> Bilingual:
        """What it looks like, and why that matters."""
        change = self.change
        zh, en = _KINDS[change.is_radical]
        ordinary = change.ordinary
        return Bilingual(
            f"含有{zh}“{self.character}”（{self.code_point}）{change.count} 处，看来就是汉字“{ordinary}”"
            f"（{code_point(ordinary)}），却是另一个字，其他系统查找、核对时对不上。"
            f"照印未改；如应为汉字“{ordinary}”，请改正。",
            f"Has the {en} '{self.character}' ({self.code_point}), {change.count} in all, which looks like "
            f"'{ordinary}' ({code_point(ordinary)}) and is another character to other systems. Printed as "
            f"sent; please correct it if '{ordinary}' is meant.",
        )


_KINDS = {True: ("部首", "radical"), False: ("兼容汉字", "compatibility ideograph")}


def notices(submission: Submission) -> tuple[FieldNotice, ...]:
    """The notices of a submission's payload, in the form's order."""
    edition = submission.edition
    return tuple(
        notice(change, *place(edition, path))
        for path, field, value in values(edition.schema, submission.payload)
        if value is not None
        for change in _changes(edition, path, field, value)
    )


def _changes(edition: Edition, path: Path, field: Leaf, value: Any) -> Iterator[Change]:
    yield from field.changes(value)
    if field.shape == "lines":
        yield from template_indents.redundant(edition, path, field, field.deserialize(value))


def notice(change: Change, pointer: str, label: str) -> FieldNotice:
    """The notice of a change in a field."""
    if isinstance(change, RemovedWhiteSpace):
        return RemovedWhiteSpaceNotice(pointer, label, change.character, None, change)
    if isinstance(change, LookAlike):
        return LookAlikeNotice(pointer, label, change.character, None, change)
    return PlainCharacterNotice(pointer, label, change.character, None, change)
