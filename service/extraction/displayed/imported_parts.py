"""Puts a remark in the place of each part that Word imports on opening: `w:altChunk`, `w:subDoc`."""

from lxml import etree, html

from service.extraction.displayed.remarks import remark
from service.wordml import W
from service.wordml.package import R, relations

_WEB = (".html", ".htm", ".xhtml")
_MOST = 100_000  # bytes that are looked at
_INVISIBLE = ("head", "script", "style", "title")


def replace(root: etree._Element, parts: dict[str, bytes], name: str) -> None:
    """Replaces each import in the part `name` by a remark with the beginning of its text, or its name."""
    imports = list(root.iter(W + "altChunk", W + "subDoc"))
    targets = relations(parts, name) if imports else {}
    for element in imports:
        target = targets.get(element.get(R + "id", ""), "")
        made, parent = remark("imported_part", _text(target, parts.get(target, b""))), element.getparent()
        if parent is None:
            continue
        if next(element.iterancestors(W + "p"), None) is None:
            paragraph = etree.Element(W + "p")
            paragraph.append(made)
            made = paragraph
        parent.replace(element, made)


def _text(name: str, content: bytes) -> str:
    kind, beginning = name.lower(), content[:_MOST]
    if kind.endswith(".txt"):
        return beginning.decode("utf-8-sig", "replace")
    if kind.endswith(_WEB):
        return _words(beginning) or name
    return name.rpartition("/")[2]


def _words(page: bytes) -> str:
    """The text of an HTML page in one line."""
    try:
        root = html.document_fromstring(page)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    etree.strip_elements(root, etree.Comment, *_INVISIBLE, with_tail=False)
    return " ".join(" ".join(map(str, root.itertext())).split())
