"""The field types of the forms: validate JSON values and convert them.

Every field may be absent or null, and is then left blank on the form. `title` is the official
label. Faults are raised as `marshmallow.ValidationError([FieldFault])`.
"""

import datetime
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, missing

from schemas.characters import EMAIL, EXACT, PHONE, TEXT, PlainCharacter
from schemas.field_faults import FieldFault

LINE_MAXIMUM = 200
TEXT_MAXIMUM = 20_000
COUNT_MAXIMUM = 9_999_999
MONEY_MAXIMUM = Decimal("9999999.99")
FIRST_YEAR = 1000  # of dates; the form prints four digits
STEP = Decimal("0.5")

_TAB_BEFORE = re.compile(r"[ \u3000]*\t[ \t\u3000]*")  # exports put it before long numbers
_TAB_BEHIND = re.compile(r"[ \u3000]*\t[ \t\u3000]*$", re.MULTILINE)  # or behind
_BREAK = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]")
_SEPARATOR = re.compile(r"[、/,，;；]")
_PHONE = re.compile(r"[0-9０-９+＋\-－—–.()（） \t\u3000#*转分机extEXT：:]+")
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _is_blank(text: str) -> bool:
    """Whether a text is invisible: only white space and format characters such as U+200B."""
    return all(each.isspace() or unicodedata.category(each) == "Cf" for each in text)


def _fault(code: str, **values: Any) -> ValidationError:
    return ValidationError([FieldFault(code, values)])


class Leaf(fields.Field[Any]):
    """A field of the form: `read` converts the JSON value to the submission's value or raises."""

    characters = EXACT

    def __init__(self, title: str, **keywords: Any) -> None:
        super().__init__(allow_none=True, load_default=None, metadata={"title": title, **keywords})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return self.read(value)
        except ValidationError as error:
            if not isinstance(value, str):
                raise
            odd = self.characters.named(value)
            faults: list[Any] = list(error.messages)
            raise ValidationError([replace(fault, odd=odd) for fault in faults]) from error

    def read(self, value: Any) -> Any:
        """Converts a JSON value that is not null."""
        raise NotImplementedError


class Text(Leaf):
    """Text of lines, kept as sent but for `characters`, line ends and tabs behind lines."""

    maximum = TEXT_MAXIMUM
    characters = TEXT

    def __init__(self, title: str, **keywords: Any) -> None:
        super().__init__(title, type="string", maxLength=self.maximum, **keywords)

    def read(self, value: Any) -> str | None:
        if not isinstance(value, str):
            raise _fault("not_text")
        if self.characters.refuses(value):
            raise _fault("forbidden_character")
        if len(value) > self.maximum:
            raise _fault("too_long", maximum=self.maximum, length=len(value))
        plain = self.characters.plain(value.replace("\r\n", "\n").replace("\r", "\n"))
        return None if _is_blank(plain) else _TAB_BEHIND.sub("", plain)

    def changes(self, value: str) -> list[PlainCharacter]:
        """The characters of a valid value that are made plain; none of a blank value."""
        return [] if self.read(value) is None else self.characters.changes(value)


class Line(Text):
    """Text of one line."""

    maximum = LINE_MAXIMUM

    def read(self, value: Any) -> str | None:
        text = super().read(value)
        if text and "\n" in text and (found := _BREAK.search(value)):
            raise _fault("line_break", position=found.start() + 1)
        return text and text[match.end() :] if (match := _TAB_BEFORE.match(text or "")) else text


class Phone(Line):
    """One or several phone numbers, area codes and extensions included."""

    characters = PHONE

    def read(self, value: Any) -> str | None:
        text = super().read(value)
        if text and not all(map(self._plausible, _SEPARATOR.split(text))):
            raise _fault("not_a_phone")
        return text

    @staticmethod
    def _plausible(number: str) -> bool:
        digits = sum(character.isdecimal() for character in number)
        return _PHONE.fullmatch(number) is not None and 3 <= digits <= 20


class Email(Line):
    """One or several e-mail addresses."""

    characters = EMAIL

    def read(self, value: Any) -> str | None:
        text = super().read(value)
        if text and not all(_EMAIL.fullmatch(part.strip()) for part in _SEPARATOR.split(text)):
            raise _fault("not_an_email")
        return text


