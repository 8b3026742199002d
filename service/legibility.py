"""Which fields of a submission hold the characters that the font gate found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from service.conversion.gate import Finding
from service.errors import FieldError, Text
from service.submission import Submission

NOT_DRAWABLE = "character_not_drawable"
SUBSTITUTED = "character_substituted"


@dataclass(frozen=True)
class CharacterWarning:
    """A character of a field that is drawn by `face`, in another design than the text around it.

    `face` is None where no installed face draws it. `pointer` is "" for a character of the form itself.
    """

    pointer: str
    label: str
    character: str
    face: str | None
    official: str

    @property
    def code(self) -> str:
        """The kind of warning."""
        return SUBSTITUTED if self.face else NOT_DRAWABLE

    @property
    def code_point(self) -> str:
        """The character's number, such as U+4DAE."""
        return f"U+{ord(self.character):04X}"

    @property
    def message(self) -> Text:
        """What is printed, and what to do."""
        zh, en = f"“{self.character}”（{self.code_point}）", f"'{self.character}' ({self.code_point})"
        if self.face is None:
            return Text(
                f"{zh}没有字体可以印出。请安装含有此字的字体，并把其目录写入 KEXIE_FONT_DIRS，或改取 .docx。",
                f"No installed font draws {en}: install one that does and name its folder in "
                "KEXIE_FONT_DIRS, or take the .docx.",
            )
        return Text(
            f"{zh}在“{self.official}”所用的字体中没有，以 {self.face} 印出，字形与上下文不同。",
            f"{en} is not in the font that stands for {self.official}: {self.face} draws it, "
            "in a design unlike the text around it.",
        )

    def as_dict(self, lang: str = "zh") -> dict[str, str | None]:
        """The warning as the API prints it, its message in `lang`."""
        return {
            "pointer": self.pointer,
            "label": self.label,
            "code": self.code,
            "character": self.character,
            "code_point": self.code_point,
            "face": self.face,
            "message": self.message.of(lang),
        }

    def as_error(self) -> FieldError:
        """The warning as an error of its field."""
        return FieldError(self.pointer, self.label, self.code, self.message)


def warnings(submission: Submission, findings: Sequence[Finding]) -> tuple[CharacterWarning, ...]:
    """A warning for each field and character found, in the form's order; the form's own come first."""
    if not findings:
        return ()
    leaves = list(_leaves(submission.data, ()))
    labels = submission.edition.labels()
    found = []
    for character, official, face in findings:
        holders = [(number, path) for number, (path, text) in enumerate(leaves) if character in text]
        for number, path in holders or [(-1, ())]:
            pointer = "".join(f"/{key}" for key in path)
            pattern = "".join("/*" if isinstance(key, int) else f"/{key}" for key in path)
            label = labels.get(pattern, submission.edition.title)
            found.append((number, CharacterWarning(pointer, label, character, face, official)))
    return tuple(dict.fromkeys(warning for _, warning in sorted(found, key=lambda pair: pair[0])))


def _leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*path, number))
    elif isinstance(value, str):
        yield path, value
