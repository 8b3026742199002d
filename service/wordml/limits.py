"""Limits the elements of a document: far more than in any filled form, even with a run for each character."""

from lxml import etree

from service.wordml import W

_MOST = {"*": 250_000, "w:p": 10_000, "w:tbl": 500, "w:tr": 2000, "w:tc": 20_000, "w:r": 50_000}
_IS_TOO_LARGE = etree.XPath(
    " or ".join(f"count(descendant::{name}) > {most}" for name, most in _MOST.items()),
    namespaces={"w": W[1:-1]},
)


def is_too_large(root: etree._Element) -> bool:
    """Whether a part has more paragraphs, tables, rows, cells, runs or elements than any filled form."""
    return bool(_IS_TOO_LARGE(root))
