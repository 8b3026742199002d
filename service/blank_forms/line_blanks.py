"""Finds the blanks in a line: 姓名：____, 共___人, 单位：        电话：, 日期：  年  月  日."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.blank_forms import kinds
from service.blank_forms.label_words import (
    ONLY_DATE,
    PART_OF_ADDRESS,
    PRINTED_DATE,
    SEAL,
    is_numbered,
    is_title,
    label,
)

_DIGITS = r"(?:□[ \u3000]?){4,}"  # a box for each character
_YEARS = r"(?:20)?[\s_]{2,}(?:年?[—－–~～-]+(?:20)?[\s_]{2,})?(?=学年|年度)"  # （    —    学年）
_GAP = re.compile(
    rf"(?P<colon>[:：])|(?P<years>{_YEARS})|(?P<date>{PRINTED_DATE.pattern})(?!\s*[:：])|(?P<digits>{_DIGITS})"
    r"|(?P<rule>[ \u3000\t]*_[_ \u3000\t]*)|(?P<bracket>[(（〔\[][\s_]+[)）〕\]])"
    r"|(?P<space>[ \u3000\xa0\t]{2,})"
)
# What is printed behind a colon for an answer: a date, a range, boxes, an amount in words, an address.
_BEHIND = tuple(
    re.compile(pattern)
    for pattern in (
        rf"[\s_]*{ONLY_DATE.pattern}",
        r"(?:[自从由])?[\s_]{2,}[至到—－–~～-]+[\s_]*|[\s_]*[至到—－–~～-]+[\s_]{2,}",
        rf"\s*{_DIGITS}",
        r"[\s_]*(?:人民币)?(?:[\s_]*[佰百拾十亿万仟千元圆角分整]){3,}",
        rf"(?:[\s_]{{2,}}{PART_OF_ADDRESS}){{2,}}",
    )
)
_BLANK_BEHIND = re.compile(r"[\s_]*(?:[￥¥][\s_]*)?")
_HINT = re.compile(r"[(（【][^()（）【】]*[^\s_()（）【】][^()（）【】]*[)）】]")
_BRACKET_BEHIND = re.compile(r"\s*[(（〔\[]([\s_]+)[)）〕\]]")
_NEXT_LABEL = re.compile(
    r"[^\s:：_]+(?: [^\s:：_]+)*\s*[:：]|(?:[^\s:：_] +)+[^\s:：_]\s*[:：]|[^\s_]{2,12}_{2,}"
)
_APART = re.compile(r"[ \u3000\xa0]{2,}|[\t\n\ue000]|_{2,}|[:：]")
_OF_YEARS = re.compile(r"[\s_]*(学年度?|年度|学期)")
_CLAUSE = re.compile("[，。；,;：:\ue000]")
_INTRODUCED = tuple("共第约计为达满近于")
_LONGEST_LINE = 2000  # characters, far more than in any form, whose blanks are looked for
_SHORTEST, _TELLING, _LONGEST, _LONGEST_HEADING = 2, 5, 26, 40  # characters of a label


@dataclass(frozen=True)
class Blank:
    """A blank in a line: characters `start` to `end`, empty where nothing is printed behind a colon."""

    label: str
    start: int
    end: int
    kind: str
    """What the print says: a date or range to complete, or a unit behind; "" if nothing."""
    unit: str
    is_last: bool
    is_explicit: bool
    """Whether a blank is printed: a line to write on, spaces, a date to complete."""
    in_sentence: bool = False
    is_signature: bool = False


def blanks(text: str) -> list[Blank]:
    """The blanks of a text, line by line, in order; those for signatures are marked."""
    found: list[Blank] = []
    for line in re.finditer("[^\n]+", text):
        if len(line[0]) <= _LONGEST_LINE:
            inside = _Line(text, line.start(), line.end()).blanks()
            found += [each for each in inside if not is_title(line[0]) or _OF_YEARS.match(each.label)]
    return found


class _Line:
    def __init__(self, text: str, start: int, end: int) -> None:
        self._text, self._end = text[:end], end
        self._start = self._behind = start  # the last blank and its unit
        self._is_in_sentence = False
        self._name = ""  # of the last blank, or of the last colon without one

    def blanks(self) -> Iterator[Blank]:
        at = self._behind
        while gap := _GAP.search(self._text, at):
            blank = self._colon(gap) if gap["colon"] else self._inside(gap)
            if blank:
                yield blank
                self._is_in_sentence = blank.in_sentence
                at = self._behind = max(blank.end + len(blank.unit), gap.end())
            else:
                at = gap.end()

    def _colon(self, colon: re.Match[str]) -> Blank | None:
        name = _name(self._text[self._behind : colon.start()])
        span = self._span(colon.end())
        name = self._with_amount(name)
        self._name = name
        if not span or not name or (len(name) > _LONGEST_HEADING and self._is_sentence(colon.start())):
            return None
        is_end = self._is_in_sentence and not self._text[self._behind : self._behind + 1].isspace()
        if is_end and span[0] == span[1]:
            return None  # of a sentence with a blank: 购置____套设备：
        return self._blank(name, *span)

    def _span(self, at: int) -> tuple[int, int] | None:
        """The blank behind a colon; None if what is printed there is no blank."""
        text = self._text
        for pattern in _BEHIND:
            if found := pattern.match(text, at):
                return at, found.end()
        if found := _BRACKET_BEHIND.match(text, at):
            return found.span(1)
        blank = _BLANK_BEHIND.match(text, at)
        assert blank is not None
        end = blank.end()
        hint = _HINT.match(text, end)
        if hint and not text[hint.end() :].strip("_ \u3000\t"):
            ruled = "_" in text[hint.end() :]
            return (hint.end(), len(text)) if ruled else (at, end)
        if hint and (_is_gap(text[hint.end() :][:2]) or _NEXT_LABEL.match(text, hint.end())):
            return at, end
        return (at, end) if self._is_blank(text[at:end], text[end:]) else None

    def _is_blank(self, gap: str, rest: str) -> bool:
        if not rest or gap.count("_") > 1:
            return True
        has_unit = bool(kinds.unit_at(rest)[1])
        if len(gap) > 1 or gap in ("\t", "\u3000"):
            return has_unit or rest[0] in "，。；,;)）、/／" or bool(_NEXT_LABEL.match(rest))
        return bool(gap) and has_unit and not rest.strip("万亿千百元%人个 ")

    def _is_sentence(self, end: int) -> bool:
        return bool(_CLAUSE.search(self._text[self._behind : end]))

    def _inside(self, gap: re.Match[str]) -> Blank | None:
        """A blank inside a sentence, or behind a label without a colon."""
        before, after = self._text[self._behind : gap.start()], self._text[gap.end() :]
        kind = str(gap.lastgroup)
        if not self._is_gap(kind, gap[0], before.strip(), after):
            return None
        start, end = gap.span()
        if kind == "bracket":
            start, end = start + 1, end - 1
        clause = _CLAUSE.split(before)[-1]
        name = label(clause)
        if not name and re.search("[￥¥]", clause):
            name = self._name.partition("（")[0]
        around = label(re.split(r"[，。；,;：:\s_]", after.strip())[0])
        if not name and kind == "date":
            name = re.sub(r"[\s_]", "", gap[0]) + (around if before.strip() else "")
        if len(name) < _SHORTEST or (gap[0].endswith("_") and _is_unclear(name, around)):
            name = f"{name}{around}"[:_LONGEST]
        name = self._name = self._with_amount(name)
        line = self._text[self._text.rfind("\n") + 1 :]
        is_pair = kind in ("date", "space", "digits") or (
            kind == "rule" and not re.search("[，。；,;]", line)
        )
        name = (year := _of_years(clause, after)) or name
        blank = self._blank(name, start, end) if name else None
        if blank and year:
            return replace(blank, kind="line", unit="")
        return blank and replace(blank, in_sentence=not is_pair or bool(blank.unit))

    def _with_amount(self, name: str) -> str:
        """The label of an amount's words or figures: 经费（大写） for 经费：人民币（大写）____."""
        words = re.fullmatch("(?:人民币|RMB)?[(（]?([大小]写|)[)）]?", name)
        if not words or not self._name or not name:
            return name
        return f"{self._name}（{words[1]}）" if words[1] else self._name

    def _is_gap(self, kind: str, gap: str, before: str, after: str) -> bool:
        if kind == "rule":
            return len(gap) > 1 and bool(before or label(after))
        if kind in ("date", "digits"):
            is_first = not before and self._behind == self._start and bool(label(after))
            is_led = is_first or bool(label(self._text[self._start : self._behind]))
            return bool(label(before)) or (kind == "date" and is_led)
        has_unit = bool(kinds.unit_at(after.strip())[1])
        if _of_years(_CLAUSE.split(before)[-1], after):
            return True
        if kind == "bracket":
            return bool(before) and (has_unit or before.endswith(_INTRODUCED))
        if gap.count("\t") > 1 and 1 < len(label(before)) <= _LONGEST and _NEXT_LABEL.match(after):
            return not _CLAUSE.search(before)
        if not before and has_unit:  # 20人 without a label, in a cell that has one beside it
            unit = kinds.unit_at(after.strip())[1]
            return self._behind == self._start and bool(
                re.match(r"[，。；,;\s]|$", after.strip()[len(unit) :])
            )
        introduced = before.endswith(_INTRODUCED)
        return (
            bool(before) and bool(after.strip()) and (introduced or (has_unit and _reads_on(before, after)))
        )

    def _blank(self, name: str, start: int, end: int) -> Blank:
        text, after = self._text[start:end], self._text[end:]
        unit_kind, unit = kinds.unit_at(after.lstrip(")）] "))
        is_printed = re.search("[年至到—－–~～-]", text) or kinds.is_amount(text)
        printed = kinds.of_print(text) if is_printed else ""
        around = f"{name}{after[: len(after) - len(after.lstrip(' _'))]}{_bracketed(after)}"
        return Blank(
            name,
            start,
            end,
            printed or unit_kind,
            "" if printed else unit,
            not after.strip(),
            len(text) > 2 or "_" in text or "\t" in text or bool(printed),
            is_signature=bool(SEAL.search(around)),
        )


