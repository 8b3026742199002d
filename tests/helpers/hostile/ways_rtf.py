"""Ways by which an .rtf names something outside of it (RTF 1.9.1), and an .doc with the same fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable

Make = Callable[[str, str], str]  # address of a folder outside, and a name of its own


def field(instruction: str, result: str = "x") -> str:
    """A field as RTF."""
    return f"{{\\field{{\\*\\fldinst {{ {instruction} }}}}{{\\fldrslt {{{result}}}}}}}\\par\n"


def _field(instruction: str) -> Make:
    return lambda to, name: field(instruction.format(to=to.replace("\\", "\\\\")))


def _shape(*properties: tuple[str, str]) -> Make:
    def make(to: str, name: str) -> str:
        inside = "".join(f"{{\\sp{{\\sn {key}}}{{\\sv {value.format(to=to)}}}}}" for key, value in properties)
        box = "\\shpleft0\\shptop0\\shpright900\\shpbottom900\\shpwr3"
        return f"{{\\shp{{\\*\\shpinst{box}{inside}}}}}\\par\n"

    return make


def _object(kind: str) -> Make:
    """An object of OLE 1.0 ([MS-OLEDS] 2.2.4), linked to a file."""

    def make(to: str, name: str) -> str:
        def string(text: str) -> bytes:
            content = text.encode() + b"\0"
            return len(content).to_bytes(4, "little") + content

        path = string(f"{to}/a.doc")
        data = b"\x01\x05\0\0\x01\0\0\0" + string("Word.Document.8") + path + string("x") + bytes(12)
        named = "{\\*\\objclass Word.Document.8}{\\*\\objname x}"
        return f"{{\\object\\{kind}\\rsltpict\\objw900\\objh900{named}{{\\*\\objdata {data.hex()}}}{{\\result x}}}}\\par\n"

    return make


def _group(text: str) -> Make:
    return lambda to, name: text.format(to=to)


_PIB = (("shapeType", "75"), ("pib", ""), ("pibName", "{to}/a.png"), ("pibFlags", "2"))
_FILL = (("shapeType", "1"), ("fillType", "3"), ("fillBlipName", "{to}/a.png"), ("fillBlipFlags", "2"))

FIELDS = {
    "INCLUDEPICTURE": 'INCLUDEPICTURE "{to}/a.png" \\\\d',
    "INCLUDETEXT": 'INCLUDETEXT "{to}/a.doc"',
    "INCLUDETEXT of a text file": 'INCLUDETEXT "{to}/a.txt" \\\\c Text',
    "IMPORT": 'IMPORT "{to}/a.png"',
    "INCLUDE": 'INCLUDE "{to}/a.doc"',
    "LINK": 'LINK Word.Document.8 "{to}/a.doc" "" \\\\a \\\\p',
    "DDE": 'DDE soffice "{to}/a.odt" x',
    "DDEAUTO": 'DDEAUTO soffice "{to}/a.odt" x \\\\a',
    "DATABASE": 'DATABASE \\\\d "{to}/a.mdb" \\\\s "select * from b" \\\\l 1',
    "RD": 'RD "{to}/a.doc"',
    "MERGEFIELD": "MERGEFIELD a",
    "HYPERLINK": 'HYPERLINK "{to}/a.html"',
}

WAYS: dict[str, Make] = {
    **{f"{name} field": _field(instruction) for name, instruction in FIELDS.items()},
    "template": _group("{{\\*\\template {to}/a.dot}}"),
    "linked object": _object("objlink"),
    "object that updates itself": _object("objautlink\\objupdate"),
    "linked picture of a shape": _shape(*_PIB),
    "linked fill of a shape": _shape(*_FILL),
    "background": _group(
        "{{\\*\\background{{\\shp{{\\*\\shpinst{{\\sp{{\\sn fillType}}{{\\sv 3}}}}{{\\sp{{\\sn fillBlipName}}{{\\sv {to}/a.png}}}}}}}}}}}}"
    ),
    "files": _group("{{\\*\\filetbl{{\\file\\fid0\\frelative0\\fvaliddos {to}/a.doc}}}}{{\\*\\subdocument0}}\n"),
    "next file": _group("{{\\*\\nextfile {to}/a.rtf}}"),
    "hyperlink base": lambda to, name: f"{{\\info{{\\*\\hlinkbase {to}/}}}}{field('INCLUDEPICTURE a.png')}",
    "font file": _group("{{\\fonttbl{{\\f9\\fnil{{\\*\\fontemb\\ftruetype{{\\*\\fontfile {to}/a.ttf}}}}Kexie;}}}}{{\\f9 x}}\\par\n"),
    "mail merge": _group(
        "{{\\*\\mailmerge\\mmlinktoquery\\mmdatatypeodso{{\\*\\mmdatasource {to}/a.odb}}{{\\*\\mmconnectstr DSN={to}/a.odb}}{{\\*\\mmquery select 1}}}}"
    ),
}  # fmt: skip


SINGLE = ("template", "next file", "hyperlink base")  # of which a document has one


def document(fragments: Iterable[str]) -> bytes:
    """An .rtf with all `fragments`."""
    return f"{{\\rtf1\\ansi {''.join(fragments)}end\\par}}".encode()
