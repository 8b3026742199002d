"""The base of all errors, and what an error lists of a payload."""

import re
from dataclasses import dataclass
from typing import ClassVar

from schemas.bilingual import Bilingual


@dataclass(frozen=True)
class FieldError:
    """One error in a payload: its place (JSON Pointer, RFC 6901; official label), cause and remedy.

    `at` is the pointer of the field to correct, if it differs: the longest of texts over a common limit.
    """

    pointer: str
    label: str
    code: str
    message: Bilingual
    at: str = ""

    @property
    def shown_at(self) -> str:
        """The pointer of the field at which people see the error."""
        return self.at or self.pointer

    def as_dict(self, lang: str = "zh") -> dict[str, str]:
        """The error as the API prints it, its message in `lang`."""
        return {
            "pointer": self.pointer,
            "label": self.label,
            "code": self.code,
            "message": self.message.of(lang),
        }


@dataclass(frozen=True)
class Remarks:
    """What is unlikely in a payload, and what it lacks of a complete application; neither is an error."""

    advice: tuple[FieldError, ...] = ()
    missing: tuple[FieldError, ...] = ()

    def as_dict(self, lang: str = "zh") -> dict[str, list[dict[str, str]]]:
        """Both lists as the API prints them, their messages in `lang`."""
        lists = {"advice": self.advice, "missing": self.missing}
        return {name: [each.as_dict(lang) for each in found] for name, found in lists.items()}


class KexieError(Exception):
    """Base of every expected error: `title` names the kind, `text` is the cause and the remedy.

    `errors` lists each error of the data, if any. A subclass passes in its class statement what differs from
    its base: `zh` and `en` are its title; with a title it gets a code, by default from its name.
    """

    code: ClassVar[str] = "internal_error"
    exit_code: ClassVar[int] = 1
    status: ClassVar[int] = 500
    title: ClassVar[Bilingual] = Bilingual("服务内部错误", "Internal error")
    retry_after: int = 5  # seconds to wait before retrying, for statuses that allow it
    remarks: Remarks | None = None  # on a payload that was refused

    def __init_subclass__(
        cls, code: str = "", status: int = 0, exit_code: int = 0, zh: str = "", en: str = ""
    ) -> None:
        if zh:
            cls.title = Bilingual(zh, en)
            cls.code = code or re.sub("(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()
        cls.status, cls.exit_code = status or cls.status, exit_code or cls.exit_code

    def __init__(self, zh: str, en: str, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(zh)
        self.text = Bilingual(zh, en)
        self.errors = errors
