"""Finds the places of a whole blank form, block by block."""

import re
from collections.abc import Iterator
from dataclasses import replace

from service.blank_forms import kinds, line_places, spots, table_places
from service.blank_forms.blank_document import BlankDocument, Table
from service.blank_forms.blank_lines import Line
from service.blank_forms.label_words import (
    INSTRUCTION,
    OPINION,
    PLEDGE,
    is_date,
    is_numbered,
    is_signed,
    label,
)
from service.blank_forms.line_places import OF_SIGNATURE, is_label
from service.blank_forms.options import questions
from service.blank_forms.place import Place, Where

_NO_PLACES = re.compile("签字|盖章|承诺|声明")
_SPLIT = re.compile(r"\s{3,}|\t")
_BRACKETS = re.compile("[(（][^()（）]*[)）]")
_LONGEST = 60  # characters of a line for signatures
_ONLY_UNIT = re.compile("[(（]?[^(（]{0,4}单位[:：].*")
_HINT = re.compile(r"\s*[(（【].*[)）】]\s*")


def find(document: BlankDocument) -> list[Place]:
    """The places of a blank form, in order."""
    return list(_Finder(document).places())


class _Finder:
    def __init__(self, document: BlankDocument) -> None:
        self._blocks = document.blocks
        self._heading, self._heads, self._unit, self._silent = "", list[str](), "", ""
        self._group = ""  # the heading, if it is marked as one
        self._has_tables = False  # above

    def places(self) -> Iterator[Place]:
        """All places, in order."""
        at = 0
        while at < len(self._blocks):
            block = self._blocks[at]
            count = 1
            if isinstance(block, Table):
                self._has_tables = True
                for place in table_places.find(block, self._heading, self._unit, self._heads):
                    yield self._grouped(place)
            elif not block.is_blank:
                lines = self._asked(at)
                count = len(lines)
                yield from map(self._grouped, self._lines(lines, at))
            at += count

    def _grouped(self, place: Place) -> Place:
        """The place under its heading, unless that is its own label."""
        group = place.group or self._group
        return replace(place, group="" if group == place.label else group)

    def _asked(self, at: int) -> list[Line]:
        """The line with those below it that go on with its boxes."""
        first = self._blocks[at]
        assert isinstance(first, Line)
        lines = [first]
        for block in self._blocks[at + 1 :]:
            if not isinstance(block, Line) or not _goes_on(lines, block):
                break
            lines.append(block)
        return lines

    def _lines(self, lines: list[Line], at: int) -> Iterator[Place]:
        line = lines[0]
        unit = kinds.amounts_unit(line.text)
        found = line_places.find(lines, Where(paragraph=line.number))
        found = [place for place in found if not self._introduces(line, place, at)]
        if not unit or (line.is_heading and not _ONLY_UNIT.fullmatch(line.text.strip())):
            self._follow(line, bool(found))
        self._unit = unit or self._unit
        if self._silent == "dates":
            found = [place for place in found if not OF_SIGNATURE.fullmatch(place.label)]
        elif self._silent:
            return
        yield from (self._with_room(place, line, at) for place in found)
        if not found and line.is_heading:
            yield from self._asks(line, at)

    def _follow(self, line: Line, has_places: bool) -> None:
        """Notes the heading that a line is, and where signatures begin."""
        if not has_places and _NO_PLACES.search(line.text) and len(label(line.text)) < _LONGEST:
            self._silent = self._signed(line)
        if not (line.is_heading or (not has_places and is_label(line.text) and not _is_hint(line.text))):
            return
        self._unit = ""
        self._heads = [label(each) for each in _SPLIT.split(line.text.strip()) if label(each)]
        self._heading = self._heads[0] if self._heads else ""
        is_note = bool(INSTRUCTION.search(self._heading))
        self._group = self._heading if line.is_heading and not is_note else ""
        if is_note:
            self._silent = "notes"
        elif _NO_PLACES.search(line.text):
            self._silent = self._signed(line)
        elif line.is_heading or self._silent == "notes":
            self._silent = ""

    def _signed(self, line: Line) -> str:
        """What is silent below a line for signatures: on a cover only their dates."""
        is_cover = not self._group and not self._has_tables and not PLEDGE.search(line.text)
        return "dates" if is_cover else "signatures"

    def _introduces(self, line: Line, place: Place, at: int) -> bool:
        """Whether a numbered line that ends with a colon introduces the lines below it."""
        spot = place.spots[0] if place.spots else None
        is_bare = spot is not None and spot.start == len(line.text.rstrip())
        after = self._blocks[at + 1] if at + 1 < len(self._blocks) else None
        is_next = isinstance(after, Line) and (after.is_blank or after.ends(line))
        is_listed = isinstance(after, Line) and is_numbered(after.text) and not line.is_heading
        is_heading = is_bare and ((line.is_heading and not is_next) or is_listed)
        return is_heading or ((is_bare or place.doubt == "stamped_name") and self._is_dated(at))

    def _is_dated(self, at: int) -> bool:
        """Whether the next printed line is a date alone, which makes a line one for a signature."""
        after = next(
            (each for each in self._blocks[at + 1 :] if isinstance(each, Table) or not each.is_blank), None
        )
        return isinstance(after, Line) and is_date(after.text)

    def _with_room(self, place: Place, line: Line, at: int) -> Place:
        """The place, a long text if blank lines follow its label."""
        spot = place.spots[0]
        rooms = self._blank_after(at) if spot.start >= len(line.text.rstrip()) else 0
        word = kinds.of_label(place.label)
        if place.kind not in ("line", "text") or not rooms or word not in ("", "text", "line"):
            return place
        return replace(place, kind="text" if word == "text" or (line.is_heading and not word) else "line")

    def _asks(self, line: Line, at: int) -> Iterator[Place]:
        """The long text of a heading with blank lines below, up to the next of its level or the end."""
        blank, after = self._below(at)
        name = label(line.text)
        before = self._blocks[at - 1] if at else None
        is_listed = isinstance(before, Line) and line.ends(before)
        if blank is None or is_listed or is_signed(name):
            return
        if after is None or (isinstance(after, Line) and after.ends(line)):
            where = Where(paragraph=blank.number)
            doubt = "approver_writes" if OPINION.search(name) else ""
            limits = kinds.limits(name)
            yield Place(name, "text", where, limits=limits, spots=(spots.line(blank),), doubt=doubt)

    def _below(self, at: int) -> tuple[Line | None, Line | Table | None]:
        """The first blank line below a heading and its hint, and what is printed next."""
        blank: Line | None = None
        for block in self._blocks[at + 1 :]:
            if isinstance(block, Line) and block.is_blank:
                blank = blank or block
            elif not (isinstance(block, Line) and not blank and _HINT.fullmatch(block.text)):
                return blank, block
        return blank, None

    def _blank_after(self, at: int) -> int:
        count = 0
        for block in self._blocks[at + 1 :]:
            if not isinstance(block, Line) or not block.is_blank:
                break
            count += 1
        return count


def _is_hint(text: str) -> bool:
    """Whether a line is a remark in brackets below a heading."""
    return bool(_HINT.fullmatch(text))


def _goes_on(lines: list[Line], line: Line) -> bool:
    """Whether a line begins with boxes that go on with the question of the lines above."""
    if line.is_blank or not questions(line.text, "?"):
        return False
    first = questions(line.text)
    above = lines[-1].text
    has_question = bool(questions(above, "?"))
    is_asked = has_question or is_label(_BRACKETS.sub("", above))
    return not (first and first[0].label) and is_asked