class YesNo(Leaf):
    """A pair of boxes: true 是, false 否, null neither."""

    def __init__(self, title: str) -> None:
        super().__init__(title, type="boolean")

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise _fault("not_a_boolean")
        return value


class Day(Leaf):
    """A date, ISO 8601 `YYYY-MM-DD`, from `FIRST_YEAR` on."""

    def __init__(self, title: str) -> None:
        super().__init__(title, type="string", format="date")

    def read(self, value: Any) -> datetime.date:
        value = value.strip() if isinstance(value, str) else ""
        if not _DAY.fullmatch(value):
            raise _fault("not_a_date")
        try:
            day = datetime.date.fromisoformat(value)
        except ValueError as error:
            raise _fault("not_a_date") from error
        if day.year < FIRST_YEAR:
            raise _fault("not_a_date")
        return day


class Count(Leaf):
    """A count: an integer of 0 or more."""

    def __init__(self, title: str) -> None:
        super().__init__(title, type="integer", minimum=0, maximum=COUNT_MAXIMUM)

    def read(self, value: Any) -> int:
        number = _number(value, "not_an_integer", strings=False)
        if number < 0:
            raise _fault("negative")
        if number > COUNT_MAXIMUM:
            raise _fault("too_large", maximum=COUNT_MAXIMUM)
        if number != number.to_integral_value():
            raise _fault("not_an_integer")
        return int(number)


class Money(Leaf):
    """An amount in 万元 of at most 2 decimal places, sent as a number or a string, never rounded."""

    def __init__(self, title: str) -> None:
        super().__init__(
            title,
            type=["number", "string"],
            minimum=0,
            maximum=float(MONEY_MAXIMUM),
            pattern=r"^[0-9]{1,7}(\.[0-9]{1,2})?$",
        )

    def read(self, value: Any) -> Decimal:
        number = _number(value, "not_a_number", strings=True)
        if number < 0:
            raise _fault("negative")
        if number > MONEY_MAXIMUM:
            raise _fault("too_large", maximum=MONEY_MAXIMUM)
        if number != round(number, 2):
            raise _fault("too_many_decimals")
        return abs(round(number, 2))


class Points(Leaf):
    """The points of one indicator: 0 to `maximum` in steps of 0.5 (Annex 1)."""

    def __init__(self, title: str, maximum: int, **keywords: Any) -> None:
        self.maximum = maximum
        super().__init__(title, type="number", minimum=0, maximum=maximum, multipleOf=float(STEP), **keywords)

    def read(self, value: Any) -> Decimal:
        number = _number(value, "not_a_number", strings=False)
        if number < 0:
            raise _fault("negative")
        if number > self.maximum:
            raise _fault("above_maximum", maximum=self.maximum)
        if number != round(number / STEP) * STEP:
            raise _fault("bad_step")
        return abs(number)


class Group(fields.Nested):
    """A group of fields; if absent or null, all its fields are blank."""

    def __init__(self, title: str, schema: Any) -> None:
        super().__init__(schema, allow_none=True, metadata={"title": title, "type": "object"})

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        blank = value is None or value is missing
        return super().deserialize({} if blank else value, attr, data, **kwargs)

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        return _fault("not_an_object")


class Rows(fields.List[Any]):
    """Rows of a table, each a group; empty if absent or null. Rows without values are dropped."""

    def __init__(self, title: str, group: Group, maximum: int = 100) -> None:
        self.maximum = maximum
        super().__init__(
            group,
            allow_none=True,
            metadata={"title": title, "type": "array", "maxItems": maximum},
            validate=self._few,
        )

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        blank = value is None or value is missing
        rows: list[Any] = super().deserialize([] if blank else value, attr, data, **kwargs)
        return [row for row in rows if any(each is not None for each in row.values())]

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        return _fault("not_a_list")

    def _few(self, rows: list[Any]) -> None:
        if len(rows) > self.maximum:
            raise _fault("too_many_items", maximum=self.maximum, length=len(rows))


def _number(value: Any, code: str, *, strings: bool) -> Decimal:
    """The exact decimal of a JSON number, or of a plain decimal string if `strings` allows it."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        raise _fault(code)
    if isinstance(value, str) and not (strings and _DECIMAL.fullmatch(value.strip())):
        raise _fault(code)
    number = value if isinstance(value, Decimal) else Decimal(str(value).strip())
    if not number.is_finite():
        raise _fault(code)
    return number
