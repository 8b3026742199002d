"""What differs, as the page shows it: rows under the headings of their groups, and pairs of pictures."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from service.answers.payload_comparison import Difference
from service.errors import Bilingual, KexieError
from service.record_comparison.changed_pages import changed_pages
from service.record_comparison.sides import Side
from service.web.http.auth import settings
from service.web.pages import error_texts


@dataclass(frozen=True)
class Section:
    """The differences of one group of the form; `heading` is None for fields that are in none."""

    heading: Bilingual | None
    rows: tuple[tuple[str, Difference], ...]


@dataclass(frozen=True)
class PicturePair:
    """A page on either side as base64 PNG; "" where there is none."""

    number: int
    before: str
    after: str


def rows(found: Sequence[Difference], lang: str) -> list[Section]:
    """The differences by their first group, each with the labels of its groups below that."""
    sections = groupby(found, key=lambda each: each.above[0] if each.above else None)
    return [
        Section(heading, tuple((_around(each, lang), each) for each in group)) for heading, group in sections
    ]


def _around(found: Difference, lang: str) -> str:
    return " › ".join(label.of(lang) or label.zh for label in found.above[1:])


def picture_pairs(
    before: Side, after: Side, found: Sequence[Difference], lang: str
) -> tuple[list[PicturePair], str]:
    """The pages on which something differs; or none, and why they cannot be drawn."""
    try:
        drawn = list(changed_pages(before, after, found, settings()))
    except KexieError as error:
        return [], error_texts.of_problem(error, lang)
    return [PicturePair(page.number, _base64(page.before), _base64(page.after)) for page in drawn], ""


def _base64(png: bytes | None) -> str:
    return "" if png is None else b64encode(png).decode()
