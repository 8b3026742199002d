"""Small Word templates for the tests, written part by part as XML."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_NAMESPACES = (
    f'xmlns:w="{_WORD}" xmlns:r="{_OFFICE}" xmlns:wp="{_DRAWING}/wordprocessingDrawing" '
    f'xmlns:a="{_DRAWING}/main" xmlns:pic="{_DRAWING}/picture"'
)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_ROOTS = {"header": "hdr", "footer": "ftr"}
SECTION = '<w:sectPr>{}<w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'


def run(text: str, properties: str = "") -> str:
    """A run with `text`, tags or XML-escaped text."""
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}<w:t>{text}</w:t></w:r>"


def paragraph(*texts: str, properties: str = "") -> str:
    """A paragraph with a run for each of `texts`; `properties` are those of the runs."""
    return f'<w:p><w:pPr><w:jc w:val="left"/></w:pPr>{"".join(run(t, properties) for t in texts)}</w:p>'


def cell(*content: str, span: int = 1) -> str:
    """A cell with paragraphs of the texts in `content`, or its XML when it starts with `<`."""
    grid = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    inner = "".join(text if text.startswith("<") else paragraph(text) for text in content)
    return f'<w:tc><w:tcPr><w:tcW w:w="1000" w:type="dxa"/>{grid}</w:tcPr>{inner}</w:tc>'


def row(*cells: str) -> str:
    """A row; a cell that is not XML yet is a text."""
    return f"<w:tr>{''.join(text if text.startswith('<w:tc>') else cell(text) for text in cells)}</w:tr>"


def table(columns: int, *rows: str) -> str:
    """A table whose grid has `columns` columns."""
    grid = '<w:gridCol w:w="1000"/>' * columns
    look = '<w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>'
    return f"<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def picture(number: int = 7) -> str:
    """A paragraph with the picture of the package, its drawing's id `number`."""
    return (
        '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="9525" cy="9525"/>'
        f'<wp:docPr id="{number}" name="Picture {number}"/>'
        f'<a:graphic><a:graphicData uri="{_DRAWING}/picture">'
        '<pic:pic><pic:nvPicPr><pic:cNvPr id="0" name="dot.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        '<a:blip r:embed="rIdPicture"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="9525" cy="9525"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def docx(
    body: str,
    *,
    header: str = "",
    footer: str = "",
    footnote: str = "",
    title: str | None = "",
    image: bool = False,
) -> bytes:
    """A template; `header` and `footer` are XML, `footnote` a text, `title` None for no properties."""
    stories = {kind: xml for kind, xml in (("header", header), ("footer", footer)) if xml}
    references = "".join(f'<w:{kind}Reference w:type="default" r:id="rId{kind}"/>' for kind in stories)
    parts = {"word/document.xml": _part("document", f"<w:body>{body}{SECTION.format(references)}</w:body>")}
    parts["word/styles.xml"] = _part("styles", "")
    parts |= {f"word/{kind}.xml": _part(_ROOTS[kind], xml) for kind, xml in stories.items()}
    if footnote:
        note = f'\n  <w:footnote w:id="1">{paragraph(footnote)}</w:footnote>'
        parts["word/footnotes.xml"] = _part("footnotes", note)
    if title is not None:
        parts["docProps/core.xml"] = _core(title)
    return _package(parts, {"word/media/image1.png": _png()} if image else {})


def _package(parts: dict[str, str], media: dict[str, bytes]) -> bytes:
    names = {name.partition("/")[2].removesuffix(".xml") for name in parts} - {"document", "core"}
    inner = [(f"rId{name}", f"{_OFFICE}/{name}", f"{name}.xml") for name in sorted(names)]
    inner += [("rIdPicture", f"{_OFFICE}/image", name.removeprefix("word/")) for name in media]
    outer = [("rId1", f"{_OFFICE}/officeDocument", "word/document.xml")]
    if "docProps/core.xml" in parts:
        outer.append(("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"))
    relations = {"_rels/.rels": _rels(outer), "word/_rels/document.xml.rels": _rels(inner)}
    return zipped({"[Content_Types].xml": _types(parts), **relations, **parts, **media})


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of `files`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return out.getvalue()


def parts(package: bytes) -> dict[str, bytes]:
    """The files of a zip by their names."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def strict(document: bytes) -> bytes:
    """A .docx with the strict names of ECMA-376 part 1."""
    renamed = {
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main": b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    }  # fmt: skip
    changed = parts(document)
    for old, new in renamed.items():
        changed = {name: part.replace(old, new) for name, part in changed.items()}
    return zipped(changed)


def linked(document: bytes, address: str) -> bytes:
    """`document` with its picture, and its template, at a web address."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="{i}" Type="{office}/{kind}" Target="{address}/{kind}" TargetMode="External"/>'
        for i, kind in (("rIdLinked", "image"), ("rIdTemplate", "attachedTemplate"))
    )
    texts = {name: part.decode("latin-1") for name, part in parts(document).items()}
    rels = "word/_rels/document.xml.rels"
    texts[rels] = texts[rels].replace("</Relationships>", f"{links}</Relationships>")
    body = texts["word/document.xml"].replace('r:embed="rIdPicture"', 'r:link="rIdLinked"')
    assert "rIdLinked" in body
    texts["word/document.xml"] = body
    return zipped({name: part.encode("latin-1") for name, part in texts.items()})


