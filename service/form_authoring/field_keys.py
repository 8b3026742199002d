"""Makes keys of labels: English from the table of common labels, else pinyin; each unique in its group."""

import keyword
import re
import tomllib
import unicodedata
from collections.abc import Collection
from functools import cache
from pathlib import Path

from schemas.form_schema import FormSchema

_TABLE = Path(__file__).with_name("keys.toml")
_LONGEST, _PINYIN = 60, 40  # characters of a key, in English and in pinyin
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_WORDS = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]+")
_JOINED = re.compile("[·的之]")
# Names that mean something in a schema's class or in a template.
_TAKEN = {
    *(*keyword.kwlist, *dir(FormSchema()), "range", "loop", "line", "row", "key", "words"),
    *("true", "false", "none", "named_rows"),
}
_KEY = re.compile(f"[a-z][a-z0-9_]{{0,{_LONGEST - 1}}}")


def key(label: str, taken: Collection[str] = ()) -> str:
    """The key of a label; not one of `taken`."""
    base = _english(label) or _pinyin(label) or "field"
    base = f"{base}_field" if base in _TAKEN else f"field_{base}" if base[0].isdigit() else base
    numbered = (f"{base}_{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(each for each in numbered if each not in taken)


def is_key(key: str) -> bool:
    """Whether a field may have this key."""
    return _KEY.fullmatch(key) is not None and key not in _TAKEN


def class_name(key: str) -> str:
    """The name of a class for a key: BasicInfo for basic_info."""
    return "".join(word[:1].upper() + word[1:] for word in re.split("[_-]+", key))


def _english(label: str) -> str:
    """The key of a known label, or of the known labels that it is made of; "" if it is not."""
    parts = [part for part in _JOINED.split(label) if part]
    found = [_known(part) or _of_two(part) for part in parts]
    joined = "_".join(dict.fromkeys(found)) if all(found) else ""
    return joined if len(joined) <= _LONGEST else ""


def _known(label: str) -> str:
    return _table().get(_plain(label), "") or _table().get(_plain(_BRACKETS.sub("", label)), "")


def _of_two(label: str) -> str:
    """The keys of a label of two known ones, the longer the first the better."""
    words = _plain(_BRACKETS.sub("", label))
    for at in range(len(words) - 2, 1, -1):
        first, second = _table().get(words[:at]), _table().get(words[at:])
        if first and second:
            return f"{first}_{second}"
    return ""


def _pinyin(label: str) -> str:
    """The label's syllables, as many as fit."""
    from pypinyin import lazy_pinyin  # 0.2 s of a start for its tables

    words = _WORDS.sub(" ", _BRACKETS.sub("", label) or label)
    found = [each.lower() for each in lazy_pinyin(words) if each.strip()]
    made = ""
    for each in found:
        spelled = re.sub("[^0-9a-z]+", "", unicodedata.normalize("NFKD", each).replace("ü", "v"))
        if spelled and len(made) + len(spelled) < _PINYIN:
            made += f"_{spelled}" if made else spelled
    return made


def _plain(label: str) -> str:
    return _WORDS.sub("", unicodedata.normalize("NFKC", label)).casefold()


@cache
def _table() -> dict[str, str]:
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {_plain(label): key for key, labels in table.items() for label in labels}
