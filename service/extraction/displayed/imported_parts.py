"""Puts a remark in the place of each part that Word imports on opening: `w:altChunk`, `w:subDoc`."""

import re

from lxml import etree, html

from service.extraction.displayed.left_out_text import beginning, remark
from service.wordml import W
from service.wordml.word_package import R, relations

_WEB = (".html", ".htm", ".xhtml")
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_BIG5 = re.compile(rb"charset\s*=\s*[\"']?big5", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*>")
_HEAD = 2000  # bytes in which a page declares its encoding
_CUT = 4  # bytes at the end that may be a part of a character
_MOST = 100_000  # bytes that are looked at
_INVISIBLE = ("head", "script", "style", "title")


class ImportedParts:
    """The parts that a document imports, each read once, however often it is imported."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self._parts = parts
        self._texts: dict[str, str] = {}

    def replace(self, root: etree._Element, name: str) -> None:
        """Replaces each import in the part `name` by a remark with the beginning of its text, or its name."""
        imports = list(root.iter(W + "altChunk", W + "subDoc"))
        targets = relations(self._parts, name) if imports else {}
        for element in imports:
            target = targets.get(element.get(R + "id", ""), "")
            made, parent = remark("imported_part", self._text(target)), element.getparent()
            if parent is None:
                continue
            if next(element.iterancestors(W + "p"), None) is None:
                paragraph = etree.Element(W + "p")
                paragraph.append(made)
                made = paragraph
            parent.replace(element, made)

    def _text(self, target: str) -> str:
        if target not in self._texts:
            self._texts[target] = beginning([_text(target, self._parts.get(target, b""))])
        return self._texts[target]


def _text(name: str, content: bytes) -> str:
    kind, start = name.lower(), content[:_MOST]
    if kind.endswith(".txt"):
        return _decoded(start)
    if kind.endswith(_WEB):
        return _words(_decoded(start)) or name
    return name.rpartition("/")[2]


def _decoded(text: bytes) -> str:
    """The beginning of a text by its byte order mark, else as Big5 if it says so, UTF-8, or GB 18030."""
    marked = [encoding for mark, encoding in _MARKS.items() if text.startswith(mark)]
    declared = ["big5"] if _BIG5.search(text[:_HEAD]) else []
    for encoding in (*marked, *declared, "utf-8"):
        try:
            return str(text, encoding)
        except UnicodeDecodeError as error:
            if error.start >= _MOST - _CUT:
                return str(text[: error.start], encoding)
    return str(text, "gb18030", "replace")


def _words(page: str) -> str:
    """The text of an HTML page in one line."""
    try:
        root = html.document_fromstring(_DECLARATION.sub("", page, count=1))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    etree.strip_elements(root, etree.Comment, *_INVISIBLE, with_tail=False)
    return " ".join(" ".join(map(str, root.itertext())).split())
