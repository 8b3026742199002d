"""Changes the plan year of a template, a sample or a title."""

import datetime
import io
import json
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from lxml import etree

from service.wordml import paragraphs, parse

_TAG = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}", re.DOTALL)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SPOKEN_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?=年)")
# The digits of a year as forms write them, one character per digit.
_DIGITS = ("0123456789", "０１２３４５６７８９", "〇一二三四五六七八九", "○一二三四五六七八九")


def text(old: str, source: int, to: int) -> str:
    """The text with the year `source` changed to `to`, except in tags; its length is unchanged."""
    masked = _TAG.sub(lambda tag: "\0" * len(tag[0]), old)
    new = list(old)
    for digits in _DIGITS:
        written, wanted = _written(source, digits), _written(to, digits)
        for found in re.finditer(f"(?<![{digits}]){written}(?![{digits}])", masked):
            new[found.start() : found.end()] = wanted
    return "".join(new)


def template(docx: bytes, source: int, to: int) -> bytes:
    """A template with the year changed in all of its text and document properties.

    A year that is split over runs keeps them: each digit is replaced in place.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            content = _part(entry.filename, old.read(entry), source, to)
            fixed = zipfile.ZipInfo(entry.filename, entry.date_time)
            new.writestr(fixed, content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def sample(old: bytes, source: int, to: int) -> bytes:
    """A sample (one JSON value, or one per line) with the years of its dates and texts shifted.

    A 29 February that the new year lacks becomes the 28th. Raises ValueError if it is not JSON.
    """
    content = old.decode("utf-8")
    lines = [line for line in content.splitlines() if line.strip()]
    if len(lines) > 1 and all(line.startswith("{") and line.endswith("}") for line in lines):
        rows = [_moved({**json.loads(line), "year": to}, to - source) for line in lines]
        made = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    else:
        made = json.dumps(_moved(json.loads(content), to - source), ensure_ascii=False, indent=2) + "\n"
    return made.encode()


def _written(year: int, digits: str) -> str:
    return "".join(digits[int(digit)] for digit in str(year))


def _part(name: str, content: bytes, source: int, to: int) -> bytes:
    if not name.endswith(".xml"):
        return content
    root = parse(content)
    if name.startswith("docProps/"):
        runs = [[element] for element in root.iter(etree.Element) if element.text]
    else:
        runs = [paragraph.texts for paragraph in paragraphs(root, name)]
    changed = [_change(elements, source, to) for elements in runs]
    if not any(changed):
        return content
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _change(elements: Sequence[etree._Element], source: int, to: int) -> bool:
    old = "".join(element.text or "" for element in elements)
    new = text(old, source, to)
    at = 0
    for element in elements:
        length = len(element.text or "")
        element.text, at = new[at : at + length], at + length
    return new != old


def _moved(value: Any, years: int) -> Any:
    if isinstance(value, dict):
        return {key: _moved(inner, years) for key, inner in value.items()}
    if isinstance(value, list):
        return [_moved(inner, years) for inner in value]
    if not isinstance(value, str):
        return value
    if _DAY.fullmatch(value):
        return _moved_day(value, years)
    return _SPOKEN_YEAR.sub(lambda found: str(int(found[0]) + years), value)


def _moved_day(value: str, years: int) -> str:
    day = datetime.date.fromisoformat(value)
    try:
        return day.replace(year=day.year + years).isoformat()
    except ValueError:
        return day.replace(year=day.year + years, day=28).isoformat()