def noted(document: bytes) -> bytes:
    """The form with a line typed where none belongs."""
    changed = parts(document)
    body = changed["word/document.xml"].decode()
    at = body.index("<w:sectPr") if "</w:tbl><w:sectPr" in body else body.rindex("<w:sectPr")
    changed["word/document.xml"] = f"{body[:at]}{paragraph('另附说明一份')}{body[at:]}".encode()
    return zipped(changed)


def form() -> bytes:
    """A form of the size of the declaration form: 180 paragraphs, 154 cells, a budget, long texts."""
    label = '<w:rFonts w:ascii="Times New Roman" w:eastAsia="仿宋_GB2312"/><w:sz w:val="28"/>'
    cover = "".join(paragraph(f"第{n}项", f"{{{{ cover.f{n} }}}}", properties=label) for n in range(26))

    def text(r: int, c: int) -> str:
        return paragraph(f"{{{{ cells.c{r} }}}}" if c % 2 else f"栏目{r}-{c}", properties=label)

    cells = [row(*(cell(text(r, c)) for c in range(7))) for r in range(20)]
    lines = map(paragraph, ("{%p for line in lines %}", "{{ line }}", "{%p endfor %}"))
    return docx(
        cover + table(7, *cells, row(cell(*lines, span=7))) + paragraph("预算") + _budget() + paragraph("完"),
        footer=paragraph("{{ cover.f0 }}"),
        title="申报书{% if cover.f0 %}（{{ cover.f0 }}）{% endif %}",
    )


def _budget() -> str:
    return table(
        3,
        row("计划开支名称", "计划开支项目", "金额"),
        row('{%tr for item in budget["items"] %}', "", ""),
        row("{{ item.name }}", "{{ item.item }}", "{{ item.amount }}"),
        row("{%tr else %}", "", ""),
        row("", "", ""),
        row("{%tr endfor %}", "", ""),
        row(cell("合计", span=2), "{{ budget.total }}"),
    )


def form_context() -> dict[str, object]:
    """Data for `form`: about 2,000 字 and 10 budget items."""
    return {
        "cover": {f"f{n}": f"云泽县科学技术协会{n}" for n in range(26)},
        "cells": {f"c{n}": str(n) for n in range(20)},
        "lines": ["围绕中心、服务大局，建强县级科协组织，动员科技工作者下沉一线。" * 6 for _ in range(10)],
        "budget": {
            "items": [{"name": f"科普活动{n}", "item": "材料费", "amount": "12.50"} for n in range(10)],
            "total": "125.00",
        },
    }


def _part(root: str, content: str) -> str:
    return f"{_DECLARATION}<w:{root} {_NAMESPACES}>{content}</w:{root}>"


def _core(title: str) -> str:
    return (
        f'{_DECLARATION}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title>"
        '<dcterms:modified xsi:type="dcterms:W3CDTF">2021-03-01T00:00:00Z</dcterms:modified>'
        "</cp:coreProperties>"
    )


def _types(parts: dict[str, str]) -> str:
    kinds = {"document": f"{_TYPE}document.main+xml"}
    kinds |= {kind: f"{_TYPE}{kind}+xml" for kind in ("styles", "header", "footer", "footnotes")}
    kinds["core"] = "application/vnd.openxmlformats-package.core-properties+xml"
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{kinds[name.partition("/")[2].removesuffix(".xml")]}"/>'
        for name in parts
    )
    return (
        f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _rels(relationships: list[tuple[str, str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="{i}" Type="{kind}" Target="{target}"/>' for i, kind, target in relationships
    )
    return f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )
