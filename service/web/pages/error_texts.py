"""What pages say of errors whose own text has a way out for programs or administrators only."""

import re
import tomllib
from pathlib import Path

from service.errors import Bilingual, FieldError, KexieError

_TEXTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
PROBLEMS = {code: Bilingual(**texts) for code, texts in _TEXTS["problems"].items()}
FAULTS = {code: Bilingual(**texts) for code, texts in _TEXTS["faults"].items()}
# Both as in `errors.js`
_CAUSE = re.compile(r".*?(。|[.:](?=\s|$)|$)", re.DOTALL)
_NUMBERS = re.compile(r"(?<![”'])(?<!' ) ?[（(]U\+[\dA-F U+]+[）)](\d?)")


def of_problem(error: KexieError, lang: str) -> str:
    """The text of an error on a page in `lang`, "zh" or "en"."""
    return _worded(PROBLEMS.get(error.code), error.text.of(lang), lang)


def of_status(code: str, text: Bilingual, lang: str) -> str:
    """The text on a page of an error of HTTP itself, by its code; `text` is its own one."""
    return PROBLEMS.get(code, text).of(lang)


def of_fault(error: FieldError, lang: str, text: Bilingual | None = None) -> str:
    """The message of an error or a notice of the data; `text` is its own one without what precedes it."""
    worded = _worded(FAULTS.get(error.code), (text or error.message).of(lang), lang)
    return _NUMBERS.sub(lambda found: f" {found[1]}" * bool(found[1]), worded)  # characters named in words


def for_script(lang: str) -> dict[str, dict[str, str]]:
    """The texts in `lang`, by code, for the pages' scripts."""
    tables = {"problems": PROBLEMS, "faults": FAULTS}
    return {name: {code: text.of(lang) for code, text in known.items()} for name, known in tables.items()}


def _worded(text: Bilingual | None, own: str, lang: str) -> str:
    if text is None:
        return own
    found = _CAUSE.match(own)
    cause = found[0] if found else own
    return text.of(lang).replace("{cause}", f"{cause[:-1]}." if cause.endswith(":") else cause)
