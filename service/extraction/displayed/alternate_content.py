"""Chooses the branch of each `mc:AlternateContent` that Word displays (ECMA-376 part 3, 7.5)."""

import re

from lxml import etree

from service.extraction.displayed.left_out_text import leave
from service.wordml import W

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_W16SE = "{http://schemas.microsoft.com/office/word/2015/wordml/symex}"
_TEXTS = [
    W + "t",
    "{http://schemas.openxmlformats.org/drawingml/2006/main}t",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}t",
]
_TEXT_PATH = "{urn:schemas-microsoft-com:vml}textpath"
_IGNORED = dict.fromkeys(map(ord, "\ufe0e\ufe0f\u200b"))  # emoji presentation, as Word adds it
# What Word understands: the namespaces of the standard, and its own up to 2023.
_KNOWN = re.compile(
    "http://schemas.openxmlformats.org/.*|urn:schemas-microsoft-com:.*"
    "|http://schemas.microsoft.com/office/(?:word|drawing)/20(?:0[0-9]|1[0-9]|2[0-3])/.*"
)


def choose(root: etree._Element) -> None:
    """Puts the content of the chosen branch in the place of each choice; remarks on text that differs."""
    for choices in reversed(list(root.iter(_MC + "AlternateContent"))):  # the innermost first
        branches = [each for each in choices if each.tag in (_MC + "Choice", _MC + "Fallback")]
        chosen = next(filter(_is_displayed, branches), None)
        text = "" if chosen is None else words(chosen)
        for other in branches:
            if other is not chosen and words(other) not in ("", text):
                leave(choices, chosen, "alternative_text", words(other))
        _replace(choices, [] if chosen is None else list(chosen))


def symbol_code(element: etree._Element) -> tuple[str, str] | None:
    """Font and code of a `w:sym` (17.3.3.30) or `w16se:symEx` ([MS-DOCX] 2.6.3); None for others."""
    for space, name in ((W, "sym"), (_W16SE, "symEx")):
        if element.tag == space + name:
            return element.get(space + "font", ""), element.get(space + "char", "")
    return None


def words(element: etree._Element) -> str:
    """The text below an element without white space; symbols by their codes."""
    pieces = []
    for each in element.iter():
        if each.tag in _TEXTS:
            pieces.append(each.text or "")
        elif each.tag == _TEXT_PATH:
            pieces.append(each.get("string", ""))
        elif isinstance(each.tag, str) and (symbol := symbol_code(each)):
            pieces.append(_character(symbol[1]))
    return "".join("".join(pieces).translate(_IGNORED).split())


def _character(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return code


def _is_displayed(branch: etree._Element) -> bool:
    """Whether Word takes a branch: the first of known namespaces, or the fallback."""
    if branch.tag == _MC + "Fallback":
        return True
    spaces = [branch.nsmap.get(prefix, "") for prefix in branch.get("Requires", "").split()]
    return bool(spaces) and all(map(_KNOWN.fullmatch, spaces))


def _replace(choices: etree._Element, content: list[etree._Element]) -> None:
    parent = choices.getparent()
    if parent is not None:
        at = parent.index(choices)
        parent[at : at + 1] = content
