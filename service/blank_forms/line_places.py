"""The places among the printed words of lines: of a paragraph, or of a cell."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from service.blank_forms import controls, kinds, spots
from service.blank_forms.blank_lines import Line
from service.blank_forms.label_words import (
    DAY,
    INSTRUCTION,
    OPINION,
    PLEDGE,
    SEAL,
    is_date,
    is_numbered,
    is_signed,
    label,
)
from service.blank_forms.line_blanks import Blank, blanks
from service.blank_forms.options import Options, kind_of, questions, unboxed
from service.blank_forms.place import Place, Where

_TAKEN = "\ue000"
_LABELLED = re.compile("^[ \\u3000]*([^:：\\n_]{2,24})[:：]([^:：\\n_]+)$", re.MULTILINE)
_STAMPED = re.compile(
    "(?:单位|学校|部门|机构|公司|企业|名称|学院|组织|协会)[(（](?:盖?公?章|盖章.{0,4}|公章.{0,4})[)）]$"
)
_INTRODUCES = re.compile("如下|以下|下列")
_BRACKETED_SEAL = re.compile(r"\s*([(（][^()（）]{1,6}[)）])")
_DATE_ALONE = re.compile("[自从由至到起止—－–~～年月日时分-]+")
#: The label of a date beneath a signature.
OF_SIGNATURE = re.compile("(?:签字|签名|盖章|审批|审核)?(?:日期|时间|年月日)")


def find(lines: Sequence[Line], here: Where, name: str = "") -> list[Place]:
    """The places of lines at `here`; `name` is the label beside them.

    A paragraph's place has the number of its own line.
    """
    return [place for _, place in sorted(_all(lines, here, name), key=lambda each: each[0])]


def _all(lines: Sequence[Line], here: Where, name: str) -> Iterator[tuple[int, Place]]:
    text = "\n".join(line.text for line in lines)
    asked = questions(text, name)
    for options in asked:
        if _title(options) and not is_signed(_title(options)):
            yield options.span[0], _of_boxes(lines, options, here)
        start, end = options.span
        text = text[:start] + re.sub("[^\n]", _TAKEN, text[start:end]) + text[end:]
    for line in _LABELLED.finditer(text):
        if (words := unboxed(line[2])) and not is_signed(line[1]):
            yield line.start(), _of_words(lines, label(line[1]), words, line.start(2), here)
            text = text[: line.start()] + re.sub("[^\n]", _TAKEN, line[0]) + text[line.end() :]
    if is_signed(name):
        return
    signed, is_approval = bool(SEAL.search(text)), bool(OPINION.search(text) and not here.paragraph)
    for blank in blanks(text):
        place = _of_blank(lines, text, blank, here, name)
        is_signers = is_approval and bool(SEAL.search(_line_at(text, blank.start)))
        if place and not is_signers and not (signed and OF_SIGNATURE.fullmatch(place.label)):
            yield blank.start, place


def _line_at(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 :].partition("\n")[0]


def _of_boxes(lines: Sequence[Line], options: Options, here: Where) -> Place:
    found = spots.boxes(lines, options)
    where = Where(paragraph=found[0].line.number) if here.paragraph else here
    doubt = "single_box" if len(options.at) == 1 else ""
    words = options.words if options.kind != "yes_no" or len(options.words) > 1 else ()
    return Place(
        _title(options), options.kind, where, options=words, other=options.other, spots=found, doubt=doubt
    )


def _of_words(lines: Sequence[Line], name: str, options: tuple[str, ...], at: int, here: Where) -> Place:
    """The place of options without boxes."""
    found = spots.words(lines, options, at)
    where = Where(paragraph=found[0].line.number) if here.paragraph else here
    return Place(
        name, kind_of(options, name), where, options=options, spots=found, doubt="options_to_strike_out"
    )


def _title(options: Options) -> str:
    """The label of a question; of a single box without one, its word."""
    return options.label or (options.words[0] if len(options.words) == 1 else "")


def _of_blank(lines: Sequence[Line], text: str, blank: Blank, here: Where, name: str) -> Place | None:
    after = text[blank.end :].partition("\n")
    unanswered = blank.is_last and not blank.is_explicit
    if (blank.is_signature and not _is_stamped_name(blank, text)) or PLEDGE.search(blank.label):
        return None
    if (INSTRUCTION.search(blank.label) and not blank.unit) or (
        unanswered and _INTRODUCES.search(blank.label)
    ):
        return None
    if unanswered and (_is_heading(text, blank, after[2]) or _is_dated(after[2])):
        return None
    is_date_alone = bool(_DATE_ALONE.fullmatch(blank.label))
    is_bare = blank.label == blank.unit != "" or is_date_alone
    is_first = not text[: blank.start].rpartition("\n")[2].strip()
    if is_bare and not name and (is_first or not is_date_alone):
        return None
    spot = spots.located(lines, blank.start, blank.end)
    rooms = _blank_lines(after[2]) if unanswered else 0
    kind = blank.kind or _kind(blank, rooms, here)
    words = f"{name}·{blank.label}" if name and (blank.in_sentence or len(blank.label) == 1) else blank.label
    words = name if is_bare and name else words
    doubt = "blank_in_sentence" if blank.in_sentence else "stamped_name" if blank.is_signature else ""
    if OPINION.search(blank.label):
        kind, doubt = "text", "approver_writes"
    place = Place(
        words,
        kind,
        Where(paragraph=spot.line.number) if here.paragraph else here,
        unit=blank.unit or (kinds.unit(blank.label) if kind in ("money", "number") else ""),
        spots=(spot,),
        doubt=doubt,
    )
    return controls.applied(place)


def _is_stamped_name(blank: Blank, text: str) -> bool:
    """Whether a seal is set over a name to fill in: 申报单位（盖章）：____."""
    line = _line_at(text, blank.start)
    has_own_date = not DAY.search(line) or len(re.findall("[:：]", line)) > 1
    is_alone = len(SEAL.findall(line)) == 1 and has_own_date
    behind = _BRACKETED_SEAL.match(text, blank.end)
    return (
        bool(_STAMPED.search(blank.label + (behind[1] if behind else ""))) and is_alone and blank.is_explicit
    )


def _is_dated(below: str) -> bool:
    """Whether a signature is asked for: 申请人： with a date alone below it."""
    return is_date(next((line for line in below.split("\n") if line.strip("_ \t\u3000")), ""))


def _kind(blank: Blank, rooms: int, here: Where) -> str:
    kind = kinds.decide(blank.label, "", rooms + 1)
    if blank.in_sentence and kind in ("date", "date_range", "month", "yes_no"):
        return "line"  # such are printed with 年 or boxes
    of_words = kinds.of_label(blank.label) == "text" and blank.is_last and not blank.is_explicit
    if of_words and (rooms or (here.paragraph and not blank.in_sentence)):
        return "text"
    return "line" if kind == "text" and not rooms and not any(kinds.limits(blank.label)) else kind


def _is_heading(text: str, blank: Blank, below: str) -> bool:
    """Whether a line that ends with a colon introduces what is printed below it."""
    line = text[: blank.start].rpartition("\n")[2]
    first = below.partition("\n")[0]
    if not first.strip("_ \t\u3000"):
        return False
    return _TAKEN in first or is_numbered(line) or (is_numbered(first) and not is_numbered(line))


def _blank_lines(text: str) -> int:
    count = 0
    for line in text.split("\n") if text else []:
        if line.strip("_ \t\u3000"):
            break
        count += 1
    return count


def headed(lines: Sequence[Line], here: Where) -> Iterator[Place]:
    """The long texts of lines that are labels with blank lines below."""
    signed = any(SEAL.search(line.text) for line in lines)
    for line, below in pairwise(lines):
        name = label(line.text)
        is_asked = below.is_blank and is_label(line.text) and not is_signed(name)
        if is_asked and (not signed or kinds.of_label(name) == "text" or OPINION.search(name)):
            doubt = "approver_writes" if OPINION.search(name) else ""
            yield Place(name, "text", here, spots=(spots.line(below),), doubt=doubt)


def is_label(text: str) -> bool:
    """Whether a line is a heading or label of blank lines below it."""
    words = label(text)
    is_sentence = re.search("[。；;！]|，.*，", text)
    is_pair = re.search("[:：]\\s*[^\\s_]", text.strip())
    return 1 < len(words) <= 40 and not (is_sentence or is_pair or kinds.of_print(text))
