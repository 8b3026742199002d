"""An invented form with a photograph beside its rows, and a drawing in each row of a table."""

from __future__ import annotations

from pathlib import Path

from schemas.normal_pictures import encoded
from tests.helpers import docx_builder, forms
from tests.helpers.docx_builder import docx, table
from tests.helpers.forms import write_form
from tests.helpers.pictures import face, saved

FORM, YEAR, TITLE = "badge", 2031, "人才证申请表"


def paragraph(text):
    return docx_builder.paragraph(text).replace('w:val="left"', 'w:val="center"')


def _cell(*inner: str, properties: str = "", width: int = 2400) -> str:
    size = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    inside = "".join(each if each.startswith("<") else paragraph(each) for each in inner)
    return f'<w:tc><w:tcPr>{size}{properties}<w:vAlign w:val="center"/></w:tcPr>{inside}</w:tc>'


def _row(*cells: str) -> str:
    return f"<w:tr>{''.join(each if each.startswith('<') else _cell(each) for each in cells)}</w:tr>"


_CHOICE = ("{%p if photo %}", "{{ photo }}", "{%p else %}", "照片", "{%p endif %}")
BODY = (
    paragraph("2031年人才证申请表")
    + table(
        3,
        _row("姓名", "{{ name }}", _cell(*_CHOICE, properties='<w:vMerge w:val="restart"/>')),
        _row("工作单位", "{{ office }}", _cell("", properties="<w:vMerge/>")),
    )
    + paragraph("作品一览")
    + table(
        2,
        _row("作品名称", "作品图片"),
        _row(_cell("{%tr for each in drawings %}"), _cell("")),
        _row("{{ each.name }}", "{{ each.image }}"),
        _row(_cell("{%tr else %}"), _cell("")),
        _row("", ""),
        _row(_cell("{%tr endfor %}"), _cell("")),
    )
    + paragraph("申请人签名：")
).replace('<w:gridCol w:w="1000"/>', '<w:gridCol w:w="2400"/>')


def payload():
    """A payload with every field; one picture of each kind."""
    return {
        "name": "沈青",
        "office": "云泽县科学技术协会",
        "photo": encoded(saved(face(), "jpeg", quality=85)),
        "drawings": [
            {"name": "海报", "image": encoded(saved(face(120, 40), "png"))},
            {"name": "没有图片的作品"},
        ],
    }


def write(folder, body=BODY):
    """Writes the form into a folder for KEXIE_FORMS."""
    row = {"form": FORM, "year": YEAR, "schema": "badge.Badge", "title": TITLE}
    template = docx(body, title=TITLE, image="rIdPicture" in body)
    schema = Path(__file__).with_name("badge.py").read_bytes()
    return write_form(folder, row, template, schema, {"minimal": {"name": "沈"}, "full": payload()})


def publish(folder, monkeypatch, body=BODY):
    """The edition, with its files in `folder`, beside those of the catalogue."""
    return forms.publish(monkeypatch, write(folder, body), FORM, YEAR)
