"""The pages on which two sides differ, as pictures with the fields outlined that do."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from service import pipeline
from service.answers.payload_comparison import Difference
from service.config import Settings
from service.conversion.pdf import page_images
from service.record_comparison.sides import Side
from service.submission import validate


@dataclass(frozen=True)
class ChangedPage:
    """A page on which something differs: its number, and its PNG on either side, None where it has none."""

    number: int
    before: bytes | None
    after: bytes | None


def changed_pages(
    before: Side, after: Side, differences: Sequence[Difference], settings: Settings
) -> Iterator[ChangedPage]:
    """Yields each page that has a field which differs, on one side or both.

    A record's page is that of its PDF if that is of today's edition, else it is drawn with today's template.
    Raises InvalidPayload for a side that cannot be drawn, and as `pipeline.page`.
    """
    if not differences:
        return
    sides = (
        _Pages(before, {each.before_pointer for each in differences if each.before_pointer}, settings),
        _Pages(after, {each.after_pointer for each in differences if each.after_pointer}, settings),
    )
    for number in sorted({number for side in sides for number in side.outlined}):
        yield ChangedPage(number, *(side.picture(number) for side in sides))


class _Pages:
    """The pages of one side, and the places on them of the fields at these pointers or below."""

    def __init__(self, side: Side, pointers: Collection[str], settings: Settings) -> None:
        self._made = pipeline.located(validate(side.edition, side.payload), settings, rules=side.rules)
        archived = side.pdf if side.current else None
        same = archived and page_images.page_count(archived) == len(self._made.pages)
        self._archived = archived if same else None
        begun = tuple(f"{each}/" for each in pointers)
        found = {
            number: [place.box for place in page.fields if f"{place.pointer}/".startswith(begun)]
            for number, page in enumerate(self._made.pages, 1)
        }
        self.outlined = {number: boxes for number, boxes in found.items() if boxes}

    def picture(self, number: int) -> bytes | None:
        """A page with its outlines as PNG; None if there is none of that number."""
        if number > len(self._made.pages):
            return None
        boxes = self.outlined.get(number, ())
        if self._archived:
            return page_images.outlined(self._archived, number, boxes)
        return page_images.outlined(self._made.pdf, number, boxes, self._made.own)
