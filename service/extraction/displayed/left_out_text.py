"""Remarks in a document's tree on text that was left out when it was rewritten."""

from collections.abc import Iterable

from lxml import etree

from service.wordml import W

REMARK = "{urn:kexie-forms:reading}remark"
_CODES = {"alternative_text", "bound_text", "bound_unknown", "imported_part"}
_ENOUGH = 100  # characters of a quotation, of which a message shows 60


def beginning(texts: Iterable[str | None]) -> str:
    """As much of some texts, a space between them, as a message shows: they may be long, and quoted often."""
    line = ""
    for text in filter(None, texts):
        line = f"{line} {text.strip()[:_ENOUGH]}".strip()
        if len(line) >= _ENOUGH:
            return f"{line[:_ENOUGH]}……"
    return line


def remark(code: str, text: str) -> etree._Element:
    """A remark with a warning's code and the beginning of a text."""
    made = etree.Element(REMARK)
    made.set("code", code)
    made.set("text", "".join(character for character in beginning([text]) if character.isprintable()))
    return made


def leave(before: etree._Element, within: etree._Element | None, code: str, text: str) -> None:
    """Puts a remark beside `before` if that is in a paragraph, else into the first paragraph of `within`.

    Without any, the remark becomes a paragraph before `before`.
    """
    made = remark(code, text)
    if next(before.iterancestors(W + "p"), None) is not None:
        before.addprevious(made)
    elif within is not None and (paragraph := next(within.iter(W + "p"), None)) is not None:
        paragraph.append(made)
    else:
        lonely = etree.Element(W + "p")
        lonely.append(made)
        before.addprevious(lonely)


def remarked(element: etree._Element) -> tuple[str, str] | None:
    """The code and text of a remark; None for an element of the same name that a document brought."""
    code = element.get("code", "")
    return (code, element.get("text", "")) if code in _CODES else None
