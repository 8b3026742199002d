"""Marks hidden sections and paragraphs of an .odt as hidden text: a .docx of LibreOffice would show them."""

from lxml import etree

from service.wordml import parse

#: The part of an .odt with its text.
CONTENT = "content.xml"
_OFFICE, _TEXT, _STYLE = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "text", "style")
)
_MARKS = (b"is-hidden", b":display=")
_NAME = "KexieHidden"
_LINES = (_TEXT + "p", _TEXT + "h")


def marked(content: bytes) -> bytes:
    """The part with a hidden span around the text of each paragraph that is not shown (ODF 1.2, 5.4, 7.7)."""
    if not any(mark in content for mark in _MARKS):
        return content
    try:
        root = parse(content)
    except etree.XMLSyntaxError:
        return content
    hidden = list(dict.fromkeys(_hidden(root)))
    if not hidden:
        return content
    for line in hidden:
        _hide(line)
    styles = root.find(_OFFICE + "automatic-styles")
    if styles is None:
        styles = etree.Element(_OFFICE + "automatic-styles")
        root.insert(0, styles)
    style = etree.SubElement(styles, _STYLE + "style", {_STYLE + "name": _NAME, _STYLE + "family": "text"})
    etree.SubElement(style, _STYLE + "text-properties", {_TEXT + "display": "none"})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _hidden(root: etree._Element) -> list[etree._Element]:
    """The paragraphs of hidden sections, and those that hide themselves."""
    sections = [each for each in root.iter(_TEXT + "section") if _is_hidden(each)]
    within = [line for each in sections for line in each.iter(*_LINES)]
    fields = [each for each in root.iter(_TEXT + "hidden-paragraph") if _is_true(each)]
    lines = (next(each.iterancestors(*_LINES), None) for each in fields)
    return within + [each for each in lines if each is not None]


def _is_hidden(section: etree._Element) -> bool:
    display = section.get(_TEXT + "display", "true")
    return display == "none" or (display == "condition" and _is_true(section))


def _is_true(element: etree._Element) -> bool:
    return element.get(_TEXT + "is-hidden") == "true"


def _hide(line: etree._Element) -> None:
    span = etree.Element(_TEXT + "span", {_TEXT + "style-name": _NAME})
    span.text, line.text = line.text, None
    span.extend(list(line))
    line.append(span)
