"""Limits the elements of a document: far more than in any filled form, even with a run for each character."""

from lxml import etree

from service.wordml import W

_MOST_TABLES = {"w:tbl": 500, "w:tr": 2000}
_MOST = {"*": 250_000, "w:p": 10_000, "w:tc": 20_000, "w:r": 50_000}
_FEW = 10_000  # elements, with which a part keeps all of `_MOST`


def _is_any_above(most: dict[str, int]) -> str:
    return " or ".join(f"count(descendant::{name}) > {number}" for name, number in most.items())


_IS_TOO_LARGE = etree.XPath(
    f"{_is_any_above(_MOST_TABLES)} or count(descendant::*) > {_FEW} and ({_is_any_above(_MOST)})",
    namespaces={"w": W[1:-1]},
)


def is_too_large(root: etree._Element) -> bool:
    """Whether a part has more paragraphs, tables, rows, cells, runs or elements than any filled form."""
    return bool(_IS_TOO_LARGE(root))
