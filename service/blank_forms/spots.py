"""Where answers go in lines and cells: the characters that are blank, or what is printed to be completed."""

from collections.abc import Sequence

from service.blank_forms.blank_document import Cell
from service.blank_forms.blank_lines import Line
from service.blank_forms.kinds import is_amount
from service.blank_forms.label_words import OF_PARTS
from service.blank_forms.options import Options
from service.blank_forms.place import Spot

_BLANK = "_ \t\u3000\xa0"


def located(lines: Sequence[Line], start: int, end: int, option: str = "", is_other: bool = False) -> Spot:
    """The spot of characters of the text of lines that newlines join."""
    for line in lines:
        length = len(line.text)
        if start <= length:
            return Spot(line, start, min(end, length), option, is_other)
        start, end = start - length - 1, end - length - 1
    raise ValueError("outside the lines")


def line(blank: Line) -> Spot:
    """The spot that is a whole line."""
    return Spot(blank, 0, len(blank.text))


def whole(cell: Cell, kind: str) -> tuple[Spot, ...]:
    """The spots of a cell that is blank but for what completes an answer.

    Those are its first line, or the lines of a date, or the blank in front of a unit or hint.
    """
    printed = [each for each in cell.lines if not each.is_blank]
    if not printed:
        return (line(cell.lines[0]),) if cell.lines else ()
    if kind in ("date", "month", "date_range"):
        return tuple(Spot(each, 0, len(each.text.rstrip())) for each in printed)
    if kind == "text" and (blank := next((each for each in cell.lines if each.is_blank), None)):
        return (line(blank),)
    if kind == "picture" or is_amount(cell.text) or OF_PARTS.fullmatch(cell.text):
        return (line(printed[0]),)
    text = printed[0].text
    lead = len(text) - len(text.lstrip("￥¥"))
    return (Spot(printed[0], lead, len(text) - len(text[lead:].lstrip(_BLANK))),)


def words(lines: Sequence[Line], options: tuple[str, ...], start: int = 0) -> tuple[Spot, ...]:
    """The spots of options that are to be struck out, in the text of lines from `start` on."""
    text, found, at = "\n".join(line.text for line in lines), [], start
    for option in options:
        at = text.index(option, at)
        found.append(located(lines, at, at + len(option), option))
        at += len(option)
    return tuple(found)


def boxes(lines: Sequence[Line], options: Options) -> tuple[Spot, ...]:
    """The spots of boxes found in the text of lines that newlines join."""
    words = options.words or (options.label,)
    found = [located(lines, *at, word) for at, word in zip(options.at, words, strict=True)]
    if options.blank:
        found.append(located(lines, *options.blank, words[-1], is_other=True))
    return tuple(found)
