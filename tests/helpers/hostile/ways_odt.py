"""Ways by which an .odt names something outside of it (OpenDocument 1.2, part 1), and SVG inside of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from tests.helpers.docx_builder import zipped

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_SHORT = {
    "draw": "drawing", "fo": "xsl-fo-compatible", "svg": "svg-compatible", "number": "datastyle", "db": "database",
} | {name: name for name in ("office", "text", "style", "table", "form", "meta", "script", "config", "manifest", "chart")}  # fmt: skip
_NAMES = {name: f"{_OASIS}{full}:1.0" for name, full in _SHORT.items()} | {
    "xlink": "http://www.w3.org/1999/xlink",
    "xforms": "http://www.w3.org/2002/xforms",
    "dom": "http://www.w3.org/2001/xml-events",
    "ooo": "http://openoffice.org/2004/office",
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
    "library": "http://openoffice.org/2000/library",
}
_NAMESPACES = " ".join(f'xmlns:{name}="{address}"' for name, address in _NAMES.items())
_TEXT = "application/vnd.oasis.opendocument.text"
_LINK = 'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"'


class Fragment(NamedTuple):
    """What one way adds to the parts of a document; `files` are further parts."""

    body: str = ""
    fonts: str = ""
    scripts: str = ""
    automatic: str = ""
    styles: str = ""
    meta: str = ""
    settings: str = ""
    files: Mapping[str, str] = MappingProxyType({})


Make = Callable[[str, str], Fragment]  # address of a folder outside, and a name of its own


def _frame(tag: str, more: str = "", inside: str = "") -> Make:
    """A frame that shows what is at an address ending in `more`."""

    def make(to: str, name: str) -> Fragment:
        box = f'<draw:frame draw:name="{name}" svg:width="1cm" svg:height="1cm" text:anchor-type="as-char">'
        link = f'xlink:href="{to}/{more}" {_LINK}' if more else ""
        opened = tag.format(to=to, name=name)
        end = opened.partition(" ")[0]
        return Fragment(
            f"<text:p>{box}<draw:{opened} {link}>{inside.format(to=to)}</draw:{end}></draw:frame></text:p>"
        )

    return make


def _section(source: str) -> Make:
    return lambda to, name: Fragment(
        f'<text:section text:name="{name}">{source.format(to=to)}<text:p>旧</text:p></text:section>'
    )


def _picture(content: str, extension: str = "svg") -> Make:
    """A picture in the package that itself names something outside."""

    def make(to: str, name: str) -> Fragment:
        part = f"Pictures/{name}.{extension}"
        frame = _frame("image", part)("", name).body.replace('"/Pictures', '"Pictures')
        return Fragment(frame, files={part: content.format(to=to)})

    return make


def svg(inside: str, head: str = "") -> Make:
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return _picture(f'{head}<svg {names} width="20" height="20">{inside}<rect width="9" height="9"/></svg>')


def _xforms(inside: str) -> Make:
    def make(to: str, name: str) -> Fragment:
        model = f'<xforms:model id="{name}">{inside.format(to=to)}</xforms:model>'
        return Fragment(f'<office:forms form:apply-design-mode="false">{model}</office:forms>')

    return make


def _form(kind: str, inside: str) -> Make:
    def make(to: str, name: str) -> Fragment:
        form = f'<form:form form:name="{name}" {kind.format(to=to)}>{inside.format(to=to, name=name)}</form:form>'
        control = f'<text:p><draw:control svg:width="1cm" svg:height="1cm" draw:control="{name}"/></text:p>'
        return Fragment(f"<office:forms>{form}</office:forms>{control}")

    return make


def _object(content: str) -> Make:
    """An object in the package, with a content.xml of its own."""

    def make(to: str, name: str) -> Fragment:
        body = f'<office:document-content {_NAMESPACES} office:version="1.2">{content.format(to=to)}</office:document-content>'
        frame = _frame("object", name)("", name).body.replace(f'"/{name}', f'"./{name}')
        return Fragment(frame, files={f"{name}/content.xml": body})

    return make


def _event(to: str, name: str) -> Fragment:
    listener = '<script:event-listener script:language="ooo:script" script:event-name="{event}" xlink:href="{href}" {link}/>'
    hrefs = [f"vnd.sun.star.script:{name}.Module.Main?language=Basic&amp;location=document", f"{to}/a.bas"]
    events = [
        listener.format(event=event, href=href, link=_LINK)
        for event in ("dom:load", "office:new", "dom:unload")
        for href in hrefs
    ]
    library = f'<library:library library:name="{name}" xlink:href="{to}/script.xlb" library:link="true" library:readonly="false"/>'
    return Fragment(
        scripts=f"<office:event-listeners>{''.join(events)}</office:event-listeners>",
        files={"Basic/script-lc.xml": f"<library:libraries {_NAMESPACES}>{library}</library:libraries>"},
    )


def _style(more: str, used: str = "") -> Make:
    def make(to: str, name: str) -> Fragment:
        return Fragment(
            used.format(name=name),
            automatic=f'<style:style style:name="{name}" style:family="paragraph">{more.format(to=to)}</style:style>',
        )

    return make


def _list_picture(to: str, name: str) -> Fragment:
    level = f'<text:list-level-style-image text:level="1" xlink:href="{to}/a.png" {_LINK}/>'
    return Fragment(
        f'<text:list text:style-name="{name}"><text:list-item><text:p>项</text:p></text:list-item></text:list>',
        automatic=f'<text:list-style style:name="{name}">{level}</text:list-style>',
    )


def _font(to: str, name: str) -> Fragment:
    source = f'<svg:font-face-uri xlink:href="{to}/a.ttf" {_LINK}><svg:font-face-format svg:string="truetype"/></svg:font-face-uri>'
    face = f'<style:font-face style:name="{name}" svg:font-family="{name}"><svg:font-face-src>{source}</svg:font-face-src></style:font-face>'
    style = f'<style:text-properties style:font-name="{name}" fo:font-family="{name}"/>'
    shown = _style(style, '<text:p text:style-name="{name}">字</text:p>')(to, name)
    return shown._replace(fonts=face)


def _settings(to: str, name: str) -> Fragment:
    items = "".join(
        f'<config:config-item config:name="{item}" config:type="string">{to}/a.{ending}</config:config-item>'
        for item, ending in (
            ("CurrentDatabaseDataSource", "odb"), ("ColorTableURL", "soc"), ("GradientTableURL", "sog"),
            ("BitmapTableURL", "sob"), ("LineEndTableURL", "soe"), ("PrintFaxName", "txt"),
        )
    )  # fmt: skip
    group = (
        f'<config:config-item-set config:name="ooo:configuration-settings">{items}</config:config-item-set>'
    )
    return Fragment(settings=group)


_DDE = 'office:dde-application="soffice" office:dde-topic="{to}/a.odt" office:dde-item="x" office:automatic-update="true"'
_FACE = '<style>@import url("{to}/a.css"); @font-face {{font-family: x; src: url("{to}/a.ttf")}} rect {{fill: url("{to}/a.svg#b")}}</style><text font-family="x" y="9">字</text>'
_DATA = '<office:body><office:chart><chart:chart chart:class="chart:bar" xlink:href="{to}/a.ods" svg:width="1cm" svg:height="1cm"><chart:plot-area table:cell-range-address="\'{to}/a.ods\'#$A.A1:B2"/></chart:chart></office:chart></office:body>'

WAYS: dict[str, Make] = {
    "linked section": _section(f'<text:section-source xlink:href="{{to}}/a.odt" {_LINK}/>'),
    "linked section of a text file": _section(f'<text:section-source xlink:href="{{to}}/a.txt" {_LINK} text:filter-name="Text"/>'),
    "DDE section": _section(f"<office:dde-source {_DDE}/>"),
    "DDE field": lambda to, name: Fragment(
        f'<text:dde-connection-decls><text:dde-connection-decl office:name="{name}" {_DDE.format(to=to)}/></text:dde-connection-decls>'
        f'<text:p><text:dde-connection text:connection-name="{name}">旧</text:dde-connection></text:p>'
    ),
    "linked picture": _frame("image", "a.png"),
    "linked SVG": _frame("image", "a.svg"),
    "linked object": _frame("object", "a.odt"),
    "linked OLE object": _frame("object-ole", "a.ole"),
    "floating frame": _frame("floating-frame", "a.odt"),
    "plug-in": _frame('plugin draw:mime-type="text/html"', "a.html"),
    "video": _frame('plugin draw:mime-type="application/vnd.sun.star.media"', "a.mp4"),
    "applet": _frame('applet draw:code="a.class" draw:archive="{to}/a.jar"', "a.class"),
    "picture in SVG": svg('<image width="9" height="9" xlink:href="{to}/a.png"/><use xlink:href="{to}/a.svg#b"/>'),
    "fonts and styles in SVG": svg(_FACE, '<?xml-stylesheet href="{to}/a.css"?>'),
    "DTD and entities of SVG": svg("<text y=\"9\">&amp;b;</text>".replace("&amp;", "&"), '<!DOCTYPE svg SYSTEM "{to}/a.dtd" [<!ENTITY b SYSTEM "{to}/a.txt">]>'),
    "EPS picture": _picture("%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n({to}/a.txt) (r) file closefile\nshowpage\n", "eps"),
    "XForms instance": _xforms('<xforms:instance id="i" src="{to}/a.xml" xlink:href="{to}/b.xml"/>'),
    "XForms schema and submission": lambda to, name: Fragment(
        f'<office:forms><xforms:model id="{name}" schema="{to}/a.xsd"><xforms:submission id="s" action="{to}/a.cgi" resource="{to}/b.cgi" method="get"/></xforms:model></office:forms>'
    ),
    "template": lambda to, name: Fragment(meta=f'<meta:template {_LINK} xlink:href="{to}/a.ott" xlink:title="a" meta:date="1990-01-01T00:00:00"/>'),
    "reload": lambda to, name: Fragment(meta=f'<meta:auto-reload {_LINK} xlink:href="{to}/a.odt" meta:delay="PT0S"/>'),
    "scripts on load, linked library": _event,
    "remote font": _font,
    "background picture": _style(f'<style:paragraph-properties><style:background-image xlink:href="{{to}}/a.png" {_LINK}/></style:paragraph-properties>', '<text:p text:style-name="{name}">底</text:p>'),
    "fill picture": lambda to, name: Fragment(styles=f'<draw:fill-image draw:name="{name}" xlink:href="{to}/a.png" {_LINK}/>'),
    "picture as bullet": _list_picture,
    "settings": _settings,
    "database field": lambda to, name: Fragment(
        f'<text:p><text:database-display text:column-name="a" text:table-name="b" text:table-type="table"><form:connection-resource xlink:href="{to}/a.odb"/>旧</text:database-display></text:p>'
    ),
    "form with a database": _form('form:command-type="table" form:command="b" form:datasource="{to}/a.odb" xlink:href="{to}/a.cgi"', '<form:connection-resource xlink:href="{to}/b.odb"/><form:listbox form:name="l" xml:id="{name}" form:id="{name}" form:list-source-type="sql" form:list-source="select 1"/>'),
    "picture of a form": _form("", '<form:image-frame form:name="i" xml:id="{name}" form:id="{name}" form:image-data="{to}/a.png"/>'),
    "index marks": lambda to, name: Fragment(
        f'<text:alphabetical-index text:name="{name}"><text:alphabetical-index-source><text:alphabetical-index-auto-mark-file xlink:href="{to}/a.sdi" {_LINK}/></text:alphabetical-index-source><text:index-body/></text:alphabetical-index>'
    ),
    "chart with outside data": _object(_DATA),
    "object with a linked picture": _object('<office:body><office:text><text:p><draw:frame text:anchor-type="as-char" svg:width="1cm" svg:height="1cm"><draw:image xlink:href="{to}/a.png"/></draw:frame></text:p></office:text></office:body>'),
    "linked table": lambda to, name: Fragment(
        f'<table:table table:name="{name}"><table:table-source xlink:href="{to}/a.ods" table:table-name="A" {_LINK}/><table:table-column/><table:table-row><table:table-cell><text:p>格</text:p></table:table-cell></table:table-row></table:table>'
    ),
    "hyperlink and its picture map": lambda to, name: Fragment(f'<text:p><text:a xlink:href="{to}/a.html" {_LINK} office:target-frame-name="_self">链</text:a></text:p>'),
}  # fmt: skip


SINGLE = ("template", "reload")  # of which a document has one


def document(fragments: Iterable[Fragment]) -> bytes:
    """An .odt with all `fragments`."""
    found = list(fragments)

    def of(slot: str) -> str:
        return "".join(getattr(fragment, slot) for fragment in found)

    def root(kind: str, inside: str) -> str:
        return f'<office:document-{kind} {_NAMESPACES} office:version="1.2">{inside}</office:document-{kind}>'

    fonts = f"<office:font-face-decls>{of('fonts')}</office:font-face-decls>"
    automatic = f"<office:automatic-styles>{of('automatic')}</office:automatic-styles>"
    text = f"<office:body><office:text>{of('body')}<text:p>完</text:p></office:text></office:body>"
    parts = {
        "content.xml": root(
            "content", f"<office:scripts>{of('scripts')}</office:scripts>{fonts}{automatic}{text}"
        ),
        "styles.xml": root("styles", f"{fonts}<office:styles>{of('styles')}</office:styles>"),
        "meta.xml": root("meta", f"<office:meta>{of('meta')}</office:meta>"),
        "settings.xml": root("settings", f"<office:settings>{of('settings')}</office:settings>"),
    }
    for fragment in found:
        parts |= fragment.files
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in [("/", _TEXT), *((name, _media_type(name)) for name in [*parts, *_folders(parts)])]
    )
    manifest = f'<manifest:manifest {_NAMESPACES} manifest:version="1.2">{entries}</manifest:manifest>'
    return zipped({"mimetype": _TEXT, "META-INF/manifest.xml": manifest, **parts})


def _folders(parts: Iterable[str]) -> list[str]:
    return [name.removesuffix("content.xml") for name in parts if name.endswith("/content.xml")]


def _media_type(name: str) -> str:
    if name.endswith("/"):
        return _TEXT
    return {"svg": "image/svg+xml", "eps": "image/x-eps"}.get(name.rpartition(".")[2], "text/xml")
