"""What every error has: its texts in both languages, its code, exit code and HTTP status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Bilingual:
    """One sentence in the two languages of the service."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} {self.en}"

    def of(self, lang: str) -> str:
        """The sentence in `lang`, "zh" or "en"."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True)
class FieldError:
    """One fault of a payload: where (JSON Pointer, RFC 6901; official label), what, and what to do.

    `at` is the pointer of the field to mend, where that is another: of texts that are too long together,
    the longest.
    """

    pointer: str
    label: str
    code: str
    message: Bilingual
    at: str = ""

    @property
    def shown_at(self) -> str:
        """The pointer of the field at which people are shown the error."""
        return self.at or self.pointer

    def as_dict(self, lang: str = "zh") -> dict[str, str]:
        """The error as the API prints it, its message in `lang`."""
        return {
            "pointer": self.pointer,
            "label": self.label,
            "code": self.code,
            "message": self.message.of(lang),
        }


class KexieError(Exception):
    """Base of every expected error: `title` names the kind, `text` says what happened and what to do.

    `errors` tells each fault of the data, where the error is about data.
    """

    code: ClassVar[str] = "internal_error"
    exit_code: ClassVar[int] = 1
    status: ClassVar[int] = 500
    title: ClassVar[Bilingual] = Bilingual("服务内部错误", "Internal error")
    retry_after: int = 5  # seconds, where another try later is worth it

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.text = Bilingual(zh, en)
        self.errors: tuple[FieldError, ...] = ()
