"""The pages' messages in Chinese and English, read from `messages.toml`."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from service.errors import Bilingual

_TEXTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["messages"]
MESSAGES = {key: Bilingual(**texts) for key, texts in _TEXTS.items()}


def of(language: str) -> dict[str, str]:
    """Every message in `language`, "zh" or "en", by key; "one|many" are singular and plural."""
    return {key: text.of(language) for key, text in MESSAGES.items()}


def of_scripts(language: str) -> dict[str, str]:
    """The messages that the pages' scripts may show, in `language`: all but those that templates alone name."""
    return {key: MESSAGES[key].of(language) for key in _in_scripts()}


@cache
def _in_scripts() -> list[str]:
    web = Path(__file__).parents[1]
    in_scripts = _named(r"\w+", (web / "static" / "app").rglob("*.js"))
    in_templates = _named(r"(?<=\bw\.)\w+", (web / "templates").rglob("*.html"))
    return [key for key in MESSAGES if key in in_scripts or key not in in_templates]


def _named(pattern: str, files: Iterable[Path]) -> set[str]:
    return {name for file in files for name in re.findall(pattern, file.read_text("utf-8"))}


def counted(language: str, key: str, count: int, **more: object) -> str:
    """A message with its {count} and its other placeholders filled in."""
    one, _, many = MESSAGES[key].of(language).partition("|")
    return (one if count == 1 else many or one).format(count=count, **more)
