"""Declares settings: environment variable, default, parser and help of a dataclass field."""

import dataclasses
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self
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
        "help": Bilingual(zh, en),
        "secret": secret,
        "documented": documented or default,
    }
    return dataclasses.field(repr=not secret, metadata=about | ({"parse": parse} if parse else {}))


@dataclass(frozen=True)
class Environment:
    """A dataclass of settings, read from the environment and written to it."""

    @classmethod
    def declared(cls) -> tuple[Setting, ...]:
        """The settings, each declared by a field."""
        return tuple(
            Setting(field.name, **{"parse": _PARSERS.get(field.type), **field.metadata})
            for field in dataclasses.fields(cls)
        )

    @classmethod
    def from_env(cls, values: Mapping[str, str] | None = None) -> Self:
        """The settings of `values` by name; by default those of the process's environment.

        Raises UsageError for a value that cannot be read, or a name that is no setting.
        """
        given = cls.environment() if values is None else values
        if unknown := sorted(set(given) - {each.name for each in cls.declared()}):
            raise UsageError(
                f"没有这个设置：{'、'.join(unknown)}。执行 kexie-forms doctor --settings 查看全部设置。",
                f"No such setting: {', '.join(unknown)}. See kexie-forms doctor --settings.",
            )
        return cls(**{each.field: each.value(given.get(each.name)) for each in cls.declared()})

    @staticmethod
    def environment() -> dict[str, str]:
        """The settings that the process's environment gives, by name."""
        return {name: value for name, value in os.environ.items() if name.startswith("KEXIE_")}

    @staticmethod
    def given(name: str) -> str:
        """The text that the process's environment gives for one setting, "" for none."""
        return os.environ.get(name, "")

    def as_env(self, *, secrets: bool = True) -> dict[str, str]:
        """The settings as `from_env` reads them, by name; without `secrets`, no passwords."""
        return {
            each.name: each.write(getattr(self, each.field))
            for each in self.declared()
            if secrets or not each.secret
        }


def public(url: str) -> str:
    """A URL without user, password, query and fragment, safe to print."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
