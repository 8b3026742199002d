"""Declares settings: environment variable, default, parser and help of a dataclass field."""

import dataclasses
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from service.config import parsers
from service.errors import Bilingual, UsageError

_PARSERS: dict[Any, Callable[[str], Any]] = {
    int: parsers.positive_int,
    float: parsers.positive_float,
    bool: parsers.flag,
    str: str,
    str | None: parsers.text,
}


@dataclass(frozen=True)
class Setting:
    """One setting: its field of `Settings`, its default as written in the environment, parser and help."""

    field: str
    default: str
    parse: Callable[[str], Any]
    help: Bilingual
    secret: bool  # may contain a password: its value is never printed
    documented: str  # default in the reference, if it depends on the machine

    @property
    def name(self) -> str:
        """The environment variable."""
        return f"KEXIE_{self.field.upper()}"

    def value(self, text: str | None) -> Any:
        """Parses a text, or the default if it is empty. Raises UsageError."""
        text = text or self.default
        try:
            return self.parse(text)
        except ValueError:
            pass
        zh, en = ("", "") if self.secret else (f"“{text}”", f" '{text}'")
        raise UsageError(
            f"设置 {self.name} 的值{zh}无效（{self.help.zh}）。",
            f"Setting {self.name} has an invalid value{en} ({self.help.en}).",
        )

    @staticmethod
    def write(value: Any) -> str:
        """Formats a value as `parse` reads it."""
        if value is None:
            return ""
        if isinstance(value, tuple):
            return os.pathsep.join(map(str, value))
        if isinstance(value, frozenset):
            return ",".join(sorted(value))
        return str(int(value)) if isinstance(value, bool) else str(value)


def setting(
    default: str,
    zh: str,
    en: str,
    *,
    parse: Callable[[str], Any] | None = None,
    secret: bool = False,
    documented: str = "",
) -> Any:
    """A dataclass field that declares a setting, by default parsed as the type of the field."""
    about = {
        "default": default,
        "parse": parse,
        "help": Bilingual(zh, en),
        "secret": secret,
        "documented": documented or default,
    }
    return dataclasses.field(repr=not secret, metadata=about)


def declared(field: dataclasses.Field[Any]) -> Setting:
    """The setting that a field declares."""
    about = {**field.metadata, "parse": field.metadata["parse"] or _PARSERS[field.type]}
    return Setting(field.name, **about)


def public(url: str) -> str:
    """A URL without user, password, query and fragment, safe to print."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
