"""Prints pictures: inline drawings (ECMA-376 part 1, 20.4.2.8), their parts, relationships and content types.

The markup is that of docxtpl's InlineImage; part and relationship are named after the picture's content.
"""

import hashlib
from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from lxml import etree

from schemas.normal_pictures import KINDS, NormalPicture, PlacedPicture
from service.wordml import parse

CONTENT_TYPES = "[Content_Types].xml"

_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_RUN = (
    '</w:t></w:r><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
    'wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
    '<wp:docPr id="{number}" name={name} descr={description}/><wp:cNvGraphicFramePr>'
    '<a:graphicFrameLocks xmlns:a="{a}" noChangeAspect="1"/></wp:cNvGraphicFramePr>'
    '<a:graphic xmlns:a="{a}"><a:graphicData uri="{a_picture}"><pic:pic xmlns:pic="{a_picture}">'
    '<pic:nvPicPr><pic:cNvPr id="0" name={name}/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
    '</wp:inline></w:drawing></w:r><w:r><w:t xml:space="preserve">'
)
_DRAWINGML = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"


class Markup(str):
    """Text that Jinja does not escape."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def drawn(placed: PlacedPicture, number: int) -> Markup:
    """The markup of a picture in the place of its tag; `number` is its own in the part, from 1."""
    name = quoteattr(f"Picture {number}")
    return Markup(
        _RUN.format(
            width=placed.width,
            height=placed.height,
            number=number,
            name=name,
            description=quoteattr(placed.description),
            relation=_relation(placed.picture),
            a=_DRAWINGML,
            a_picture=_PICTURE,
        )
    )


def parts(pictures: Iterable[NormalPicture]) -> dict[str, bytes]:
    """The parts of the pictures by name, each once."""
    return {f"word/media/{_name(each)}": each.content for each in pictures}


def related(listed: bytes | None, pictures: Iterable[NormalPicture]) -> bytes:
    """The relationships of a part with those to its pictures."""
    root = parse(listed or f'<Relationships xmlns="{_PACKAGE[1:-1]}"/>'.encode())
    for each in dict.fromkeys(pictures):
        target = f"media/{_name(each)}"
        etree.SubElement(root, f"{_PACKAGE}Relationship", Id=_relation(each), Type=_IMAGE, Target=target)
    return _written(root)


def typed(listed: bytes) -> bytes:
    """The content types of a package with those of pictures (ECMA-376 part 2, 7.3.5)."""
    root = parse(listed)
    known = {each.get("Extension", "").lower() for each in root.iterchildren(f"{_TYPES}Default")}
    for number, extension in enumerate(sorted(KINDS.keys() - known)):
        kind = etree.Element(f"{_TYPES}Default", Extension=extension, ContentType=KINDS[extension])
        root.insert(number, kind)
    return _written(root)


def _name(picture: NormalPicture) -> str:
    return f"picture-{_hash(picture)}.{picture.kind}"


def _relation(picture: NormalPicture) -> str:
    return f"rIdPicture{_hash(picture)}"


def _hash(picture: NormalPicture) -> str:
    return hashlib.sha256(picture.content).hexdigest()[:16]


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