def _of_years(before: str, after: str) -> str:
    """The word behind the blank of a school year or the like: 年度 for （    年度）; "" if it is none."""
    found = _OF_YEARS.match(after)
    is_named = bool(label(re.sub("^(?:学年度?|年度)|第$", "", before.strip("(（ "))))
    return found[1] if found and not is_named else ""


def _bracketed(after: str) -> str:
    found = re.match(r"\s*[(（][^()（）]*[)）]", after)
    return found[0] if found else ""


def _is_gap(text: str) -> bool:
    return not text or not text.strip() or text.startswith("_")


def _reads_on(before: str, after: str) -> bool:
    """Whether spaces in front of a unit are a blank: 每周    次, not two words that are apart."""
    if len(before.split()[-1]) < _SHORTEST:
        return False  # letter-spaced: 姓   名
    unit = kinds.unit_at(after.strip())[1]
    rest = after.strip()[len(unit) :]
    return not rest or not ("\u3400" <= rest[0] <= "\u9fff") or before[-1] in "，,；;、时数"


def _is_unclear(name: str, around: str) -> bool:
    """Whether words in front of a blank say little without those behind it: 因____需请假."""
    is_known = kinds.of_label(name) or kinds.of_label(around) or kinds.unit_at(around)[1]
    return len(name) < _TELLING and bool(around) and not is_known


def _name(text: str) -> str:
    """The label at the end of the text before a colon; one that is letter-spaced is one."""
    words = re.sub(r"^[(（][^()（）]*[)）]", "", text.strip("_ \t\n\u3000"))
    if is_numbered(words) and not _APART.search(words) and len(label(words)) <= _LONGEST_HEADING:
        return label(words)
    chunks = [each for each in _APART.split(words) if each.strip()]
    name = ""
    while chunks and (not name or len(name.strip()) == 1 or len(chunks[-1].strip()) == 1):
        last = chunks.pop()
        if name and len(last.strip()) > 1:
            break
        name = last + name
    return label(re.split("[，。；,;](?![^（(]*[）)])", name)[-1])
