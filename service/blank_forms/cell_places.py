"""The places in one cell: blank, to complete, or several labels with blanks."""

import re
from collections.abc import Iterator
from enum import Enum
from itertools import takewhile
from weakref import WeakKeyDictionary

from service.blank_forms import controls, kinds, line_places, spots
from service.blank_forms.blank_document import Cell
from service.blank_forms.label_words import (
    BOXES,
    DAY,
    INSTRUCTION,
    OF_PARTS,
    ONLY_DATE,
    OPINION,
    SEAL,
    is_signed,
    label,
    plain,
)
from service.blank_forms.line_blanks import blanks
from service.blank_forms.options import kind_of, questions, unboxed
from service.blank_forms.place import Place, Spot, Where

_LONGEST = 40  # characters of a label
_LONGEST_HINT = 60
_STAMP = re.compile("[(](?:盖章|公章|单位盖章|加盖公章|盖公章)[)]")
_ROOM = 3  # lines
_UPRIGHT = 3  # lines
_NARROW = 1000  # twentieths of a point: a cell of upright text
_WIDE = 5000  # twentieths of a point
_HINT = re.compile(
    r"^[(（【][^()（）]*[)）】]$|^(?:请(?:填|写|输|选|简|说明|注明|在|如实|列|按)|如：|例[如：])[^：:]{1,20}$"
)
_COMPLETED = re.compile(r"[至到—－–~～\-/()（）\s_￥¥:：]|人民币|[大小]写|时|分|起|止|自|从")


class Role(Enum):
    """What a cell is in its table."""

    BLANK = "blank"  # or to complete: 年 月 日, 万元
    PHOTO = "photo"  # that says so
    OWN = "own"  # with blanks among its words
    LABEL = "label"
    NOTE = "note"


_ROLES: WeakKeyDictionary[Cell, Role] = WeakKeyDictionary()


def where(cell: Cell) -> Where:
    """The position of a cell."""
    return Where(table=cell.table, row=cell.row, cell=cell.number)


def role(cell: Cell) -> Role:
    """What a cell is, seen alone."""
    if cell not in _ROLES:
        _ROLES[cell] = _role(cell)
    return _ROLES[cell]


def _role(cell: Cell) -> Role:
    text = cell.text
    if is_to_fill(cell):
        return Role.BLANK
    if kinds.of_label(label(text)) == "picture":
        return Role.PHOTO
    if questions(text) or any(b.is_explicit or not b.is_last for b in blanks(text)):
        return Role.OWN
    if len(cell.lines) > 1 and any(not b.is_signature for b in blanks(text)):
        return Role.OWN
    if SEAL.search(text) and (len(cell.lines) > 1 and (cell.lines[0].is_blank or DAY.search(text))):
        return Role.OWN  # for an approval: blank lines, a seal, a date
    if text.strip() in tuple(BOXES):
        return Role.OWN
    words = name_of(cell)
    return Role.LABEL if words and len(words) <= _LONGEST and not INSTRUCTION.fullmatch(words) else Role.NOTE


def is_stamp(cell: Cell) -> bool:
    """Whether a cell prints only that a seal is set over the name in it."""
    return len(cell.lines) == 1 and bool(_STAMP.fullmatch(plain(cell.text)))


def is_to_fill(cell: Cell) -> bool:
    """Whether a cell is blank but for what completes an answer: 年 月 日, 元, 教学/科研, （限300字）."""
    if cell.tables:
        return False
    text = cell.text
    if cell.is_blank or unboxed(text) or is_stamp(cell) or _is_amount(text) or OF_PARTS.fullmatch(text):
        return True
    if (
        SEAL.search(text)
        or len(text.strip()) > _LONGEST_HINT
        or text.rstrip()[-1] in ":："
        or questions(text)
    ):
        return False
    if _HINT.fullmatch(text.strip()) and kinds.of_label(label(text)) != "picture":
        return True
    text = re.sub("(?<=元)/[月年天日人次]", "", text)
    words = plain(_COMPLETED.sub("", ONLY_DATE.sub("", text)))
    if not words:
        return bool(kinds.of_print(text)) or "￥" in text or "¥" in text
    kind, unit = kinds.unit_at(words)
    return unit == words and (kind != "number" or label(text) != text)


