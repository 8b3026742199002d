"""The guide: a page of the blank sheet that explains how to fill it in, in Chinese and English."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from service.batch.inputs.sheet_columns import EditionColumns, FieldColumn, LeafColumn
from service.batch.sheets import column_notes, payload_row
from service.errors import Bilingual

SHEET = "填表说明"
ID = Bilingual(
    "编号：本表单、本年度内不重复，例如 3201-0001。", "The id, unique in form and year, such as 3201-0001."
)
_MERGING = Bilingual(
    "请勿合并单元格。标题上停留可看到本列的要求。",
    "Do not merge cells. Each heading has a note on its column.",
)
_SENDING = Bilingual(
    "填好后在网页“批次”中提交本文件。管理员也可运行：kexie-forms batch 本文件.xlsx --archive 档案目录",
    "Then submit this file on the page Batches. An administrator may run: "
    "kexie-forms batch THIS.xlsx --archive DIR",
)
_TOP = Alignment(vertical="top", wrap_text=True)
_LONGEST_FORMULA = 255  # characters of a list in a rule (Excel)
_LISTS = 6  # the first column of long lists of choices
_TABLE = ("列标题 Heading", "键名 Key", "要求", "Wanted")


@dataclass(frozen=True)
class GuideRows:
    """The rows of the sheet that the guide names: headings, first record, and keys if it has them."""

    heading: int
    first: int
    keys: int | None = None

    def rules(self) -> Iterator[Bilingual]:
        """What holds for all columns."""
        yield Bilingual(
            f"每行一份申报数据，从第 {self.first} 行填起；不填的单元格留空。",
            f"One row a submission, from row {self.first}; leave blank what is not filled in.",
        )
        yield ID
        zh, en = f"标题行（第 {self.heading} 行）", f"headings (row {self.heading})"
        if self.keys:
            zh, en = f"{zh}和键名行（第 {self.keys} 行）", f"{en} and keys (row {self.keys})"
        yield Bilingual(
            f"{zh}请勿改动；可以删去不用的列，可以调换列的次序。",
            f"Leave {en} as they are; columns may be removed or moved.",
        )
        yield _MERGING
        yield _SENDING


def add_guide(
    book: Workbook, title: str, known: EditionColumns, leaves: Sequence[FieldColumn], rows: GuideRows
) -> None:
    """Adds the page with the heading, key and limits of each column."""
    page = book.create_sheet(title)
    for letter, width in zip("ABCD", (42, 44, 48, 48), strict=True):
        page.column_dimensions[letter].width = width
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.cell(1, 1, known.edition.title).font = Font(name="宋体", size=14, bold=True)
    asked = (leaf.field.column for leaf in known.leaves if isinstance(leaf, LeafColumn))
    rules = (*rows.rules(), *dict.fromkeys(column.guide for column in asked if column.guide))
    lines = [text for rule in rules for text in (rule.zh, rule.en)]
    for row, text in enumerate(lines, 2):
        page.cell(row, 1, text)
    _add_table(page, len(lines) + 3, known, leaves)
    _add_lists(page, leaves)


def _add_table(page: Worksheet, top: int, known: EditionColumns, leaves: Sequence[FieldColumn]) -> None:
    for column, text in enumerate(_TABLE, 1):
        cell = page.cell(top, column, text)
        cell.font, cell.fill = Font(name="宋体", bold=True), PatternFill("solid", fgColor="D9D9D9")
    for row, leaf in enumerate(leaves, top + 1):
        note = column_notes.note(known.edition, leaf)
        for column, text in enumerate((known.heading(leaf), leaf.name, note.zh, note.en), 1):
            cell = page.cell(row, column)
            payload_row.set_cell(cell, text)
            cell.alignment = _TOP


def _add_lists(page: Worksheet, leaves: Sequence[FieldColumn]) -> None:
    """Adds the long lists of choices in hidden columns, for `drop_down`."""
    for column, choices in enumerate(_long_lists(leaves), _LISTS):
        for row, text in enumerate(choices, 1):
            payload_row.set_cell(page.cell(row, column), text)
        page.column_dimensions[get_column_letter(column)].hidden = True


def drop_down(leaves: Sequence[FieldColumn], choices: tuple[str, ...], title: str = SHEET) -> str:
    """The formula of a drop-down list: the choices, or the cells of the page `title` that have them."""
    if _fits(choices):
        return f'"{",".join(choices)}"'
    letter = get_column_letter(_LISTS + _long_lists(leaves).index(choices))
    return f"'{title}'!${letter}$1:${letter}${len(choices)}"


def _long_lists(leaves: Sequence[FieldColumn]) -> list[tuple[str, ...]]:
    """The choices that do not fit into the formula of a rule, each once."""
    lists = (leaf.field.column.choices for leaf in leaves)
    return list(dict.fromkeys(choices for choices in lists if not _fits(choices)))


def _fits(choices: tuple[str, ...]) -> bool:
    return len(",".join(choices)) <= _LONGEST_FORMULA and not any(set(',"') & set(each) for each in choices)
