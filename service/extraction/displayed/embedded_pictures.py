"""The picture of a drawing (ECMA-376 part 1, 20.2.2.5; part 4, 19.1.2.11): its file, and how it is placed."""

import re
from dataclasses import dataclass

from lxml import etree

from service.wordml import W
from service.wordml.word_package import R, relations

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_BLIP, _CROP = _A + "blip", _A + "srcRect"
_VML = "{urn:schemas-microsoft-com:vml}imagedata"
_ANCHOR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}anchor"
_NAMES = {_BLIP: R + "embed", _VML: R + "id"}
_NUMBER = re.compile(r"-?[0-9]{0,9}\.?[0-9]{1,9}")
_CROPPED = 0.01
_VML_CROPS = ("cropleft", "cropright", "croptop", "cropbottom")


@dataclass(frozen=True)
class EmbeddedPicture:
    """The file of a picture; `floats` beside the text as a seal does; `is_cropped`: a part of it is shown."""

    content: bytes
    floats: bool
    is_cropped: bool


def embedded(drawing: etree._Element, parts: dict[str, bytes], name: str) -> EmbeddedPicture | None:
    """The picture of a drawing in the part `name`; None unless it shows one file of the package."""
    shown = list(drawing.iter(*_NAMES))
    if len(shown) != 1 or drawing.tag == W + "object":
        return None
    target = relations(parts, name).get(shown[0].get(_NAMES[str(shown[0].tag)], ""), "")
    if target not in parts:
        return None
    floats = drawing.find(_ANCHOR) is not None or any(
        "position:absolute" in each.get("style", "") for each in drawing.iter()
    )
    return EmbeddedPicture(parts[target], floats, _is_cropped(drawing))


def _is_cropped(drawing: etree._Element) -> bool:
    """Whether more than one hundredth of a side is cut off; LibreOffice rounds to less."""
    shares = [_number(str(side)) / 100_000 for crop in drawing.iter(_CROP) for side in crop.attrib.values()]
    for side in [image.get(side, "0") for image in drawing.iter(_VML) for side in _VML_CROPS]:
        shares.append(_number(side.removesuffix("f")) / (65_536 if side.endswith("f") else 1))
    return max(shares, default=0) > _CROPPED


def _number(text: str) -> float:
    return float(text) if _NUMBER.fullmatch(text) else 0.0