def _is_amount(text: str) -> bool:
    """Whether a cell is an amount in words to complete, without a label of its own."""
    return kinds.is_amount(text) and not re.match(r"\s*(?!人民币|[大小]写)[^\s:：]{2,12}\s*[:：]", text)


def fill(cell: Cell, name: str, unit: str = "") -> Place:
    """The place that a whole cell with this label is."""
    text = "" if _HINT.fullmatch(cell.text.strip()) else cell.text
    if OPINION.search(name):
        return approval(cell, name)
    if options := unboxed(text):
        doubt = "options_to_strike_out"
        return Place(
            name,
            kind_of(options, name),
            where(cell),
            options=options,
            spots=spots.words(cell.lines, options),
            doubt=doubt,
        )
    if controls.is_picture(cell.element):
        return Place(name, "picture", where(cell), spots=spots.whole(cell, "picture"))
    hint = cell.text if not text else ""
    kind = kinds.decide(f"{name}{hint}", text, cell.room, cell.width >= _WIDE)
    if kind == "line" and len(cell.lines) > 1 and cell.is_blank:
        kind = "text"
    units = kinds.unit(name, text) or kinds.unit(name, hint) or (unit if kind == "money" else "")
    place = Place(
        name,
        kind,
        where(cell),
        unit=units if kind in ("money", "number") else "",
        limits=kinds.limits(name, hint),
        spots=spots.whole(cell, kind),
    )
    return controls.applied(place)


def within(cell: Cell, name: str) -> Iterator[Place]:
    """The places among the printed words of a cell, whose label, if it has one beside it, is `name`."""
    here = where(cell)
    if OPINION.search(name):
        yield approval(cell, name)
        return
    is_asked = bool(questions(cell.text, name))
    if name and not is_signed(name) and not is_asked and len(cell.lines) > 1 and cell.lines[0].is_blank:
        kind = kinds.of_label(name)
        kind = kind if kind and kind not in ("money", "line") else "text"
        yield Place(name, kind, here, limits=kinds.limits(name), spots=(spots.line(cell.lines[0]),))
    found = line_places.find(cell.lines, here, name)
    yield from found
    if not name:
        labels = {place.label for place in found}
        yield from (place for place in line_places.headed(cell.lines, here) if place.label not in labels)


def approval(cell: Cell, name: str) -> Place:
    """The place for what an approver writes above signature and date."""
    blank = next((each for each in cell.lines if each.is_blank), None)
    spot = spots.line(blank) if blank else Spot(cell.lines[0], 0, 0)
    return Place(name, "text", where(cell), spots=(spot,), doubt="approver_writes")


def name_of(cell: Cell) -> str:
    """A cell's words as its reader says them; upright text in two columns is read column by column."""
    lines = [line.text.strip() for line in cell.lines if line.text.strip()]
    across = label("\n".join(lines))
    lengths = {len(line) for line in lines}
    if len(lines) < _UPRIGHT or cell.width >= _NARROW or max(lengths) != 2:
        return across
    down = label("".join(line[0] for line in lines) + "".join(line[1:] for line in lines))
    is_down = not _is_known(across) and (len(lengths) > 1 or _is_known(down))
    return down if is_down else across


def _is_known(words: str) -> bool:
    return bool(kinds.of_label(words) or OPINION.search(words))


def has_room(cell: Cell) -> bool:
    """Whether blank lines to write on follow what is printed in a cell."""
    blank = len(list(takewhile(lambda line: line.is_blank, reversed(cell.lines))))
    return _ROOM <= blank < len(cell.lines)


def asks(cell: Cell) -> bool:
    """Whether a cell says what to write in it."""
    return any(word in cell.text for word in ("填写", "提纲", "请", "简述", "说明", "包括", "阐述"))
