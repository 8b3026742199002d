"""The rules and notes of a sheet's columns: width, format, drop-down or check, note on the heading."""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.comments import Comment
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from service.batch.inputs.sheet_columns import FieldColumn
from service.batch.sheets import column_notes, guide
from service.catalog import Edition
from service.errors import Bilingual

LAST_ROW = 5_000  # the last row with drop-downs and rules
_ID_WIDTH = 16
_TOP = Alignment(vertical="top", wrap_text=True)


@dataclass(frozen=True)
class ColumnRules:
    """Sets the columns of a sheet whose headings are in row `heading` and whose first record is in `first`.

    `leaves` are those of the guide on the page `guide_page`, which has the long lists of choices.
    """

    sheet: Worksheet
    edition: Edition
    heading: int
    first: int
    leaves: Sequence[FieldColumn]
    guide_page: str

    def set_id(self, column: int) -> None:
        """Sets the column of the submitters' ids, from 1."""
        self._shape(column, _ID_WIDTH, "@", guide.ID)
        letter = get_column_letter(column)
        span = f"${letter}${self.first}:${letter}${LAST_ROW}"
        formula = f"COUNTIF({span},{letter}{self.first})=1"
        self._rule(DataValidation("custom", formula1=formula, allow_blank=True), column, guide.ID)

    def set_field(self, column: int, leaf: FieldColumn) -> None:
        """Sets the column of a field, from 1."""
        shape, note = leaf.field.column, column_notes.note(self.edition, leaf)
        self._shape(column, shape.width, shape.format, note)
        first = f"{get_column_letter(column)}{self.first}"
        arguments = {name: value.replace("{cell}", first) for name, value in shape.rule.items()}
        if shape.choices:
            list_of = guide.drop_down(self.leaves, shape.choices, self.guide_page)
            arguments |= {"type": "list", "formula1": list_of}
            arguments |= {} if shape.only_choices else {"errorStyle": "warning"}
        if arguments:
            self._rule(DataValidation(allow_blank=True, **arguments), column, note)

    def _shape(self, column: int, width: int, format: str, note: Bilingual) -> None:
        shape = self.sheet.column_dimensions[get_column_letter(column)]
        shape.width, shape.number_format, shape.alignment = width, format, _TOP
        comment = Comment(f"{note.zh}\n{note.en}", "kexie-forms", height=90, width=260)
        self.sheet.cell(self.heading, column).comment = comment

    def _rule(self, rule: DataValidation, column: int, note: Bilingual) -> None:
        rule.prompt = rule.error = note.zh
        rule.errorTitle = "请改正 / please correct"
        rule.showErrorMessage = rule.showInputMessage = True
        letter = get_column_letter(column)
        rule.add(f"{letter}{self.first}:{letter}{LAST_ROW}")
        self.sheet.add_data_validation(rule)
