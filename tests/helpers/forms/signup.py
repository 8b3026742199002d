"""An invented blank form, as an office would hand it out."""

from tests.helpers.docx_builder import docx
from tests.helpers.forms.blank_forms import Cell, paragraph, table

TITLE = "云泽县科普讲解大赛报名表"
BLANK = docx(
    "".join(
        [
            f'<w:p><w:r><w:rPr><w:sz w:val="36"/></w:rPr><w:t>{TITLE}</w:t></w:r></w:p>',
            paragraph("参赛单位：__________"),
            table(
                ["姓名", "", "性别", "□男 □女"],
                ["联系电话", "", "备注", ""],
                ["讲解题目", Cell("", span=3)],
                ["单位意见", "", "选手签名", ""],
            ),
            paragraph("本队共____人参加。"),
        ]
    ),
    title="",
)
