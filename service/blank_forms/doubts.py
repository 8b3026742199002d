"""Why a person should look at a place: reasons for doubt, in both languages."""

from service.errors import Bilingual

REASONS = {
    "approver_writes": Bilingual(
        "由审批人填写；如应留空手写，请去掉。",
        "Approvers write here; leave it out if it stays blank for pen.",
    ),
    "blank_in_sentence": Bilingual(
        "空白在句子中，名称取自前后文字。",
        "The blank is inside a sentence; its label is the words around it.",
    ),
    "list_without_head": Bilingual(
        "表格没有表头，栏名取自上方文字。", "The table has no head; its columns are named by the text above."
    ),
    "options_to_strike_out": Bilingual(
        "选项没有方框，须划去不选的。", "The options have no boxes: those not chosen are struck out."
    ),
    "photo_by_shape": Bilingual(
        "格内没有文字，按位置和大小判为照片。",
        "Nothing is printed in the cell; its place and size are a photo's.",
    ),
    "questions_to_answer": Bilingual(
        "格内印有填写提纲，答案写在其后。", "The cell prints what to write; the answer follows it."
    ),
    "room_in_cell": Bilingual("名称下方留有空处。", "There is room below the label in its own cell."),
    "rows_named": Bilingual(
        "各行名称已由表格印好，只填其余各栏。",
        "The form prints the rows' names; only the other columns are filled in.",
    ),
    "several_cells": Bilingual("一项答案分填在几个格中。", "One answer is spread over several cells."),
    "several_rows": Bilingual(
        "一个名称旁有几行空格，作为一段文字。", "Several blank rows beside one label are taken as one text."
    ),
    "single_box": Bilingual("只有一个方框，作为是否勾选。", "A single box is taken as yes or no."),
    "no_label": Bilingual("旁边没有印名称，请取一个。", "No label is printed beside it: give it one."),
    "stamped_name": Bilingual("填写名称并加盖公章。", "A name to fill in, with a seal over it."),
}
