"""Finds the text of drawings: text boxes, WordArt, diagrams, formulas; none for pictures."""

from collections.abc import Callable, Iterator

from lxml import etree

from service.extraction.displayed.side_parts import DRAWN, QUOTED
from service.wordml import W

_BOX, _PARAGRAPH = W + "txbxContent", W + "p"
_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_TEXT_PATH = "{urn:schemas-microsoft-com:vml}textpath"  # WordArt of Word 97

#: Reads a paragraph: its text, and whether there is more in it.
Reader = Callable[[etree._Element], tuple[str, bool]]


def drawn_texts(drawing: etree._Element, read: Reader) -> Iterator[str] | None:
    """The text of each box and shape of a drawing that is not blank; None for a picture without any."""
    boxes = [box for box in drawing.iter(_BOX) if next(box.iterancestors(_BOX), None) is None]
    shapes = [each.text or "" for each in drawing.iter(_TEXT)]
    shapes += [each.get("string", "") for each in drawing.iter(_TEXT_PATH)]
    shapes += [each.get(QUOTED, "") for each in drawing.iter(*DRAWN)]
    if not boxes and not any(map(str.strip, shapes)):
        return None
    return _texts(boxes, shapes, read)


def _texts(boxes: list[etree._Element], shapes: list[str], read: Reader) -> Iterator[str]:
    for box in boxes:
        lines = [read(paragraph) for paragraph in box.iter(_PARAGRAPH)]
        text = "\n".join(line for line, _ in lines)
        if text.strip() or any(more for _, more in lines):
            yield text
    if shape := " ".join(filter(None, map(str.strip, shapes))):
        yield shape
