"""Pieces of dress that put text elsewhere: other parts, drawings, data, form fields, marks by hand."""

from __future__ import annotations

import copy
from xml.sax.saxutils import escape

from tests.helpers.docx_read import W
from tests.helpers.hand_made import OFFICE, WHO, control, elements, field, part, retype, t

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_TICKS = {  # as people draw ☑ and □: characters, and keys of symbol fonts
    "☑": [
        "√",
        "✓",
        "■",
        ("Wingdings 2", "52"),
        ("Wingdings 2", "50"),
        ("Wingdings", "FE"),
        ("Wingdings", "FC"),
    ],
    "□": ["☐", "○", ("Wingdings 2", "A3"), ("Wingdings", "6F"), ("Wingdings", "A8")],
}
_SHAPE = (
    '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="900000" cy="300000"/>'
    '<wp:docPr id="9" name="框"/><a:graphic><a:graphicData uri="{wps}"><wps:wsp><wps:cNvSpPr txBox="1"/>'
    '<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="300000"/></a:xfrm><a:prstGeom prst="rect"/>'
    "</wps:spPr><wps:txbx><w:txbxContent><w:p>{0}</w:p></w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
    "</a:graphicData></a:graphic></wp:inline></w:drawing>"
).replace("{wps}", "http://schemas.microsoft.com/office/word/2010/wordprocessingShape")
_OLD_SHAPE = (
    '<w:pict><v:rect style="width:71pt;height:24pt"><v:textbox><w:txbxContent><w:p>{0}</w:p></w:txbxContent>'
    "</v:textbox></v:rect></w:pict>"
)
_DIAGRAM = (
    '<w:drawing><wp:inline><a:graphic><a:graphicData uri="x"><dgm:relIds r:dm="{0}"/>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing>"
)


def _text(run):
    return run.find(W + "t").text


def _instead(run, markup):
    """Puts markup in the place of a run."""
    for piece in elements(markup):
        run.addprevious(piece)
    run.getparent().remove(run)


def _beside_or_instead(run, dresser, markup, other):
    """Puts markup with the run's text in its place, or with another text beside it."""
    if dresser.rng.random() < 0.5:
        _instead(run, markup(t(_text(run))))
    else:
        run.addnext(elements(markup(t(other)))[0])


def in_an_import(run, dresser):
    name = f"word/chunk{len(dresser.worn)}.html"
    page = f"<html><body>{escape(_text(run))}</body></html>".encode()
    made = dresser.paper.add_part(name, page, "aFChunk", "text/html")
    next(run.iterancestors(W + "p")).addnext(elements(f'<w:altChunk r:id="{made}"/>')[0])
    if dresser.rng.random() < 0.5:
        run.getparent().remove(run)


def bound_to_data(run, dresser):
    """Binds the run to data: to its own text, another, none, or by a path that leads nowhere."""
    text, number = _text(run), len(dresser.worn)
    bound = dresser.rng.choice([text, "别的", ""])
    store = f"{{0AB1C2D3-0000-4000-8000-{number:012}}}"
    add, folder = dresser.paper.add_part, "customXml"
    add(f"{folder}/item{number}.xml", f"<d><v>{escape(bound)}</v></d>".encode())
    properties = f'<x:datastoreItem xmlns:x="{OFFICE}/customXml" x:itemID="{store}"/>'
    add(f"{folder}/itemProps{number}.xml", properties.encode())
    link = (
        f'<Relationship Id="a" Target="itemProps{number}.xml" Type="{OFFICE}/relationships/customXmlProps"/>'
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    add(
        f"{folder}/_rels/item{number}.xml.rels",
        f'<Relationships xmlns="{space}">{link}</Relationships>'.encode(),
    )
    path = dresser.rng.choice(["/d/v", "/d[1]/v[1]", "/d/none", "/d/v[last()]"])
    kind = dresser.rng.choice(["<w:text/>", '<w:text w:multiLine="1"/>', ""])
    binding = f'<w:dataBinding w:xpath="{path}" w:storeItemID="{store}"/>'
    _instead(run, control(t(text), binding + kind))


def in_a_text_box(run, dresser):
    shape = dresser.rng.choice([_SHAPE, _OLD_SHAPE])
    _beside_or_instead(run, dresser, lambda inner: f"<w:r>{shape.format(inner)}</w:r>", "注")


def in_a_choice_of_text_boxes(run, dresser):
    def both(inner):
        return (
            f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{_SHAPE.format(inner)}</mc:Choice>'
            f"<mc:Fallback>{_OLD_SHAPE.format(inner)}</mc:Fallback></mc:AlternateContent></w:r>"
        )

    _beside_or_instead(run, dresser, both, "注")


def in_a_footnote(run, dresser):
    kind = dresser.rng.choice(["footnote", "endnote"])
    note = f'<w:{kind} w:id="2"><w:p>{t(_text(run))}</w:p></w:{kind}>'
    if f"word/{kind}s.xml" in dresser.paper.parts:
        return  # one in a document is enough
    dresser.paper.add_part(
        f"word/{kind}s.xml", part(f"w:{kind}s", note), f"{kind}s", _MEDIA_TYPE.format(f"{kind}s")
    )
    run.addnext(elements(f'<w:r><w:{kind}Reference w:id="2"/></w:r>')[0])
    if dresser.rng.random() < 0.5:
        run.getparent().remove(run)


def in_a_diagram(run, dresser):
    name = f"word/diagrams/data{len(dresser.worn)}.xml"
    data = part("dgm:dataModel", f"<a:t>{escape(_text(run))}</a:t>")
    made = dresser.paper.add_part(name, data, "diagramData")
    _instead(run, f"<w:r>{_DIAGRAM.format(made)}</w:r>")


def commented(run, dresser):
    if "word/comments.xml" not in dresser.paper.parts:
        note = part("w:comments", f"<w:comment {WHO.replace('7', '3', 1)}><w:p>{t('核')}</w:p></w:comment>")
        dresser.paper.add_part("word/comments.xml", note, "comments", _MEDIA_TYPE.format("comments"))
        run.addprevious(elements('<w:commentRangeStart w:id="3"/>')[0])
        run.addnext(elements('<w:r><w:commentReference w:id="3"/></w:r>')[0])
        run.addnext(elements('<w:commentRangeEnd w:id="3"/>')[0])


def ticked_by_hand(run, dresser):
    """Draws the boxes of the run's paragraph as people do."""
    paragraph = next(run.iterancestors(W + "p"))
    for one in list(paragraph.iter(W + "t")):
        if one.getparent().getparent() is not paragraph or not set(one.text or "") & set(_TICKS):
            continue
        pieces = [t(_drawn(c, dresser)) for c in one.text]
        properties = one.getparent().find(W + "rPr")
        for piece in elements("".join(pieces)):
            if properties is not None and piece.find(W + "rPr") is not None:
                piece.find(W + "rPr").extend(copy.deepcopy(list(properties)))
            one.getparent().addprevious(piece)
        paragraph.remove(one.getparent())


def _drawn(character, dresser):
    mark = dresser.rng.choice([*_TICKS.get(character, [character]), *_boxes(character)])
    if isinstance(mark, str):
        return mark
    font, key = mark
    if dresser.rng.random() < 0.5:
        return f'<w:r><w:rPr/><w:sym w:font="{font}" w:char="F0{key}"/></w:r>'
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}"/>'
    return f"<w:r><w:rPr>{fonts}</w:rPr><w:t>&#x{key};</w:t></w:r>"


