"""Picture: a photograph or drawing in its place on the form."""

from typing import Any

from schemas import cells, normal_pictures
from schemas.bilingual import Bilingual
from schemas.cells import CellError, Value
from schemas.fields.aspects import PageControl, SheetColumn, Unreadable
from schemas.fields.leaf import Leaf, fault
from schemas.normal_pictures import KINDS, NormalPicture, PictureFault, PlacedPicture
from schemas.white_space import Change

_HOW = Bilingual(
    "图片不能填在表格里，请用 JSON 报文提交，或在网页上添加。",
    "A picture cannot be typed into a sheet: send it as JSON, or add it on the page.",
)


class Picture(Leaf):
    """A PNG or JPEG file, sent as base64 text; printed as large as its place allows, in its proportions.

    `width` and `height` are those of its place, in millimetres.
    """

    shape = "text"
    place: tuple[float, float]
    faults = {
        "not_a_picture": (
            "应为 PNG 或 JPEG 图片文件的 Base64 文字，不带“data:”前缀。",
            "Must be the base64 text of a PNG or JPEG file, without a data: prefix.",
        ),
        "picture_format": (
            "不是 PNG 或 JPEG 图片{zh}，请另存为 JPEG 后重新提交。",
            "Is no PNG or JPEG picture{en}: save it as JPEG and resubmit.",
        ),
        "picture_too_large": (
            "图片文件有 {size} MB，最多 {maximum} MB，请缩小后重新提交。",
            "The picture's file has {size} MB, at most {maximum} MB are accepted: reduce it and resubmit.",
        ),
        "picture_too_many_pixels": (
            "图片超过 {maximum} 万像素，请缩小后重新提交。",
            "The picture has more than {maximum}0,000 pixels: reduce it and resubmit.",
        ),
        "picture_damaged": (
            "图片文件不完整或已损坏，请用看图软件打开并另存后重新提交。",
            "The picture's file is incomplete or damaged: open it in a viewer, save it again and resubmit.",
        ),
    }
    cell_faults = {"picture_in_cell": (_HOW.zh, _HOW.en)}
    difference = Bilingual("读回的图片与提交的不同。", "The picture read back differs from the one sent.")

    def __init__(self, title: str, width: float, height: float, **keywords: Any) -> None:
        self.place = (width, height)
        size = f"{width:g} × {height:g}"
        super().__init__(
            title,
            type="string",
            contentEncoding="base64",
            contentMediaType=", ".join(KINDS.values()),
            description=f"PNG 或 JPEG，印在 {size} 毫米之内 / PNG or JPEG, printed within {size} mm",
            **keywords,
        )

    def read(self, value: Any) -> NormalPicture | None:
        if not isinstance(value, str):
            raise fault("not_a_picture")
        try:
            content = normal_pictures.decoded(value)
        except ValueError as error:
            raise fault("not_a_picture") from error
        if not content:
            return None
        try:
            return normal_pictures.normal(content, *self.place, normal_pictures.limits())
        except PictureFault as error:
            raise fault(error.code, **error.values) from error

    def plain(self, text: str) -> str:
        return text

    def changes(self, value: Any) -> list[Change]:
        return []

    def shown(self, value: Any) -> Any:
        if value is None:
            return ""
        width, height = value.within(*self.place)
        return PlacedPicture(value, width, height, self.title)

    def printed(self, text: str) -> Any:
        """Words in the place of a picture are none."""
        if text.strip():
            raise Unreadable

    def in_unit(self, by: str, of: str) -> bool:
        return True

    def same(self, sent: Any, back: Any) -> bool:
        return bool(sent == back or (sent and back and normal_pictures.alike(sent, back)))

    def cell(self, value: Value) -> Any:
        if cells.trimmed(cells.shown(value)):
            raise CellError("picture_in_cell")

    def to_cell(self, value: Any) -> Any:
        """Nothing: no sheet has a column for it."""

    @property
    def column(self) -> SheetColumn:
        return SheetColumn(16, "@", _HOW, guide=_HOW, offered=False)

    @property
    def control(self) -> PageControl:
        return PageControl("picture", 4, place=self.place)
