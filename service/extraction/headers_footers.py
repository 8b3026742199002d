"""The headers and footers of a document, section by section (ECMA-376 part 1, 17.10)."""

from functools import cached_property

from lxml import etree

from service.errors import Bilingual
from service.extraction.word_document import Document
from service.wordml import W, is_on
from service.wordml.word_package import MAIN, R, part, relations

_SETTINGS = "word/settings.xml"
_WHICH = {"default": ("", ""), "first": ("首页", " of the first page"), "even": ("偶数页", " of even pages")}
_KINDS = {"header": ("页眉", "header"), "footer": ("页脚", "footer")}
#: Each kind of header and footer with its name.
NAMES = {
    (kind, which): Bilingual(f"{which_zh}{zh}", f"the {en}{which_en}")
    for kind, (zh, en) in _KINDS.items()
    for which, (which_zh, which_en) in _WHICH.items()
}


def sections(document: Document) -> list[etree._Element]:
    """The `w:sectPr` of each section (17.6)."""
    return list(document.element.iterfind(f"{W}body/{W}p/{W}pPr/{W}sectPr")) + list(
        document.element.iterfind(f"{W}body/{W}sectPr")
    )


class HeadersFooters:
    """The effective headers and footers of a document by section."""

    def __init__(self, document: Document) -> None:
        self._parts, self._display = document.parts, document.display
        self._sections = sections(document)
        self._roots: dict[str, etree._Element | None] = {}

    def names(self, kind: str, which: str) -> list[str | None]:
        """The part of each section's header or footer (`kind`) for default, first or even pages (`which`)."""
        names, last = [], None
        for section in self._sections:
            last = self._reference(section, kind, which) or last
            is_used = which == "default" or (
                self._even if which == "even" else is_on(section.find(W + "titlePg"))
            )
            names.append(self._targets.get(last) if is_used and last else None)
        return names or [None]

    def root(self, name: str | None) -> etree._Element | None:
        """The root of a header or footer as Word displays it. Raises UnreadableDocument."""
        if name is None:
            return None
        if name not in self._roots:
            root = self._roots[name] = part(self._parts, name)
            if root is not None:
                self._display.rewrite(root, name)
        return self._roots[name]

    @cached_property
    def _targets(self) -> dict[str, str]:
        return relations(self._parts, MAIN)

    @cached_property
    def _even(self) -> bool:
        settings = part(self._parts, _SETTINGS)
        return settings is not None and is_on(settings.find(W + "evenAndOddHeaders"))

    def _reference(self, section: etree._Element, kind: str, which: str) -> str | None:
        references = section.iterchildren(f"{W}{kind}Reference")
        return next(
            (each.get(R + "id") for each in references if each.get(W + "type", "default") == which), None
        )
