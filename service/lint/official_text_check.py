"""Compares the blank form with the official text and locates each difference."""

import difflib
import re
from collections.abc import Iterator

from service import template_context
from service.catalog import Edition
from service.errors import Bilingual
from service.rendering import Template
from service.submission import validate
from service.template_tags.lint_fault import LintFault
from service.wordml import PlacedParagraph, paragraphs, parse
from service.wordml.word_package import MAIN, unpack

_SPACE = re.compile(r"\s+")
_SHOWN, _CONTEXT = 24, 6


def faults(edition: Edition, template: Template) -> Iterator[LintFault]:
    """The differences between the blank form and the official text, ignoring white space."""
    blank = template.render(template_context.build(validate(edition, {})))
    if not edition.official_path.is_file():
        return
    official = _squash(edition.official_path.read_text(encoding="utf-8"))
    found = paragraphs(parse(unpack(blank)[MAIN]))
    yield from _differences(official, found)


def _differences(official: str, found: list[PlacedParagraph]) -> Iterator[LintFault]:
    here = "".join(_squash(paragraph.text) for paragraph in found)
    start = _shared(official, here)
    room = min(len(official), len(here)) - start
    end = min(room, _shared(official[::-1], here[::-1]))
    middle = official[start : len(official) - end], here[start : len(here) - end]
    matcher = difflib.SequenceMatcher(None, *middle, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            wanted, shown = _around(official, start + a, start + b), _around(here, start + c, start + d)
            message = Bilingual(f"官方文本为“{wanted}”", f"the official text is “{wanted}”")
            yield LintFault("differs_from_official", _place(found, start + c), shown, message)


def _shared(one: str, other: str) -> int:
    """The length of the common prefix."""
    least = min(len(one), len(other))
    return next((at for at in range(least) if one[at] != other[at]), least)


def _around(text: str, start: int, end: int) -> str:
    """A part of the text with some context."""
    middle = text[start:end] if end - start <= _SHOWN else f"{text[start : start + _SHOWN]}……"
    return f"…{text[max(0, start - _CONTEXT) : start]}{middle}{text[end : end + _CONTEXT]}…"


def _place(found: list[PlacedParagraph], at: int) -> Bilingual:
    for paragraph in found:
        length = len(_squash(paragraph.text))
        if at < length:
            return paragraph.place
        at -= length
    return Bilingual("末尾", "the end")


def _squash(text: str) -> str:
    return _SPACE.sub("", text)
