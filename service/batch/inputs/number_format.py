"""What a spreadsheet shows for a value in a number format (ECMA-376 part 1, 18.8.30 and 18.8.31)."""

import operator
import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, lru_cache

from openpyxl.styles.numbers import BUILTIN_FORMATS

_ACCOUNTING = '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)'
_MONTH, _DATE, _CLOCK, _CLOCK_S = 'yyyy"年"m"月"', 'm"月"d"日"', 'h"时"mm"分"', 'h"时"mm"分"ss"秒"'
_CHINESE = {27: _MONTH, 28: _DATE, 29: _DATE, 30: "m-d-yy", 31: f"{_MONTH}d日", 32: _CLOCK, 33: _CLOCK_S}
_CHINESE |= {34: _CLOCK, 35: _CLOCK_S, 36: _MONTH, 50: _MONTH, 51: _DATE, 52: _MONTH, 53: _DATE, 54: _DATE}
_CHINESE |= {55: _CLOCK, 56: _CLOCK_S, 57: _MONTH, 58: _DATE}
_SYSTEM = {14: "yyyy/m/d", 22: "yyyy/m/d h:mm"}  # the system's own, with whole years
#: The codes of the formats that a workbook does not spell out, those of Chinese Excel included.
BUILTIN: dict[int, str] = {**BUILTIN_FORMATS, **_SYSTEM, 44: _ACCOUNTING, **_CHINESE}

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_(?P<blank>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<clock>AM/PM|A/P|上午/下午)|(?P<general>G/通用格式|通用格式|General|@)|(?P<power>E[-+])"
    r"|(?P<digit>[0#?])|(?P<date>[ymdhse])|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_COLOUR = re.compile(
    r"(Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|[黑蓝绿红白黄青]色|洋红|(Color|颜色) ?\d+)", re.I
)
_WHITE = re.compile("White|白色|(Color|颜色) ?2", re.IGNORECASE)
_CURRENCY = re.compile(r"\$([^-]*)(-([0-9A-F]{1,4}|[a-z]+(-[a-z]+)*))?", re.IGNORECASE)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=) ?(-?[0-9]+(?:\.[0-9]+)?)")
_COMPARE = {"<": operator.lt, "<=": operator.le, "=": operator.eq}
_COMPARE |= {"<>": operator.ne, ">": operator.gt, ">=": operator.ge}
_PARTS = {"y": "yyy|e", "m": "m", "d": "(?<!d)d{1,2}(?!d)"}
_DASHES = re.compile(r"[-—–－]+")


@dataclass
class _Section:
    """One of the sections of a format: its parts in order, each a kind and its text."""

    parts: list[tuple[str, str]] = field(default_factory=list)
    letters: str = ""  # of dates, with a dot between two of them
    condition: tuple[str, Decimal] | None = None
    clear: bool = True
    is_white: bool = False

    def add(self, kind: str, text: str) -> None:
        if kind == "date":
            self.letters += text.lower()
            return
        self.letters += "."
        if kind == "bracket":
            self._add_bracket(text)
        elif kind in ("power", "clock") or (kind == "fill" and not text.isspace()):
            self.clear = False
        elif kind == "plain" and text in ".,%":
            self.parts.append((text, text))
        elif kind == "plain" and (text == "/" or (text.isascii() and text.isalpha())):
            self.clear = False
        elif kind in ("digit", "general"):
            self.parts.append((kind, text))
        elif kind not in ("blank", "fill"):
            self.parts.append(("literal", text))

    def _add_bracket(self, text: str) -> None:
        if found := _CONDITION.fullmatch(text):
            self.condition = found[1], Decimal(found[2])
        elif found := _CURRENCY.fullmatch(text):
            self.parts.append(("literal", found[1]))
        elif set(text.lower()) <= set("hms"):
            self.letters += text.lower()
        elif _COLOUR.fullmatch(text):
            self.is_white |= _WHITE.fullmatch(text) is not None
        else:  # such as DBNum1, in which numbers have other digits
            self.clear = False

    @cached_property
    def digits(self) -> "_Digits":
        return _Digits(self.parts)

    def holds(self, number: Decimal) -> bool:
        return self.condition is None or _COMPARE[self.condition[0]](number, self.condition[1])


@dataclass(frozen=True)
class ShownText:
    """What a cell shows; `exact` unless digits or the sign of its number are not shown."""

    text: str
    exact: bool = True


