"""Checks that each field is printed at its own label; detects swapped tags."""

import re
from collections.abc import Container, Iterator, Sequence

from schemas.tree import Path, walk
from service.catalog import Edition
from service.errors import Bilingual
from service.extraction.boxes.passages import passages
from service.extraction.characters import label
from service.extraction.extraction_result import in_paragraph, in_table
from service.extraction.skeleton import Skeleton, Slot, cut, fixed, has_mark, skeleton
from service.extraction.word_document import Cell, TableRow
from service.template_tags.lint_fault import LintFault

_HEADS = "·"


def faults(edition: Edition) -> Iterator[LintFault]:
    """The fields printed at the label of another field. Requires a renderable template."""
    form, titles = skeleton(edition), _titles(edition)
    yield from _boxes(form)
    groups = {label(field.title) for _, field in walk(edition.schema) if field.inside}
    for number, paragraph in enumerate(form.document.paragraphs, 1):
        for label_text, slot in _inside(paragraph.text, "", form):
            yield from _fault(slot, label_text, titles, in_paragraph(number))
    for table in form.document.tables:
        for at, row in enumerate(table.rows, 1):
            heads = (each.cells for each in reversed(table.rows[: at - 1]) if not has_mark(each.text))
            above = next(heads, ())
            for cell, label_text, slot in _in_row(row, above, form, groups):
                yield from _fault(slot, label_text, titles, in_table(table.number, at, cell))


def _boxes(form: Skeleton) -> Iterator[LintFault]:
    """The boxes beside another option's words."""
    for place, text in _texts(form):
        for part in passages(text, form.slots)[0]:
            for key, words in zip(part.keys, part.options, strict=True):
                option = next(each for each in part.slot.field.options if each.key == key)
                if not words and re.search(r"\w", fixed(text)):
                    tag = f"{{{{ {'.'.join((*part.slot.path, key))} }}}}"
                    zh, en = f"旁边不是“{option.words}”", f"not beside the words {option.words}"
                    yield LintFault("other_label", place, tag, Bilingual(zh, en))


def _texts(form: Skeleton) -> Iterator[tuple[Bilingual, str]]:
    """The paragraphs and cells with fields, and their places."""
    for number, paragraph in enumerate(form.document.paragraphs, 1):
        if has_mark(paragraph.text):
            yield in_paragraph(number), paragraph.text
    for table in form.document.tables:
        for at, row in enumerate(table.rows, 1):
            for number, cell in enumerate(row.cells, 1):
                if has_mark(cell.text):
                    yield in_table(table.number, at, number), cell.text


def _titles(edition: Edition) -> dict[str, list[Path]]:
    """The paths of the fields and groups by title."""
    titles: dict[str, list[Path]] = {}
    for path, field in walk(edition.schema):
        titles.setdefault(label(field.title), []).append(path)
    return titles


def _inside(text: str, before: str, form: Skeleton) -> Iterator[tuple[str, Slot]]:
    """Each field of a text with the words before it, or with the label `before` the text."""
    pieces = cut(text)
    for words, mark in zip(pieces[::2], pieces[1::2], strict=False):
        yield label(words) or before, form.slots[mark]


def _in_row(
    row: TableRow, above: Sequence[Cell], form: Skeleton, groups: Container[str]
) -> Iterator[tuple[int, str, Slot]]:
    """Each field of a row with its cell, from 1, and each label that applies to it.

    That is the label before it or at the head of its column, and the row's labels of `groups`.
    """
    labels: list[str] = []
    for number, cell in enumerate(row.cells, 1):
        if not has_mark(cell.text):
            labels.append(label(cell.text))
            continue
        head = above[number - 1].text if not labels and len(above) == len(row.cells) else ""
        for words, slot in _inside(cell.text, labels[-1] if labels else label(head), form):
            yield from (
                (number, label_text, slot)
                for label_text in (words, *filter(groups.__contains__, labels[:-1]))
            )


def _fault(
    slot: Slot, label_text: str, titles: dict[str, list[Path]], place: Bilingual
) -> Iterator[LintFault]:
    """A fault if `label_text` is the title of other fields, or of a group without the field.

    The place of a picture rarely has a label: what is beside it is another field's. A title may name the
    heads of row and column, as 合计·金额.
    """
    paths = titles.get(label_text, [])
    own = [*map(label, slot.field.title.split(_HEADS)), label(slot.field.title)]
    if (
        slot.field.place
        or label_text in own
        or not paths
        or any(slot.path[: len(path)] == path for path in paths)
    ):
        return
    meant = "、".join(".".join(map(str, path)) for path in paths)
    message = Bilingual(f"标签“{label_text}”是 {meant} 的", f"the label {label_text} belongs to {meant}")
    yield LintFault("other_label", place, f"{{{{ {'.'.join(slot.path)} }}}}", message)
