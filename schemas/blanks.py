"""White space of pasted text that is not printed: around values, behind lines, before paragraphs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from schemas.bilingual import Bilingual
from schemas.cells import AROUND as AROUND_VALUES
from schemas.characters import REMOVED, PlainCharacter, code_point

_BESIDE = " \t\u3000"


@dataclass(frozen=True)
class RemovedBlanks:
    """The white space that a rule removed: each character once, and what the submitter is told."""

    character: str
    message: Bilingual

    code: ClassVar[str] = REMOVED


#: What a field's notice is about.
Change = PlainCharacter | RemovedBlanks


class Blanks:
    """A rule that removes white space from both ends, or one, of a text or of each line of it.

    In its message {codes} are the characters' numbers, {count} is of how many texts or lines.
    """

    def __init__(self, zh: str, en: str, kept: Callable[[str], str], *, by_line: bool) -> None:
        self._message = Bilingual(zh, en)
        self._kept, self._by_line = kept, by_line

    def without(self, text: str) -> str:
        """The text that is printed."""
        return "\n".join(map(self._kept, self._pieces(text))) if self._by_line else self._kept(text)

    def removed(self, text: str) -> list[RemovedBlanks]:
        """What `without` removes, if anything."""
        pieces = self._pieces(text)
        return self.of([gone for piece in pieces if (gone := piece.replace(self._kept(piece), "", 1))])

    def of(self, gone: Sequence[str]) -> list[RemovedBlanks]:
        """These pieces of white space as what was removed, if there are any."""
        if not gone:
            return []
        characters = "".join(dict.fromkeys("".join(gone)))
        words = {"codes": code_point(characters), "count": len(gone)}
        message = Bilingual(self._message.zh.format(**words), self._message.en.format(**words))
        return [RemovedBlanks(characters, message)]

    def _pieces(self, text: str) -> list[str]:
        return text.split("\n") if self._by_line else [text]


def _without_tabs_behind(line: str) -> str:
    """Without the white space behind it if that has a tab: exports put one behind long numbers."""
    kept = line.rstrip(_BESIDE)
    return kept if "\t" in line[len(kept) :] else line


AROUND = Blanks(
    "首尾有空白或看不见的字符（{codes}），已删去。",
    "Has white space or invisible characters around it ({codes}): removed.",
    lambda text: text.strip(AROUND_VALUES),
    by_line=False,
)
BEHIND_LINES = Blanks(
    "行末有制表符（{codes}）{count} 处，已删去。",
    "Has tabs ({codes}) behind {count} of its lines: removed.",
    _without_tabs_behind,
    by_line=True,
)
#: Where the form indents the paragraphs of a text.
INDENTS = Blanks(
    "段首有空白（{codes}）{count} 处，表单已有缩进，已删去。",
    "Has white space ({codes}) before {count} of its paragraphs, which the form indents: removed.",
    lambda line: line.lstrip(_BESIDE),
    by_line=True,
)