class NumberFormat:
    """A parsed number format."""

    def __init__(self, code: str) -> None:
        self._sections = [_Section()]
        for found in _TOKEN.finditer(code):
            kind = str(found.lastgroup)
            if found[0] == ";":
                self._sections.append(_Section())
            else:
                self._sections[-1].add(kind, found[kind])
        first = self._sections[0]
        #: Whether numbers are shown as dates or times, and which of whole year, month and day: "ymd", "ym", …
        self.is_date = any(letter in first.letters for letter in "ymdhse")
        self.date_parts = "".join(
            part for part, pattern in _PARTS.items() if re.search(pattern, first.letters) is not None
        )

    def whitens(self, number: Decimal | None) -> bool:
        """Whether it shows a number, or without one a text, in white (18.8.31)."""
        if number is None:
            return any(section.is_white for section in self._sections[3:])
        section = self._section(number)
        return section is not None and section.is_white

    def number(self, number: Decimal) -> ShownText | None:
        """The text shown for a number that is no date; None if that is not certain."""
        section = self._section(number)
        if section is None or not section.clear or section.letters.strip("."):
            return None
        body = section.digits.fill(abs(number))
        if body is None or number >= 0:
            return body
        if section is self._sections[0]:
            return ShownText(f"-{body.text}", body.exact)
        return ShownText(body.text, body.exact and any(sign in body.text for sign in "-(（负"))

    def text(self, text: str) -> str:
        """The text shown for a text."""
        with_text = [each for each in self._sections if ("general", "@") in each.parts]
        if not with_text and len(self._sections) < 4:
            return text
        parts = (with_text or self._sections[3:])[-1].parts
        return "".join({"general": text, "literal": literal}.get(kind, "") for kind, literal in parts)

    def _section(self, number: Decimal) -> _Section | None:
        """The section for a number: by condition, else for positive numbers, negative ones and zero."""
        sections = self._sections[:3]
        if not any(section.condition for section in sections):
            place = 1 if number < 0 else 2 if number == 0 else 0
            return sections[place] if place < len(sections) else sections[0]
        if number < 0:
            return None
        fitting = (
            section
            for place, section in enumerate(sections)
            if section.holds(number) and (section.condition or place != 1 or len(sections) == 2)
        )
        return next(fitting, None)


class _Digits:
    """The digit placeholders of a section, to be filled with a number that is not negative."""

    def __init__(self, parts: list[tuple[str, str]]) -> None:
        kinds = [kind for kind, _ in parts]
        point = kinds.index(".") if "." in kinds else len(kinds)
        self._parts = parts
        self._whole = [place for place in range(point) if kinds[place] == "digit"]
        self._decimals = [place for place in range(point, len(kinds)) if kinds[place] == "digit"]
        last_whole = max(self._whole, default=-1)
        last = max(self._decimals, default=last_whole)
        commas = [place for place, kind in enumerate(kinds) if kind == ","]
        scaling = [place for place in commas if last_whole < place < point or place > last]
        self._grouped = len(commas) > len(scaling)
        self._scale = Decimal(1000) ** -len(scaling) * Decimal(100) ** kinds.count("%")
        between = any(point < place < last for place in commas)
        #: Whether the placeholders are understood.
        self._clear = not between and kinds.count(".") < 2 and (not commas or last >= 0)

    def fill(self, number: Decimal) -> ShownText | None:
        """The section with the digits of a number, rounded as spreadsheets do; None if it is not clear."""
        if not self._clear:
            return None
        scaled = number * self._scale
        rounded = scaled.quantize(Decimal(1).scaleb(-len(self._decimals)), ROUND_HALF_UP)
        whole, _, decimals = f"{rounded:f}".partition(".")
        digits = self._whole_digits(whole.lstrip("0")) | self._decimal_digits(decimals)
        changed = {"general": f"{number.normalize():f}", ",": "", "digit": ""}
        shown = [digits.get(place, changed.get(kind, text)) for place, (kind, text) in enumerate(self._parts)]
        return ShownText("".join(shown).strip(), rounded == scaled or not digits)

    def _whole_digits(self, whole: str) -> dict[int, str]:
        """The digits at each placeholder before the point; the first one takes those that are too many."""
        if not self._whole:
            return {}
        pads = [self._parts[place][1] for place in self._whole]
        missing = pads[: max(len(pads) - len(whole), 0)]
        every = [{"0": "0", "?": " ", "#": ""}[pad] for pad in missing] + list(whole)
        for left in range(3, len(every), 3) if self._grouped else ():
            if every[-left - 1].isdigit():
                every[-left - 1] += ","
        surplus = len(every) - len(pads)
        texts = ["".join(every[: surplus + 1]), *every[surplus + 1 :]]
        return dict(zip(self._whole, texts, strict=True))

    def _decimal_digits(self, decimals: str) -> dict[int, str]:
        """The digits at each placeholder after the point, without the zeros that # leaves out."""
        shown = list(decimals)
        for number in reversed(range(len(shown))):
            if shown[number] != "0" or self._parts[self._decimals[number]][1] == "0":
                break
            shown[number] = ""
        return dict(zip(self._decimals, shown, strict=False))


@lru_cache(maxsize=1024)
def number_format(code: str) -> NumberFormat:
    """The parsed format of a code."""
    return NumberFormat(code)


def is_dash(text: str) -> bool:
    """Whether a text is the dash that accounting formats show for zero."""
    return _DASHES.fullmatch(text) is not None