def _boxes(character):
    """The box as a control of Word 2010 and as a form field of Word 97; none for other characters."""
    if character in _TICKS:
        state = "1" if character == "☑" else "0"
        yield control(t(character), f'<w14:checkbox><w14:checked w14:val="{state}"/></w14:checkbox>')
        yield field(
            "FORMCHECKBOX",
            None,
            f'<w:ffData><w:checkBox><w:default w:val="{state}"/></w:checkBox></w:ffData>',
        )


def beside_a_symbol(run, dresser):
    font, code = dresser.rng.choice([("Wingdings", "F04A"), ("Wingdings 3", "F070"), ("Symbol", "F06D")])
    run.addnext(elements(f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>')[0])


def in_a_form_field(run, dresser):
    text, rng = escape(_text(run)), dresser.rng
    shown = rng.choice([_text(run), "别的", None])
    choices = (
        f'<w:ddList><w:result w:val="1"/><w:listEntry w:val="甲"/><w:listEntry w:val="{text}"/></w:ddList>'
    )
    kind, settings = rng.choice([("FORMTEXT", "<w:textInput/>"), ("FORMDROPDOWN", choices)])
    if kind == "FORMTEXT":
        shown = _text(run)
    _instead(run, field(kind, shown, f"<w:ffData>{settings}</w:ffData>"))


def in_a_block_control(run, dresser):
    paragraph = next(run.iterancestors(W + "p"))
    outer = elements(control("<here/>", '<w:id w:val="14"/>'))[0]
    paragraph.addprevious(outer)
    here = outer.find(".//here")
    here.getparent().replace(here, paragraph)


def in_a_choice_of_paragraphs(run, dresser):
    """Puts the run's paragraph into the branch that Word takes, and into the other, or another text."""
    paragraph = next(run.iterancestors(W + "p"))
    other = copy.deepcopy(paragraph)
    if dresser.rng.random() < 0.5:
        retype(other, "另")
    markup = '<mc:AlternateContent><mc:Choice Requires="{}"><one/></mc:Choice>'
    markup += "<mc:Fallback><two/></mc:Fallback></mc:AlternateContent>"
    known = dresser.rng.random() < 0.5
    outer = elements(markup.format("wps" if known else "m zzz"))[0]
    paragraph.addprevious(outer)
    for name, each in zip(("one", "two"), (paragraph, other) if known else (other, paragraph), strict=True):
        here = outer.find(f".//{name}")
        here.getparent().replace(here, each)


def moved_here(run, dresser):
    who = 'w:id="8" w:author="办公室" w:date="2021-03-10T09:00:00Z"'
    _instead(run, f"<w:moveFrom {who}>{t('旧')}</w:moveFrom><w:moveTo {who}>{t(_text(run))}</w:moveTo>")


def in_a_formula(run, dresser):
    _instead(run, f"<m:oMath><m:r><m:t>{escape(_text(run))}</m:t></m:r></m:oMath>")


def in_other_markup(run, dresser):
    opened, closed = dresser.rng.choice(
        [
            ("w:customXml w:uri='u' w:element='e'", "w:customXml"),
            ("w:bdo w:val='ltr'", "w:bdo"),
            ("w:dir w:val='ltr'", "w:dir"),
        ]
    )
    _instead(run, f"<{opened}>{t(_text(run))}</{closed}>")


#: What LibreOffice 7.4 keeps when it opens a .docx and saves it: no data, formulas, diagrams or imports.
KEPT = [
    in_a_text_box, in_a_choice_of_text_boxes, in_a_footnote, commented, ticked_by_hand, beside_a_symbol,
    in_a_form_field, in_a_choice_of_paragraphs, moved_here, in_other_markup,
]  # fmt: skip
CONTENT = [*KEPT, in_a_block_control, in_an_import, bound_to_data, in_a_diagram, in_a_formula]
