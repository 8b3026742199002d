"""A text pasted into a field, tidied: as it is printed, and without signs of the file that it comes from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from marshmallow import ValidationError

from schemas.bilingual import Bilingual
from schemas.fields import Leaf
from schemas.tree import ROW, Path, any_row, walk
from schemas.white_space import INDENTS
from service.catalog import Edition
from service.character_notices import notice
from service.errors import UsageError
from service.forms import template_indents
from service.payload_json import pointer
from service.submission import place

_SPACE = "[ \t\u3000]*"
_HAN = "一二三四五六七八九十"
_NUMBER = rf"(?:[0-9]{{1,2}}[.．、)）]|[（(](?:[0-9]{{1,2}}|[{_HAN}]{{1,3}})[)）]|[{_HAN}]{{1,3}}、)"
# The bullets of Word, those of its symbol fonts included; □ is a box of forms.
_BULLET = "[\u2022\u2023\u2043\u25a0\u25aa\u25ab\u25cb\u25cf\u25c6\uf06c\uf06e\uf075\uf0a7\uf0b7\uf0d8\uf0fc]"
#: Marks of Word's cells, pictures and notes, which no form can hold.
_MARKS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_MARKS_REMOVED = Bilingual(
    "单元格、图片等的标记 {count} 个，已删去。",
    "Marks of cells, pictures and the like, {count} in all: removed.",
)
#: What is replaced at the start of a line, by what, and what is said of it.
_RULES = (
    (
        re.compile(rf"^{_SPACE}(?:{_BULLET}{_SPACE}|[o·]{_SPACE}\t{_SPACE})", re.MULTILINE),
        "",
        Bilingual("列表符号 {count} 处，已删去。", "List bullets, {count} in all: removed."),
    ),
    (
        re.compile(rf"^({_SPACE}{_NUMBER})[ \u3000]*\t{_SPACE}", re.MULTILINE),
        r"\1",
        Bilingual("编号后的制表符 {count} 处，已删去。", "Tabs behind numbers, {count} in all: removed."),
    ),
    (
        re.compile(rf"(?<=\n){_SPACE}\n"),
        "",
        Bilingual("空行 {count} 行，已删去。", "Blank lines, {count} in all: removed."),
    ),
)
_HEADING = re.compile(rf"(?:{_NUMBER})?(.+?)[:：]?")


class Part(NamedTuple):
    """The text below the label of a field."""

    pointer: str
    label: str
    text: str


@dataclass(frozen=True)
class TidiedText:
    """The text, what was changed, and its parts if the labels of several fields are headings in it."""

    text: str
    changes: tuple[Bilingual, ...]
    parts: tuple[Part, ...]


def tidied(edition: Edition, at: str, text: str) -> TidiedText:
    """A text pasted into the long text at a JSON Pointer. Raises UsageError if there is none."""
    path, field = _field(edition, at)
    text, marks = _MARKS.subn("", text)
    changes = [_counted(_MARKS_REMOVED, marks)] if marks else []
    try:
        changes += [notice(each, *place(edition, path)).message for each in field.changes(text)]
    except ValidationError:  # `validate` says what is wrong with it
        return TidiedText(text, tuple(changes), ())
    plain = field.plain(text)
    for pattern, by, message in _RULES:
        plain, count = pattern.subn(by, plain)
        if count:
            changes.append(_counted(message, count))
    if indented := template_indents.redundant(edition, path, field, plain):
        plain = INDENTS.stripped(plain)
        changes += [notice(each, *place(edition, path)).message for each in indented]
    return TidiedText(plain, tuple(changes), tuple(_parts(edition, plain)))


def _counted(message: Bilingual, count: int) -> Bilingual:
    return Bilingual(message.zh.format(count=count), message.en.format(count=count))


def _field(edition: Edition, at: str) -> tuple[Path, Leaf]:
    path = tuple(int(key) if re.fullmatch("[0-9]{1,9}", key) else key for key in at.split("/")[1:])
    wanted = any_row(path)
    for known, field in walk(edition.schema):
        if known == wanted and field.inside is None and field.shape == "lines":
            return path, field
    raise UsageError(
        f"pointer 应为长文本栏目的 JSON Pointer，“{at}”不是。",
        f"pointer must be the JSON Pointer of a long text, which '{at}' is not.",
    )


def _parts(edition: Edition, text: str) -> Iterator[Part]:
    """The texts below headings that are the labels of different fields; none unless a heading comes first."""
    labels = _labels(edition)
    found: list[tuple[str, list[str]]] = []
    for line in text.strip("\n").split("\n"):
        match = _HEADING.fullmatch("".join(line.split()))
        if match and match[1] in labels:
            found.append((match[1], []))
        elif not found:
            return
        else:
            found[-1][1].append(line)
    if len(found) > 1 and len({label for label, _ in found}) == len(found):
        yield from (Part(labels[label], label, "\n".join(lines)) for label, lines in found)


def _labels(edition: Edition) -> dict[str, str]:
    """The pointers of the long texts outside tables by their labels, if no other field has these."""
    titles = [each.title for _, each in walk(edition.schema)]
    return {
        field.title: pointer(path)
        for path, field in walk(edition.schema)
        if field.inside is None
        and field.shape == "lines"
        and ROW not in path
        and titles.count(field.title) == 1
    }
