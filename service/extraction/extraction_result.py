"""The result of an extraction: payload and warnings, with their messages and positions in words."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from schemas.characters import PlainCharacter
from service.catalog import Edition
from service.character_notices import notice
from service.errors import Bilingual
from service.extraction.skeleton import RowNumbers, Slot
from service.submission import place as pointer_and_label

_SHOWN = 60

MESSAGES = {
    "unread_text": Bilingual("这段文字不属于任何栏目，未读取。", "The text belongs to no field; not read."),
    "row_added": Bilingual("表单上没有这一行，未读取。", "The form has no such row; not read."),
    "sum_row": Bilingual(
        "小计、合计或“其中”行不是项目，未作为项目读取。",
        "A row with a subtotal, a total or a part of one is no item; not read as one.",
    ),
    "sum_differs": Bilingual(
        "小计或合计行与以上各项之和不符，未作为项目读取，请核对。",
        "A subtotal or total differs from the sum of the rows above; not read as an item. Please check.",
    ),
    "row_missing": Bilingual(
        "缺少这一行，其中各栏未读取。", "This row is missing; its fields were not read."
    ),
    "table_missing": Bilingual(
        "缺少这个表格，其中各栏未读取。", "This table is missing; its fields were not read."
    ),
    "line_missing": Bilingual(
        "没有找到这一栏的文字，未读取。", "The label of this field was not found; not read."
    ),
    "label_changed": Bilingual(
        "栏目名称被改动，按位置读取，请核对。", "The label was changed; read by position. Please check."
    ),
    "cells_joined": Bilingual(
        "多个单元格或多行并为一栏读取，请核对。", "Several cells or lines were read as one. Please check."
    ),
    "cells_unclear": Bilingual(
        "单元格被拆分或合并，无法确定，未读取。", "Cells were split or merged; not read."
    ),
    "unreadable": Bilingual("无法确定填写的内容，未读取。", "The content is uncertain; not read."),
    "capitals_differ": Bilingual(
        "大写金额与小写金额不一致，未读取。",
        "The amount in capitals differs from the digits; not read.",
    ),
    "unclear_box": Bilingual(
        "无法确定勾选的是哪一项，未读取。", "It is uncertain which box is ticked; not read."
    ),
    "unclear_score": Bilingual(
        "只写满分值，无法确定是满分还是未评分，未读取。",
        "Only the maximum is printed: full points or no score; not read.",
    ),
    "unit_differs": Bilingual(
        "栏目名称写的是另一种单位，数值未读取。", "The label names another unit; the number was not read."
    ),
    "year_differs": Bilingual("年度与标题不一致，请核对。", "The year differs from the title. Please check."),
    "text_box": Bilingual("文本框或图形中的文字未读取。", "The text in a text box or shape was not read."),
    "picture": Bilingual(
        "图片、图表或嵌入的对象未读取。", "A picture, chart or embedded object was not read."
    ),
    "picture_cropped": Bilingual(
        "图片在文书中裁剪过，读取的是整张图片，请核对。",
        "The picture is cropped in the document; all of it was read. Please check.",
    ),
    "alternative_text": Bilingual(
        "为其他版本的 Word 另备的文字与此不同，未读取，请核对。",
        "Different text for other versions of Word was not read. Please check.",
    ),
    "bound_text": Bilingual(
        "内容控件绑定的数据与其中的文字不同，按绑定的数据读取（Word 打开时显示这个），请核对。",
        "A content control's bound data, which Word displays, was read in place of this text. Please check.",
    ),
    "bound_unknown": Bilingual(
        "内容控件绑定的数据无法确定，按其中的文字读取，请核对。",
        "A content control's bound data is uncertain; its own text was read. Please check.",
    ),
    "imported_part": Bilingual(
        "Word 打开时插入的内容（如子文档）未读取。请在 Word 中打开并另存后重试。",
        "Content that Word imports on opening (such as a subdocument) was not read. "
        "Open the file in Word, save it, and try again.",
    ),
    "box_differs": Bilingual(
        "方框显示的与控件的勾选状态不一致，按勾选状态读取，请核对。",
        "A box shows another state than its content control; read by the control. Please check.",
    ),
    "missed_text": Bilingual("这里的文字未能读取，请核对。", "Text here could not be read. Please check."),
    "footnote": Bilingual("脚注或尾注未读取。", "A footnote or endnote was not read."),
    "field": Bilingual(
        "域的内容不在文字之中，未读取。", "The field's printed content is not text; not read."
    ),
    "struck_text": Bilingual("划去的文字未读取，请核对。", "Struck-out text was not read. Please check."),
    "more": Bilingual("另有更多处不能确定，未逐一列出。", "More uncertain positions are not listed."),
    "formula": Bilingual("公式未读取。", "A formula was not read."),
    "hidden_text": Bilingual(
        "隐藏、极小、与底色相同或移出页面的文字看不见，未读取。",
        "Text that is hidden, tiny, of the colour behind it or off the page was not read.",
    ),
    "unclear_style": Bilingual(
        "样式互相抵消，有的软件划去或隐藏这段文字；已读取，请核对。",
        "Styles cancel out: some programs strike out or hide this text. Read; please check.",
    ),
    "right_to_left": Bilingual(
        "文字设为从右向左排列，显示的次序可能与所存的不同；按所存的次序读取，请核对。",
        "Text runs from right to left and may be shown in another order than it is stored, in which it was "
        "read. Please check.",
    ),
    "capitals": Bilingual(
        "字母设为以大写显示，按显示的读取，请核对。",
        "Letters are shown as capitals and were read as such. Please check.",
    ),
    "nested_table": Bilingual(
        "单元格中的表格按文字读取，请核对。", "A table in a cell was read as text. Please check."
    ),
    "symbol": Bilingual("不认识的符号，未读取。", "An unknown symbol was not read."),
    "numbering": Bilingual("自动编号不在文字之中，未读取。", "Automatic numbers are not text; not read."),
}


@dataclass(frozen=True)
class ReadingWarning:
    """A position that could not be read with certainty, or whose text belongs to no field.

    `pointer` and `label` name the field (JSON Pointer, RFC 6901; official label), or are "" without one.
    `place` is the position in the document (表 and 行 count from 1), `text` the text found there.
    """

    pointer: str
    label: str
    code: str
    place: Bilingual
    text: str
    message: Bilingual

    def as_dict(self, lang: str = "zh") -> dict[str, str]:
        """The warning for JSON, in `lang` "zh" or "en"."""
        return {
            "pointer": self.pointer,
            "label": self.label,
            "code": self.code,
            "place": self.place.of(lang),
            "text": self.text,
            "message": self.message.of(lang),
        }


@dataclass(frozen=True)
class Extraction:
    """An extracted form: edition, payload without blank fields, and warnings."""

    edition: Edition
    data: dict[str, Any]
    warnings: tuple[ReadingWarning, ...]

    def as_dict(self, lang: str = "zh") -> dict[str, Any]:
        """The API's response with messages in `lang`, for `payload_json.dump`: `data` may hold Decimals."""
        return {
            "form": self.edition.form,
            "year": self.edition.year,
            "data": self.data,
            "warnings": [warning.as_dict(lang) for warning in self.warnings],
        }


