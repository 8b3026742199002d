"""The pages' messages in Chinese and English, read from `messages.toml`."""

import re
import tomllib
from functools import cache
from pathlib import Path

from service.errors import Bilingual

_TEXTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["messages"]
MESSAGES = {key: Bilingual(**texts) for key, texts in _TEXTS.items()}


def of(language: str) -> dict[str, str]:
    """Every message in `language`, "zh" or "en", by key; "one|many" are singular and plural."""
    return {key: text.of(language) for key, text in MESSAGES.items()}


@cache
def of_scripts(language: str, *folders: str) -> dict[str, str]:
    """The messages that scripts in these folders of `static/app`, or in all, name; in `language`."""
    scripts = Path(__file__).parents[1] / "static" / "app"
    found = (path for folder in folders or (".",) for path in (scripts / folder).rglob("*.js"))
    named = {word for path in found for word in re.findall(r"\w+", path.read_text("utf-8"))}
    return {key: text for key, text in of(language).items() if key in named}


def counted(language: str, key: str, count: int, **more: object) -> str:
    """A message with its {count} and its other placeholders filled in."""
    one, _, many = MESSAGES[key].of(language).partition("|")
    return (one if count == 1 else many or one).format(count=count, **more)
