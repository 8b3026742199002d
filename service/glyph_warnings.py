"""Locates the characters reported by the font check in the fields of a submission."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from schemas.tree import Path, any_row, build, sent_path
from service.character_notices import FieldNotice
from service.conversion.fonts.font_check import GlyphFallback
from service.errors import Bilingual, CharacterNotDrawable, FieldError, FormNotDrawable
from service.payload_json import value_at
from service.submission import Submission, place

Look = Callable[[Submission], Sequence[GlyphFallback]]


@dataclass(frozen=True)
class CharacterWarning(FieldNotice):
    """A character of a field drawn by `face` in a different design than the surrounding text.

    `face` is None if no installed face draws it. `pointer` is "" for a character of the form itself.
    """

    official: str

    @property
    def code(self) -> str:
        """The kind of warning."""
        return "character_substituted" if self.face else "character_not_drawable"

    @property
    def message(self) -> Bilingual:
        """The message, with advice."""
        zh, en = f"“{self.character}”（{self.code_point}）", f"'{self.character}' ({self.code_point})"
        if self.face is None:
            return Bilingual(
                f"{zh}没有字体可以印出。请安装含有此字的字体，并把其目录写入 KEXIE_FONT_DIRS，或改取 .docx。",
                f"No installed font has {en}. Install one and add its folder to KEXIE_FONT_DIRS, "
                "or use the .docx.",
            )
        if len(self.character) > 1:
            return Bilingual(
                f"{zh}这一异体在“{self.official}”所用的字体中没有，以 {self.face} 印出，请核对字形。",
                f"The variant {en} is missing from the font for {self.official}; {self.face} draws it. "
                "Please check its shape.",
            )
        return Bilingual(
            f"{zh}在“{self.official}”所用的字体中没有，以 {self.face} 印出，字形与上下文不同。",
            f"{en} is missing from the font for {self.official}; {self.face} draws it "
            "in a design different from the surrounding text.",
        )


def warnings(
    submission: Submission, findings: Sequence[GlyphFallback], look: Look
) -> tuple[CharacterWarning, ...]:
    """A warning for each field and character found, in the form's order; the form's own first.

    `findings` are those of the submission's document; `look` checks another submission. If several faces
    draw a character, it is called for each kind of field alone, so that each warning names the right face.
    """
    if not findings:
        return ()
    leaves = list(_leaves(submission.data, ()))
    apart = _apart(submission, look, findings, leaves)
    located = cache(lambda path: place(submission.edition, sent_path(submission.payload, path)))
    found = []
    for finding in findings:
        holders = [
            (number, path)
            for number, (path, text) in enumerate(leaves)
            if finding.character in text
            and finding in apart.get((any_row(path), finding.character), findings)
        ]
        for number, path in holders or [(-1, ())]:
            warning = CharacterWarning(*located(path), finding.character, finding.face, finding.official)
            found.append((number, warning))
    return tuple(dict.fromkeys(warning for _, warning in sorted(found, key=lambda pair: pair[0])))


def refuse(warned: Sequence[CharacterWarning]) -> None:
    """Raises CharacterNotDrawable for characters without a face, FormNotDrawable if outside of fields."""
    missing = [warning for warning in warned if warning.face is None]
    if lost := tuple(FieldError(each.pointer, each.label, each.code, each.message) for each in missing):
        if any(error.pointer for error in lost):
            raise CharacterNotDrawable(lost)
        raise FormNotDrawable(lost)


def _apart(
    submission: Submission, look: Look, findings: Sequence[GlyphFallback], leaves: Sequence[tuple[Path, str]]
) -> dict[tuple[Path, str], set[GlyphFallback]]:
    """Findings of each character that several faces draw, by kind of field."""
    times = Counter(finding.character for finding in findings)
    shared = [character for character, faces in times.items() if faces > 1]
    # Of a table, the template prints each row in the same font.
    kinds = dict.fromkeys(any_row(path) for path, text in leaves if any(map(text.__contains__, shared)))
    apart = {}
    for kind in kinds:
        alone = look(replace(submission, data=_only(submission, kind)))
        for character in shared:
            apart[kind, character] = {finding for finding in alone if finding.character == character}
    return apart


def _only(submission: Submission, kind: Path) -> dict[str, Any]:
    """The data of the fields of one kind alone, without unrelated rows."""

    def found(path: Path, otherwise: Any) -> Any:
        return value_at(submission.data, path) if any_row(path) == kind[: len(path)] else otherwise

    return build(
        submission.edition.schema,
        lambda path, field: found(path, None),
        lambda path, table: range(len(found(path, ()))),
    )


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*path, number))
    elif isinstance(value, str):
        yield path, value