def warning(
    edition: Edition, code: str, place: Bilingual, text: str, slot: Slot | None = None, rows: RowNumbers = ()
) -> ReadingWarning:
    """The warning `code` at a position; with a slot for its field, in its row if it is repeated."""
    pointer, label = pointer_and_label(edition, slot.at(rows)) if slot else ("", "")
    return ReadingWarning(pointer, label, code, place, shown(text), MESSAGES[code])


def made_plain(
    edition: Edition,
    change: PlainCharacter,
    place: Bilingual,
    text: str,
    slot: Slot,
    rows: RowNumbers = (),
) -> ReadingWarning:
    """The warning of a character at a position that was made plain."""
    found = notice(change, *pointer_and_label(edition, slot.at(rows)))
    return ReadingWarning(found.pointer, found.label, found.code, place, shown(text), found.message)


def shown(text: str) -> str:
    """`text` in one line, shortened for a message."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}……"


@lru_cache(maxsize=4096)
def in_table(table: int, row: int, cell: int | None = None) -> Bilingual:
    """A cell or row of a table, counted from 1."""
    if cell is None:
        return Bilingual(f"第{table}个表格第{row}行", f"table {table}, row {row}")
    return Bilingual(f"第{table}个表格第{row}行第{cell}格", f"table {table}, row {row}, cell {cell}")


def whole_table(table: int) -> Bilingual:
    """A table, counted from 1."""
    return Bilingual(f"第{table}个表格", f"table {table}")


def in_paragraph(number: int) -> Bilingual:
    """A paragraph outside the tables, counted from 1."""
    return Bilingual(f"表格外第{number}段", f"paragraph {number} outside the tables")
