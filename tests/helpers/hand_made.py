"""Filled forms as people hand them in: a generated .docx taken apart, edited by hand, and read back."""

from __future__ import annotations

import copy
import datetime
import functools
import io
import zipfile
from xml.sax.saxutils import escape

from lxml import etree

from service import catalog, generate
from service.extraction import extract
from service.payload_json import dump, parse
from service.submission import validate
from tests.helpers.docx_read import W, squash

_SPACES = {
    "w": W[1:-1],
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
DECLARED = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in _SPACES.items())
_BODY, _CORE, _STYLES = "word/document.xml", "docProps/core.xml", "word/styles.xml"
_TYPES, _LINKS = "[Content_Types].xml", "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
WHO = 'w:id="7" w:author="办公室" w:date="2021-03-10T09:00:00Z"'


def part(name, markup):
    """A part of a package whose root is `name`, with this content."""
    return f"<{name} {DECLARED}>{markup}</{name}>".encode()


def elements(markup):
    """The elements of a piece of WordprocessingML."""
    return list(etree.fromstring(f"<x {DECLARED}>{markup}</x>"))


def t(text, properties=""):
    """A run of `text`, its tabs and line breaks as Word writes them; unchanged if it is markup."""
    if text.startswith("<w:") or text.startswith("<mc:"):
        return text
    inner = escape(text).replace("\t", "</w:t><w:tab/><w:t>").replace("\n", "</w:t><w:br/><w:t>")
    inner = inner.replace("<w:t>", '<w:t xml:space="preserve">')
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{inner}</w:t></w:r>'


def deleted(text):
    """A run whose deletion is tracked."""
    return f"<w:del {WHO}>{t(text).replace('w:t>', 'w:delText>').replace('w:t ', 'w:delText ')}</w:del>"


def inserted(text):
    """A run whose insertion is tracked."""
    return f"<w:ins {WHO}>{t(text)}</w:ins>"


def control(markup, properties=""):
    """A content control around runs, cells or rows."""
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{markup}</w:sdtContent></w:sdt>"


def field(instruction, result, settings=""):
    """A complex field with its result."""
    separate = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{t(result)}' if result is not None else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{settings}</w:fldChar></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>{separate}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def text_of(element):
    """The text of an element without white space."""
    return squash("".join(str(node.text or "") for node in element.iter(W + "t")))


def retype(paragraph, *pieces):
    """Puts runs (text or markup) in the place of a paragraph's own, its settings kept."""
    for child in list(paragraph):
        if child.tag != W + "pPr":
            paragraph.remove(child)
    paragraph.extend(elements("".join(map(t, pieces))))
    return paragraph


def put(cell, *paragraphs):
    """Puts paragraphs (text or markup of runs) in the place of a cell's own."""
    first, *others = cell.findall(W + "p")
    for other in others:
        cell.remove(other)
    plain = copy.deepcopy(first)
    retype(first, *paragraphs[:1])
    for piece in paragraphs[1:]:
        cell.append(retype(copy.deepcopy(plain), piece))
    return cell


def around(element, control_markup):
    """Puts an element into markup, in the place of its `<here/>`."""
    outer = elements(control_markup)[0]
    element.addprevious(outer)
    here = outer.find(".//here")
    here.getparent().replace(here, element)


def set_property(element, holder, markup):
    """Gives a paragraph, cell or row the property `markup` in its `holder`, such as "tcPr"."""
    properties = element.find(W + holder)
    if properties is None:
        properties = etree.Element(W + holder)
        element.insert(0, properties)
    for made in elements(markup):
        for old in properties.findall(made.tag):
            properties.remove(old)
        properties.append(made)


def row_of(row, *texts):
    """A copy of a table's row that says `texts`."""
    made = copy.deepcopy(row)
    for cell, text in zip(made.findall(W + "tc"), texts, strict=True):
        put(cell, text)
    return made


def split_cell(cell, *texts):
    """Splits a merged cell into cells of which each says a text."""
    span = int(cell.find(f"{W}tcPr/{W}gridSpan").get(W + "val"))
    others = [copy.deepcopy(cell) for _ in texts[1:]]
    for other in reversed(others):
        cell.addnext(other)
    for part, text in zip([cell, *others], texts, strict=True):
        put(part, text)
        set_property(part, "tcPr", f'<w:gridSpan w:val="{span // len(texts)}"/>')


def joined(cell, *texts):
    """Joins a cell with the one after it."""
    following = cell.getnext()
    spans = [each.find(f"{W}tcPr/{W}gridSpan") for each in (cell, following)]
    width = sum(1 if span is None else int(span.get(W + "val")) for span in spans)
    cell.getparent().remove(following)
    set_property(cell, "tcPr", f'<w:gridSpan w:val="{width}"/>')
    put(cell, *texts)


def style(kind, name, run="", paragraph="", based_on="", more=""):
    """A style of a kind, such as "character", with run and paragraph properties."""
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    block = f"<w:pPr>{paragraph}</w:pPr>" if paragraph else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/>{base}{block}'
        f"<w:rPr>{run}</w:rPr>{more}</w:style>"
    )


