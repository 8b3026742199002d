"""The base of JSON request bodies that are no payloads: every error at once, with a name for people."""

from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

from marshmallow import Schema, ValidationError, validate

from service.errors import Bilingual, FieldError, InvalidPayload
from service.payload_json import pointer
from service.web.http.json_fields import OfEdition, integer

OBJECT = Bilingual("应为 JSON 对象。", "Must be a JSON object.")
TEXT = Bilingual("应为文字。", "Must be a text.")
YEAR = Bilingual("应为四位年份，或 null。", "Must be a year, or null.")
_UNKNOWN = Bilingual("没有这一项，请删去。", "There is no such field: remove it.")


def where(fits: Callable[[Any], bool]) -> Callable[[Any], None]:
    """A validator that accepts what fits."""

    def check(value: Any) -> None:
        if not fits(value):
            raise ValidationError("invalid")

    return check


def optional_year(example: Any = OfEdition.YEAR, about: str = "") -> Any:
    """Field of a year of four digits; None by default."""
    fits = validate.Range(1000, 9999)
    return integer(example, about, strict=True, load_default=None, allow_none=True, validate=fits)


class RequestBody(Schema):
    """A body whose fields are named in `names`: each its name for people, and what it must be."""

    names: ClassVar[dict[str, tuple[str, Bilingual]]] = {}

    def handle_error(self, error: ValidationError, data: Any, **_: Any) -> NoReturn:
        """Raises InvalidPayload with every error of the body's own fields."""
        if not isinstance(data, dict):
            raise InvalidPayload((FieldError("", "请求", "not_an_object", OBJECT),)) from error
        wrong: Any = error.messages
        unknown = [
            FieldError(pointer((name,)), "请求", "unknown_field", _UNKNOWN)
            for name in data
            if name in wrong and name not in self.names
        ]
        known = [
            FieldError(pointer((name,)), label, "required" if data.get(name) is None else "invalid", message)
            for name, (label, message) in self.names.items()
            if name in wrong
        ]
        raise InvalidPayload((*unknown, *known)) from error
