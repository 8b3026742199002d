"""Sections and paragraphs that an .odt hides become hidden text, which any .docx made of it keeps."""

from __future__ import annotations

import io
import zipfile

import pytest
from lxml import etree

from service.conversion.libreoffice.hidden_passages import marked
from service.conversion.libreoffice.withheld_pictures import WithheldPictures

NAMES = {
    name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "text", "style", "fo")
}
STYLE = '<style:style style:name="T1" style:family="text"><style:text-properties fo:color="#000000"/>'
STYLES = f"<office:automatic-styles>{STYLE}</style:style></office:automatic-styles>"


def content(body, styles=STYLES):
    declared = " ".join(f'xmlns:{name}="{space}"' for name, space in NAMES.items())
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    return f"<office:document-content {declared}>{styles}{text}</office:document-content>".encode()


def hidden(part):
    """The texts of the spans whose style is not displayed."""
    root = etree.fromstring(part)
    names = root.xpath(
        "//style:style[style:text-properties/@text:display='none']/@style:name", namespaces=NAMES
    )
    spans = root.xpath("//text:span", namespaces=NAMES)
    return ["".join(each.itertext()) for each in spans if each.get(f"{{{NAMES['text']}}}style-name") in names]


LINES = '<text:h>一、</text:h><text:p>甲<text:span text:style-name="T1">乙</text:span>丙</text:p>'


@pytest.mark.parametrize("styles", [STYLES, ""])
@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (f'<text:section text:display="none">{LINES}</text:section>', ["一、", "甲乙丙"]),
        (
            '<text:section text:display="condition" text:condition="ooow:1==1" text:is-hidden="true">'
            f"<text:section>{LINES}</text:section></text:section>",
            ["一、", "甲乙丙"],
        ),
        (
            '<text:p>1<text:hidden-paragraph text:is-hidden="true"/>2</text:p><text:p>3</text:p>',
            ["12"],
        ),
        (f'<text:section text:display="condition" text:is-hidden="false">{LINES}</text:section>', []),
        (f"<text:section>{LINES}</text:section>", []),
    ],
)
def test_what_is_not_shown_is_marked_as_hidden(body, texts, styles):
    part = content(body, styles)
    made = marked(part)
    assert hidden(made) == texts
    assert "".join(etree.fromstring(made).itertext()) == "".join(etree.fromstring(part).itertext())


@pytest.mark.parametrize(
    "part", [b"", b"<is-hidden", b'<a x:display="none"/>', content("").replace(b"text", b"\xff")]
)
def test_a_broken_part_is_left_to_libreoffice(part):
    assert marked(part) == part


def test_the_text_of_an_odt_is_marked_on_its_way_to_libreoffice():
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as written:
        written.writestr("content.xml", content(f'<text:section text:display="none">{LINES}</text:section>'))
    made = WithheldPictures().without(package.getvalue())
    assert hidden(zipfile.ZipFile(io.BytesIO(made)).read("content.xml")) == ["一、", "甲乙丙"]
