"""White space of pasted text that is not printed: around values, behind lines, before paragraphs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.cells import AROUND as AROUND_VALUES
from schemas.characters import REMOVED, LookAlike, PlainCharacter, code_point

_BESIDE = " \t\u3000"


@dataclass(frozen=True)
class RemovedWhiteSpace:
    """The white space that a rule removed, each character once, and the message to the submitter."""

    character: str
    message: Bilingual

    code: ClassVar[str] = REMOVED


#: What a field's notice is about.
Change = PlainCharacter | RemovedWhiteSpace | LookAlike


class WhiteSpaceRule:
    """Removes white space at one end or both ends of a text, or of each line of it, as `strip` does.

    In its message {codes} are the characters' numbers, {count} is the number of texts or lines.
    """

    def __init__(self, zh: str, en: str, strip: Callable[[str], str], *, by_line: bool) -> None:
        self._message = Bilingual(zh, en)
        self._strip, self._by_line = strip, by_line

    def stripped(self, text: str) -> str:
        """The text that is printed."""
        return "\n".join(map(self._strip, self._pieces(text)))

    def removed(self, text: str) -> list[Change]:
        """What `stripped` removes: one change, or none."""
        pieces = self._pieces(text)
        return self.change([gone for piece in pieces if (gone := piece.replace(self._strip(piece), "", 1))])

    def change(self, removed: Sequence[str]) -> list[Change]:
        """The removal of these pieces of white space as one change; none without pieces."""
        if not removed:
            return []
        characters = "".join(dict.fromkeys("".join(removed)))
        words = {"codes": code_point(characters), "count": len(removed)}
        message = Bilingual(self._message.zh.format(**words), self._message.en.format(**words))
        return [RemovedWhiteSpace(characters, message)]

    def _pieces(self, text: str) -> list[str]:
        return text.split("\n") if self._by_line else [text]


def _without_tabs_behind(line: str) -> str:
    """Without the white space behind it if that has a tab: exports put one behind long numbers."""
    kept = line.rstrip(_BESIDE)
    return kept if "\t" in line[len(kept) :] else line


AROUND = WhiteSpaceRule(
    "首尾有空白或看不见的字符（{codes}），已删去。",
    "Has white space or invisible characters around it ({codes}): removed.",
    lambda text: text.strip(AROUND_VALUES),
    by_line=False,
)
BEHIND_LINES = WhiteSpaceRule(
    "行末有制表符（{codes}）{count} 处，已删去。",
    "Has tabs ({codes}) behind {count} of its lines: removed.",
    _without_tabs_behind,
    by_line=True,
)
#: Where the form indents the paragraphs of a text.
INDENTS = WhiteSpaceRule(
    "段首有空白（{codes}）{count} 处，表单已有缩进，已删去。",
    "Has white space ({codes}) before {count} of its paragraphs, which the form indents: removed.",
    lambda line: line.lstrip(_BESIDE),
    by_line=True,
)
