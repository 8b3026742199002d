"""Ways by which a .docx names something outside of it (ECMA-376 part 1, 17 and 20; part 2, 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from tests.helpers.docx_builder import docx, parts, zipped
from tests.helpers.hostile import ways_rtf

_SCHEMAS = "http://schemas.openxmlformats.org"
_OFFICE = f"{_SCHEMAS}/officeDocument/2006"
_DRAWING = f"{_SCHEMAS}/drawingml/2006"
_NAMES = {
    "w": f"{_SCHEMAS}/wordprocessingml/2006/main",
    "r": f"{_OFFICE}/relationships",
    "wp": f"{_DRAWING}/wordprocessingDrawing",
    "a": f"{_DRAWING}/main",
    "pic": f"{_DRAWING}/picture",
    "c": f"{_DRAWING}/chart",
    "dgm": f"{_DRAWING}/diagram",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
    "sl": f"{_SCHEMAS}/schemaLibrary/2006/main",
}
_NAMESPACES = " ".join(f'xmlns:{name}="{address}"' for name, address in _NAMES.items())
_TYPE = "application/vnd.openxmlformats-officedocument"
_WORD = f"{_TYPE}.wordprocessingml"


class Relation(NamedTuple):
    """A relationship of one part; `kind` is the end of its type."""

    id: str
    kind: str
    target: str
    external: bool = True


class Fragment(NamedTuple):
    """What one way adds to a document: to its body, other parts, and the relationships of each part."""

    body: str = ""
    settings: str = ""
    web_settings: str = ""
    fonts: str = ""
    numbering: str = ""
    header: str = ""
    background: str = ""
    relations: Mapping[str, tuple[Relation, ...]] = MappingProxyType({})  # by the name of the part
    files: Mapping[str, str] = MappingProxyType({})  # further parts


Make = Callable[[str, str], Fragment]  # address of a folder outside, and a name of its own


def _p(inside: str) -> str:
    return f"<w:p><w:r>{inside}</w:r></w:p>"


def _field(instruction: str) -> Make:
    def make(to: str, name: str) -> Fragment:
        code = escape(instruction.replace("\\\\", "\\").format(to=to))
        mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
        inside = f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        complex_one = f"{mark.format('begin')}{inside}{mark.format('separate')}<w:r><w:t>旧</w:t></w:r>{mark.format('end')}"
        simple = f'<w:fldSimple w:instr="{escape(code, {chr(34): "&quot;"})}"><w:r><w:t>旧</w:t></w:r></w:fldSimple>'
        return Fragment(f"<w:p>{complex_one}</w:p><w:p>{simple}</w:p>")

    return make


def _linked(kind: str, ending: str, part: str = "document", **slots: str) -> Make:
    """A relationship of `part` to something outside, and what uses it: `{id}` is its id."""

    def make(to: str, name: str) -> Fragment:
        relation = Relation(f"rId{name}", kind, f"{to}/{ending}")
        names = {"id": relation.id, "to": to, "name": name}
        used: dict[str, Any] = {slot: text.format(**names) for slot, text in slots.items()}
        return Fragment(relations={part: (relation,)})._replace(**used)

    return make


def _inline(graphic: str) -> str:
    size = '<wp:extent cx="95250" cy="95250"/><wp:docPr id="1" name="x"/>'
    return _p(f"<w:drawing><wp:inline>{size}<a:graphic>{graphic}</a:graphic></wp:inline></w:drawing>")


def _blip(blip: str) -> str:
    fill = f"<pic:blipFill>{blip}<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
    box = '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="95250" cy="95250"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr>'
    names = '<pic:nvPicPr><pic:cNvPr id="0" name="x"/><pic:cNvPicPr/></pic:nvPicPr>'
    return _inline(
        f'<a:graphicData uri="{_DRAWING}/picture"><pic:pic>{names}{fill}{box}</pic:pic></a:graphicData>'
    )


def svg(inside: str, head: str = "") -> Make:
    """A picture in the package in two forms, of which the SVG names something outside."""

    def make(to: str, name: str) -> Fragment:
        names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        content = (
            f'{head}<svg {names} width="20" height="20">{inside}<rect width="9" height="9"/></svg>'.format(
                to=to
            )
        )
        extension = f'<a:extLst><a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}"><asvg:svgBlip r:embed="rId{name}"/></a:ext></a:extLst>'
        both = _blip(f'<a:blip r:embed="rIdDot">{extension}</a:blip>') + _blip(
            f'<a:blip r:embed="rId{name}"/>'
        )
        relation = Relation(f"rId{name}", "image", f"media/{name}.svg", external=False)
        return Fragment(both, relations={"document": (relation,)}, files={f"word/media/{name}.svg": content})

    return make


def _chart(to: str, name: str) -> Fragment:
    series = '<c:ser><c:idx val="0"/><c:order val="0"/><c:val><c:numRef><c:f>\'[a.xlsx]A\'!$A$1:$A$2</c:f></c:numRef></c:val></c:ser>'
    plot = f'<c:plotArea><c:layout/><c:barChart><c:barDir val="col"/>{series}<c:axId val="1"/><c:axId val="2"/></c:barChart></c:plotArea>'
    data = '<c:externalData r:id="rId1"><c:autoUpdate val="1"/></c:externalData>'
    content = f"<c:chartSpace {_NAMESPACES}><c:chart>{plot}</c:chart>{data}</c:chartSpace>"
    shown = _inline(f'<a:graphicData uri="{_DRAWING}/chart"><c:chart r:id="rId{name}"/></a:graphicData>')
    relations = {
        "document": (Relation(f"rId{name}", "chart", f"charts/{name}.xml", external=False),),
        f"charts/{name}": (Relation("rId1", "oleObject", f"{to}/a.xlsx"),),
    }
    return Fragment(shown, relations=relations, files={f"word/charts/{name}.xml": content})


def _mail_merge(to: str, name: str) -> Fragment:
    connection = f"Provider=Microsoft.ACE.OLEDB.12.0;Data Source={to}/a.mdb"
    source = (
        '<w:mailMerge><w:mainDocumentType w:val="formLetters"/><w:linkToQuery/><w:dataType w:val="native"/>'
        f'<w:connectString w:val="{connection}"/><w:query w:val="SELECT * FROM b"/><w:dataSource r:id="rId{name}"/>'
        f'<w:odso><w:udl w:val="{connection}"/><w:src r:id="rId{name}"/></w:odso></w:mailMerge>'
    )
    relations = {"settings": (Relation(f"rId{name}", "mailMergeSource", f"{to}/a.mdb"),)}
    return Fragment(settings=source, relations=relations)


_VML = '<w:pict><v:shape style="width:9pt;height:9pt"><v:imagedata {0}/></v:shape></w:pict>'
_OLE = '<w:object><v:shape id="{name}" style="width:9pt;height:9pt"/><o:OLEObject Type="Link" ProgID="{0}" ShapeID="{name}" DrawAspect="Content" ObjectID="_1" UpdateMode="Always" r:id="{id}"/></w:object>'
_MOVIE = f'<a:graphicData uri="{_DRAWING}/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="0" name="x"/><pic:cNvPicPr/><pic:nvPr><a:videoFile r:link="{{id}}"/></pic:nvPr></pic:nvPicPr><pic:blipFill><a:blip r:embed="rIdDot"/></pic:blipFill><pic:spPr/></pic:pic></a:graphicData>'
_SMART = f'<a:graphicData uri="{_DRAWING}/diagram"><dgm:relIds r:dm="{{id}}" r:lo="{{id}}" r:qs="{{id}}" r:cs="{{id}}"/></a:graphicData>'
_BULLET = '<w:numPicBullet w:numPicBulletId="0"><w:pict><v:shape style="width:9pt;height:9pt"><v:imagedata r:id="{id}"/></v:shape></w:pict></w:numPicBullet>'

WAYS: dict[str, Make] = {
    **{f"{name} field": _field(instruction) for name, instruction in ways_rtf.FIELDS.items()},
    "linked picture": _linked("image", "a.png", body=_blip('<a:blip r:link="{id}"/>')),
    "linked picture, embedded too": _linked("image", "a.png", body=_blip('<a:blip r:embed="rIdDot" r:link="{id}"/>')),
    "external picture as embedded": _linked("image", "a.png", body=_blip('<a:blip r:embed="{id}"/>')),
    "linked SVG": _linked("image", "a.svg", body=_blip('<a:blip r:link="{id}"/>')),
    "linked picture of VML": _linked("image", "a.png", body=_p(_VML.format('r:id="{id}" r:href="{id}" o:href="{to}/b.png" src="{to}/c.png"'))),
    "picture in SVG": svg('<image width="9" height="9" xlink:href="{to}/a.png"/><use xlink:href="{to}/a.svg#b"/>'),
    "styles in SVG": svg('<style>@import url("{to}/a.css"); @font-face {{{{font-family: x; src: url("{to}/a.ttf")}}}}</style>'.replace("{{{{", "{{").replace("}}}}", "}}"), '<?xml-stylesheet href="{to}/a.css"?>'),
    "DTD and entities of SVG": svg('<text y="9">&b;</text>', '<!DOCTYPE svg SYSTEM "{to}/a.dtd" [<!ENTITY b SYSTEM "{to}/a.txt">]>'),
    "linked OLE object": _linked("oleObject", "a.doc", body=_p(_OLE.replace("{0}", "Word.Document.8"))),
    "linked package": _linked("package", "a.xlsx", body=_p(_OLE.replace("{0}", "Excel.Sheet.12"))),
    "altChunk": _linked("aFChunk", "a.html", body='<w:altChunk r:id="{id}"/>'),
    "altChunk of RTF": _linked("aFChunk", "a.rtf", body='<w:altChunk r:id="{id}"/>'),
    "subdocument": _linked("subDocument", "a.docx", body='<w:subDoc r:id="{id}"/>'),
    "hyperlink": _linked("hyperlink", "a.html", body='<w:p><w:hyperlink r:id="{id}"><w:r><w:t>链</w:t></w:r></w:hyperlink></w:p>'),
    "template": _linked("attachedTemplate", "a.dotx", "settings", settings='<w:attachedTemplate r:id="{id}"/><w:linkStyles/>'),
    "style sheet for saving": _linked("transform", "a.xsl", "settings", settings='<w:saveThroughXslt r:id="{id}"/>'),
    "mail merge": _mail_merge,
    "schema": lambda to, name: Fragment(settings=f'<w:attachedSchema w:val="{to}/a.xsd"/><sl:schemaLibrary><sl:schema sl:uri="urn:a" sl:schemaLocation="{to}/a.xsd" sl:manifestLocation="{to}/a.xml"/></sl:schemaLibrary>'),
    "frames": _linked("frame", "a.html", "webSettings", web_settings='<w:frameset><w:frame><w:sourceFileName r:id="{id}"/></w:frame></w:frameset>'),
    "font": _linked("font", "a.odttf", "fontTable", fonts='<w:font w:name="{name}"><w:embedRegular r:id="{id}" w:fontKey="{{00000000-0000-0000-0000-000000000000}}"/></w:font>', body='<w:p><w:r><w:rPr><w:rFonts w:ascii="{name}" w:eastAsia="{name}"/></w:rPr><w:t>字a</w:t></w:r></w:p>'),
    "picture as bullet": _linked("image", "a.png", "numbering", numbering=_BULLET),
    "picture in a header": _linked("image", "a.png", "header1", header=_blip('<a:blip r:link="{id}"/>')),
    "background": _linked("image", "a.png", background='<w:background w:color="FFFFFF"><v:background><v:fill r:id="{id}" type="frame"/></v:background></w:background>'),
    "chart with outside data": _chart,
    "external chart": _linked("chart", "a.xml", body=_inline(f'<a:graphicData uri="{_DRAWING}/chart"><c:chart r:id="{{id}}"/></a:graphicData>')),
    "diagram": _linked("diagramData", "a.xml", body=_inline(_SMART)),
    "video": _linked("video", "a.mp4", body=_inline(_MOVIE)),
    "control": _linked("control", "a.xml", body=_p('<w:object><v:shape id="{name}" style="width:9pt;height:9pt"/><w:control r:id="{id}" w:name="x" w:shapeid="{name}"/></w:object>')),
    "external styles": _linked("styles", "a.xml"),
    "external footnotes": _linked("footnotes", "a.xml"),
    "external theme": _linked("theme", "a.xml"),
    "external custom XML": _linked("customXml", "a.xml"),
    "external glossary": _linked("glossaryDocument", "a.xml"),
    "external macros": _linked("vbaProject", "a.bin"),
}  # fmt: skip

_PARTS = {  # slot → part, root, kind of relationship
    "settings": ("settings", "settings"),
    "web_settings": ("webSettings", "webSettings"),
    "fonts": ("fontTable", "fonts"),
    "numbering": ("numbering", "numbering"),
    "header": ("header1", "hdr"),
}


SINGLE = ("template", "style sheet for saving", "mail merge", "background")  # of which a document has one


def document(fragments: Iterable[Fragment]) -> bytes:
    """A .docx with all `fragments`; the body's part has a name for which LibreOffice converts it first."""
    found = list(fragments)
    relations: dict[str, list[Relation]] = {
        "document": [Relation("rIdDot", "image", "media/dot.png", external=False)]
    }
    for fragment in found:
        for part, more in fragment.relations.items():
            relations.setdefault(part, []).extend(more)
    files: dict[str, str | bytes] = {
        "word/media/dot.png": parts(docx("", image=True))["word/media/image1.png"]
    }
    for slot, (part, root) in _PARTS.items():
        inside = "".join(getattr(fragment, slot) for fragment in found)
        files[f"word/{part}.xml"] = f"<w:{root} {_NAMESPACES}>{inside}</w:{root}>"
        relations["document"].append(Relation(f"rId{part}", part.rstrip("1"), f"{part}.xml", external=False))
    body = "".join(fragment.body for fragment in found)
    background = "".join(fragment.background for fragment in found)
    section = '<w:sectPr><w:headerReference w:type="default" r:id="rIdheader1"/></w:sectPr>'
    files["word/document.xml"] = (
        f"<w:document {_NAMESPACES}>{background}<w:body>{body}{_p('<w:t>完</w:t>')}{section}</w:body></w:document>"
    )
    for fragment in found:
        files |= fragment.files
    types = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{kind}+xml"/>'
        for part, kind in [
            ("document", f"{_WORD}.document.main"),
            *((part, f"{_WORD}.{part.rstrip('1')}") for part, _ in _PARTS.values()),
            *((name[5:-4], f"{_TYPE}.drawingml.chart") for name in files if "/charts/" in name),
        ]
    )
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml", "png": "image/png", "svg": "image/svg+xml"}  # fmt: skip
    listed = "".join(f'<Default Extension="{each}" ContentType="{kind}"/>' for each, kind in defaults.items())
    office = [Relation("rId1", "officeDocument", "word/document.xml", external=False)]
    return zipped({
        "[Content_Types].xml": f'<Types xmlns="{_SCHEMAS}/package/2006/content-types">{listed}{types}</Types>',
        "_rels/.rels": _relationships(office),
        **{_relations_part(part): _relationships(each) for part, each in relations.items()},
        **files,
    })  # fmt: skip


def _relations_part(part: str) -> str:
    folder, _, name = f"word/{part}".rpartition("/")
    return f"{folder}/_rels/{name}.xml.rels"


def _relationships(relations: Iterable[Relation]) -> str:
    mode = {True: ' TargetMode="External"', False: ""}
    inner = "".join(
        f'<Relationship Id="{each.id}" Type="{_OFFICE}/relationships/{each.kind}" '
        f'Target="{each.target}"{mode[each.external]}/>'
        for each in relations
    )
    return f'<Relationships xmlns="{_SCHEMAS}/package/2006/relationships">{inner}</Relationships>'
