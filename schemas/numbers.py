"""Numbers as JSON sends them and as people write them, each to its last digit.

Those that people write have at most 15 digits before the point, and 15 behind it.
"""

import re
from decimal import Decimal
from typing import Any

_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]+)?")
_GROUPED = re.compile(r"([0-9]{1,3}(,[0-9]{3}){1,4}|[0-9]{1,15})(\.[0-9]{1,15})?")
_TYPED = re.compile(r"[-+]?(?=\.?[0-9])([0-9]{1,3}(,[0-9]{3}){1,4}|[0-9]{0,15})(\.[0-9]{0,15})?")


def sent(value: Any, *, strings: bool) -> Decimal | None:
    """The exact decimal of a JSON number, or of a plain decimal string if `strings` allows it; else None."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        return None
    if isinstance(value, str) and not (strings and _DECIMAL.fullmatch(value)):
        return None
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    return number if number.is_finite() else None


def grouped(text: str) -> Decimal | None:
    """The number printed, perhaps with thousands separators, such as 1,234.5; None for others."""
    return Decimal(text.replace(",", "")) if _GROUPED.fullmatch(text) else None


def typed(text: str) -> Decimal | None:
    """The number typed into a cell, perhaps with sign and thousands separators; None for others."""
    return Decimal(text.replace(",", "")) if _TYPED.fullmatch(text) else None


def plain(number: Decimal) -> Decimal | int:
    """The number without trailing zeros."""
    return int(number) if number == number.to_integral_value() else number.normalize()


def json(number: Decimal | int) -> int | float:
    """The number for a JSON Schema."""
    return int(number) if number == int(number) else float(number)
