"""The base of fields that hold a number."""

import re
import unicodedata
from abc import abstractmethod
from decimal import Decimal
from typing import Any, ClassVar

from schemas import cells, numbers
from schemas.cells import CellError, Value
from schemas.characters import EXACT
from schemas.fields.aspects import Unreadable
from schemas.fields.leaf import Leaf

_TWO_NUMBERS = re.compile(r"[0-9]\s+[0-9]")


class Number(Leaf, abstract=True):
    """A field that holds a number, printed with or without its unit."""

    shape = "text"
    #: The fault of a cell that is no such number.
    cell_fault: ClassVar[str]
    #: Its unit, if any, which the message of that fault may name.
    unit: str = ""

    @abstractmethod
    def written(self, text: str) -> Decimal | int:
        """The JSON value of a printed text without white space, in plain characters. Raises Unreadable."""

    def printed(self, text: str) -> Any:
        normal = EXACT.plain(text)  # ² and ① are no digits of a number
        plain = "".join(normal.split())
        if not plain:
            return None
        if _TWO_NUMBERS.search(normal):
            raise Unreadable
        return self.written(plain.lstrip(":"))

    def cell(self, value: Value) -> Any:
        """A number out of range is returned as it is: `read` reports it."""
        if isinstance(value, Decimal):
            return numbers.plain(value)
        if not isinstance(value, str):
            raise CellError(self.cell_fault, self.unit)
        narrow = unicodedata.normalize("NFKC", EXACT.plain(cells.trimmed(value)))
        # Superscripts and circled numbers are no digits of a number.
        digits = all(each.isdecimal() or not each.isnumeric() for each in value)
        number = numbers.typed(narrow) if digits else None
        try:
            return self.printed(cells.trimmed(value)) if number is None else numbers.plain(number)
        except Unreadable as error:
            raise CellError(self.cell_fault, self.unit) from error

    def to_cell(self, value: Any) -> Any:
        return Decimal(self.plain(value)) if isinstance(value, str) else value


def amount(pattern: re.Pattern[str], text: str) -> Decimal:
    """The number in the first group of a pattern. Raises Unreadable."""
    found = pattern.fullmatch(text)
    number = numbers.grouped(found[1]) if found else None
    if number is None:
        raise Unreadable
    return number
