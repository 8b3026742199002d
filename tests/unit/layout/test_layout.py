"""The layout certificate: every generated form is official; every change of one is named with its place."""

from __future__ import annotations

import copy
import json

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from service import catalog, generate
from service.cli import main
from service.layout import certify
from tests.helpers.docx_edit import W, cell, edited, paragraph, properties, put, row, table
from tests.helpers.layout_cases import CASES, filled, reported
from tests.helpers.payloads import PAYLOADS

SEAL, LETTERHEAD = 45, 180  # mm


@pytest.mark.parametrize("sample", ["blank", "minimal", "full"])
def test_a_generated_form_is_official(edition, sample):
    certificate = certify(filled(edition.form, sample), edition)
    assert certificate.as_dict() == {"official": True, "differences": []}
    assert certificate.official


@pytest.mark.parametrize("form", PAYLOADS)
@examples(max_examples=15, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_anything_is_filled_in_the_form_is_official(form, data):
    payload = data.draw(PAYLOADS[form])
    assert reported(generate(form, 2021, payload, ("docx",))["docx"], form) == []


@pytest.mark.parametrize(
    "text", ["（单位盖章)", "年    月    日", "三、目标任务和计划措施", "是□  否□", "一\n二（单位盖章)\n三"]
)
def test_the_words_of_the_form_may_stand_in_a_field(text):
    payload = {
        "overall_approach": text,
        "review": {"city_opinion": {"text": text, "date": "2021-03-09"}, "province_opinion": {"text": text}},
    }
    assert reported(generate("annex2", 2021, payload, ("docx",))["docx"], "annex2") == []


@pytest.mark.parametrize(("form", "edit", "expected"), CASES, ids=[edit.__name__ for _, edit, _ in CASES])
def test_what_differs_is_named_and_nothing_else(form, edit, expected):
    found = reported(edit(filled(form)), form)
    assert [code for code, _, _ in found] == [code for code, _, _ in expected]
    for (_, place, message), (_, where, words) in zip(found, expected, strict=True):
        assert place.startswith(where)
        assert words in message


def test_each_difference_speaks_both_languages():
    edits = {form: [edit for each, edit, _ in CASES if each == form] for form in PAYLOADS}
    for form, changes in edits.items():
        for change in changes:
            certificate = certify(change(filled(form)), catalog.edition(form, 2021))
            for zh, en in zip(
                certificate.as_dict("zh")["differences"],
                certificate.as_dict("en")["differences"],
                strict=True,
            ):
                assert zh["code"] == en["code"]
                assert not any("\u4e00" <= each <= "\u9fff" for each in zh["code"])
                assert en["place"] != zh["place"]
                assert en["message"] != zh["message"]


def test_of_very_many_differences_the_first_are_listed_and_the_others_counted():
    def adding(root):
        for number in range(1000):
            put(root[0], f"<w:p><w:r><w:t>多出的第{number}段</w:t></w:r></w:p>")

    added = edited(filled("annex3"), adding)
    *listed, last = certify(added, catalog.edition("annex3", 2021)).differences
    assert len(listed) == 200
    assert last.as_dict("zh") == {"code": "more", "place": "全文", "message": "另有 800 处不同，未逐一列出。"}
    assert last.as_dict("en")["message"] == "800 more differences are not listed."


def test_budget_rows_may_be_more_or_fewer():
    def more(root):
        row(root, 4, 2).addnext(copy.deepcopy(row(root, 4, 2)))

    def fewer(root):
        table(root, 4).remove(row(root, 4, 2))

    for change in (more, fewer):
        assert reported(edited(filled("annex2"), change), "annex2") == []


def test_what_word_rewrites_by_itself_is_no_difference():
    def rewrite(root):
        for each in root.iter(W + "p", W + "tr"):
            each.set(W + "rsidR", "00AB12CD")
        run = cell(root, 1, 1, 1).find(f"{W}p/{W}r")
        put(properties(run, "rPr"), '<w:lang w:eastAsia="zh-CN"/>', 9)
        put(run, "<w:lastRenderedPageBreak/>", 1)
        heading = paragraph(root, "三、目标任务").find(W + "r")
        heading.find(f"{W}rPr/{W}rFonts").set(W + "eastAsia", "SimHei")
        put(heading.getparent(), '<w:proofErr w:type="spellStart"/>', 1)
        put(heading.getparent(), '<w:bookmarkStart w:id="1" w:name="_Toc1"/>', 1)
        for column in table(root, 1).iter(W + "gridCol"):
            column.set(W + "w", str(int(column.get(W + "w")) + 3))

    assert reported(edited(filled("annex2"), rewrite), "annex2") == []


def test_what_wps_rewrites_is_no_difference():
    def rewrite(root):
        for number in range(1, 6):
            whole = table(root, number)
            borders = whole.find(f"{W}tblPr/{W}tblBorders")
            for each in whole.findall(W + "tr"):
                put(each, "<w:tblPrEx/>").append(copy.deepcopy(borders))
            borders.getparent().remove(borders)
        for fonts in root.iter(W + "rFonts"):
            fonts.attrib.pop(W + "hint", None)

    assert reported(edited(filled("annex2"), rewrite), "annex2") == []


def test_a_frame_may_become_a_text_box():
    def rewrite(root):
        lines = [paragraph(root, "江苏省科学技术协会印"), paragraph(root, "2021年")]
        lines[1] = lines[0].getnext()
        anchor = lines[1].getnext()
        shape = put(
            anchor,
            '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent/>'
            "</v:textbox></v:shape></w:pict></w:r>",
            9,
        )
        for line in lines:
            next(shape.iter(W + "txbxContent")).append(line)

    assert reported(edited(filled("annex2"), rewrite), "annex2") == []


@pytest.mark.parametrize(("size", "expected"), [(SEAL, []), (LETTERHEAD, ["picture_added"])])
def test_a_seal_is_no_difference_and_a_larger_picture_is(size, expected):
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"

    def stamp(root):
        put(
            cell(root, 5, 1, 1).findall(W + "p")[-1],
            f'<w:r><w:drawing><wp:anchor xmlns:wp="{drawing}/wordprocessingDrawing">'
            f'<wp:extent cx="{size * 36_000}" cy="{size * 36_000}"/>'
            f'<pic:pic xmlns:pic="{drawing}/picture"/></wp:anchor></w:drawing></w:r>',
            9,
        )

    assert [code for code, _, _ in reported(edited(filled("annex2"), stamp), "annex2")] == expected


@pytest.fixture
def check(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(docx, *arguments):
        (tmp_path / "filled.docx").write_bytes(docx)
        return CliRunner().invoke(main, ["check", "filled.docx", *arguments])

    return run


def test_check_reports_that_a_form_is_official(check):
    result = check(filled("annex2"))
    assert (result.exit_code, result.output) == (
        0,
        "版式与正式表单一致 / layout matches the official form: annex2 2021\n",
    )
    answer = json.loads(check(filled("annex3"), "--json").output)
    assert answer == {"form": "annex3", "year": 2021, "official": True, "differences": []}


def test_check_names_each_difference_in_a_line(check):
    edits = {edit.__name__: edit for _, edit, _ in CASES}
    docx = edits["margin_changed"](edits["merged_cell_split"](filled("annex2")))
    result = check(docx)
    assert result.exit_code == 3
    assert result.output.splitlines() == [
        "页面设置：左边距由23.0变为31.8毫米 / page set-up: the left margin changed from 23.0 to 31.8 mm",
        "第1个表格第1行第2格：单元格被拆分 / table 1, row 1, cell 2: a cell was split",
    ]
    answer = check(docx, "--form", "annex2", "--year", "2021", "--json")
    assert answer.exit_code == 3
    differences = json.loads(answer.output)["differences"]
    assert [each["code"] for each in differences] == ["margin_changed", "cell_split"]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_check_refuses_what_is_no_docx(check, content):
    result = check(content)
    assert result.exit_code == 3
    assert ".docx" in result.stderr
    assert "Traceback" not in result.output


def test_check_takes_a_missing_file_for_a_wrong_call(check):
    result = CliRunner().invoke(main, ["check", "nowhere.docx"])
    assert result.exit_code == 2
