"""White space before paragraphs of a text where the template indents them already."""

from itertools import count
from typing import Any

from schemas.fields import Leaf
from schemas.tree import Path, any_row, build
from schemas.white_space import INDENTS, Change
from service.forms.edition import Edition
from service.object_cache import object_cache
from service.wordml import PlacedParagraph, paragraphs, word_package
from service.wordml.first_line import indents_first_line
from service.wordml.styles import Styles

_FIRST_MARK = 0xF0000  # plane 15, for private use


def redundant(edition: Edition, path: Path, field: Leaf, value: Any) -> list[Change]:
    """The white space that INDENTS removes from a submission's value, if any. Raises TemplateFault."""
    found = INDENTS.removed(value) if field.shape == "lines" and value else []
    return found if found and any_row(path) in _indented(edition, edition.template_hash) else []


@object_cache
def _indented(edition: Edition, template_hash: str) -> frozenset[Path]:
    """The texts of which the template indents each paragraph."""
    marks: dict[str, Path] = {}
    numbers = count(_FIRST_MARK)

    def shown(path: Path, field: Leaf) -> Any:
        if field.shape != "lines":
            return field.shown(None)
        marks[mark := chr(next(numbers))] = path
        return [mark]

    parts = word_package.opened(edition.template.render(build(edition.schema, shown)))
    styles = Styles(lambda name: word_package.part(parts, name))
    indented: dict[Path, bool] = {}
    for each in _paragraphs(parts):
        for mark in marks.keys() & set(each.text):
            leads = _leads(each, mark, styles)
            indented[marks[mark]] = leads and indented.get(marks[mark], True)
    return frozenset(path for path, always in indented.items() if always)


def _paragraphs(parts: dict[str, bytes]) -> list[PlacedParagraph]:
    root = word_package.part(parts, word_package.MAIN)
    return [] if root is None else paragraphs(root)


def _leads(paragraph: PlacedParagraph, mark: str, styles: Styles) -> bool:
    """Whether a text begins its paragraph behind an indent, be it white space that the template prints."""
    before = paragraph.text.partition(mark)[0]
    return not before.strip() and (before != "" or indents_first_line(styles, paragraph.element))