@functools.lru_cache(64)
def _parts(form, year, payload):
    """The parts of a form's document by name."""
    package = zipfile.ZipFile(io.BytesIO(generate(form, year, parse(payload), ("docx",))["docx"]))
    return {name: package.read(name) for name in package.namelist()}


class Paper:
    """A filled form whose document.xml can be edited; `data` is what it held when it was made."""

    def __init__(self, form="annex2", payload=None, sample="full", year=2021):
        self.edition = catalog.edition(form, year)
        payload = self.edition.sample(sample) if payload is None else payload
        self.data = present(validate(self.edition, payload).data)
        self.parts = dict(_parts(form, year, dump(payload)))
        self.root = etree.fromstring(self.parts[_BODY])
        self.body = self.root.find(W + "body")

    @property
    def tables(self):
        """The tables of the body."""
        return list(self.body.iter(W + "tbl"))

    def row(self, text):
        """The first row whose text holds `text`."""
        return next(row for row in self.body.iter(W + "tr") if text in text_of(row))

    def label(self, text, within=None):
        """The cell that says `text`, ignoring white space."""
        cells = (self.body if within is None else within).iter(W + "tc")
        return next(cell for cell in cells if text_of(cell) == text)

    def value(self, label, within=None):
        """The cell after the one that says `label`."""
        return self.label(label, within).getnext()

    def paragraph(self, start, within=None):
        """The first paragraph whose text begins with `start`, ignoring white space."""
        paragraphs = (self.body if within is None else within).iter(W + "p")
        return next(paragraph for paragraph in paragraphs if text_of(paragraph).startswith(start))

    def retitle(self, old, new):
        """Puts `new` for the first `old` in the title among the document's properties."""
        self.parts[_CORE] = self.parts[_CORE].replace(old.encode(), new.encode(), 1)

    def add_styles(self, *markup):
        """Adds styles, or document defaults, to the document's own."""
        styles = etree.fromstring(self.parts[_STYLES])
        for made in elements("".join(markup)):
            for old in styles.findall(made.tag) if made.tag == W + "docDefaults" else ():
                styles.remove(old)
            styles.append(made)
        self.parts[_STYLES] = etree.tostring(styles)

    def add_lists(self, markup):
        """Gives the document a part with the definitions of lists."""
        media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"
        self.add_part("word/numbering.xml", part("w:numbering", markup), "numbering", media_type)

    def add_part(self, name, content, kind="", media_type="application/xml"):
        """Adds a part, with a relationship of a kind from the document; the relationship's id."""
        self.parts[name] = content
        types = etree.fromstring(self.parts[_TYPES])
        etree.SubElement(types, types[-1].tag, PartName=f"/{name}", ContentType=media_type)
        self.parts[_TYPES] = etree.tostring(types)
        if not kind:
            return None
        links = etree.fromstring(self.parts[_LINKS])
        made = f"rIdX{len(links)}"
        target = name.removeprefix("word/")
        etree.SubElement(links, links[0].tag, Id=made, Type=f"{OFFICE}/relationships/{kind}", Target=target)
        self.parts[_LINKS] = etree.tostring(links)
        return made

    def docx(self):
        """The document as a file."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            for name, content in {**self.parts, _BODY: etree.tostring(self.root)}.items():
                package.writestr(name, content)
        return out.getvalue()


def present(value):
    """Validated data as extraction gives it: without blank fields, dates in ISO 8601."""
    if isinstance(value, dict):
        kept = {key: present(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner not in (None, {}, [])}
    if isinstance(value, list):
        return [row for row in map(present, value) if row]
    return value.isoformat() if isinstance(value, datetime.date) else value


def changed(data, changes):
    """A copy of `data` with other values at some JSON Pointers; None takes a field away."""
    data = copy.deepcopy(data)
    for pointer, value in changes.items():
        *groups, last = pointer[1:].split("/")
        place = data
        for key in groups:
            place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
        if value is not None:
            place[last] = value
        else:
            place.pop(last, None)
    return present(data)


def assert_reads(paper, changes=None, warnings=()):
    """The paper holds its data with these changes, and these warnings alone: (code, pointer, text).

    Each warning must also say where it is and what it means, in both languages.
    """
    read = extract(paper.docx())
    assert (read.edition.form, read.edition.year) == (paper.edition.form, paper.edition.year)
    expected = changed(paper.data, changes or {})
    found = [(warning.code, warning.pointer, warning.text) for warning in read.warnings]
    assert flat(read.data) == flat(expected), found
    assert sorted(found) == sorted(warnings)
    for warning in read.warnings:
        assert all((warning.place.zh, warning.place.en, warning.message.zh, warning.message.en)), warning


def flat(data, above=""):
    """Each value with its kind by JSON Pointer: `true` is not 1, and 3 is 3.00."""
    if isinstance(data, dict | list):
        pairs = data.items() if isinstance(data, dict) else enumerate(data)
        return {key: value for name, inner in pairs for key, value in flat(inner, f"{above}/{name}").items()}
    return {above: (isinstance(data, bool), data)}
