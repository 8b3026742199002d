"""The forms: as official when blank, holding every value when filled."""

from __future__ import annotations

import datetime
import hashlib
import io
import re
import subprocess
import sys
import zipfile

import pikepdf
import pytest

from service import catalog, generate
from tests.helpers import docx_check, docx_read
from tests.helpers.libreoffice import save

YESNO = "是□否□"
# The official tables, cell by cell, without white space; a vertically merged cell that goes on is "".
TABLES = {
    "annex2": [
        [
            ["县级科协名称", ""],
            ["负责人姓名", "", "办公电话", "", "手机", ""],
            ["是否独立建制", YESNO, "是否设立党组", YESNO, "编制数", ""],
            ["实有人员数", "", "负责人进入县级人大、政协常委会任职情况", "人大常委是□否□政协常委是□否□"],
            ["是否依照章程召开代表大会", YESNO],
            ["", "最近一次换届日期："],
            ["乡镇（个）", "", "街道（个）", "", "社区（个）", "", "行政村（个）", ""],
            ["乡镇科协（个）", "", "街道科协（个）", "", "社区科协（个）", "", "村科协（个）", ""],
            ["县级学会、协会（个）", "", "农村专业技术协会（个）", "", "企业科协（个）", ""],
            ["园区科协（个）", "", "县级农技协联合会（个）", "", "县级企业科协联合会（个）", ""],
            *(
                [head, who, "县级科协人数", "", "乡镇（街道）科协人数", "", "村（社区）科协人数", ""]
                for head, who in [
                    ("“四长”兼挂职情况", "医院院长"),
                    ("", "学校校长"),
                    ("", "农技站站长"),
                    ("", "科技型企业家"),
                ]
            ),
        ],
        [[""]],
        [[""]],
        [["计划开支名称", "计划开支项目", "金额（万元）"], ["", "", ""], ["", "", ""], ["计划开支合计", ""]],
    ],
    "annex3": [
        [["案例名称", ""], ["背景", ""], ["举措", ""], ["成效", ""], ["市科协意见", ""], ["备注", ""]]
    ],
}


def printed(value):
    """Every string that a payload's values print as."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in printed(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in printed(inner)]
    if isinstance(value, bool):
        return ["是☑否□" if value else "是□否☑"]
    if isinstance(value, str) and len(value) == 10 and value[4::3] == "--":
        day = datetime.date.fromisoformat(value)
        return [f"{day.year}年{day.month}月{day.day}日"]
    return [docx_read.squash(str(value))]


def document(edition, payload):
    return generate(edition.form, edition.year, payload, ("docx",))["docx"]


def pdf_pages(pdf, tmp_path):
    path = tmp_path / "document.pdf"
    path.write_bytes(pdf)
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, check=True
    ).stdout.decode()
    return [docx_read.squash(page) for page in text.split("\f")[:-1]]


def test_a_blank_form_says_what_the_official_one_says(edition):
    blank = document(edition, {})
    official = edition.official_path.read_text(encoding="utf-8")
    assert docx_read.squash(docx_read.text(blank)) == docx_read.squash(official)
    expected = TABLES.get(edition.form, [])
    assert docx_read.tables(blank)[: len(expected)] == expected


@pytest.mark.parametrize("sample", ["blank", "minimal", "full"])
def test_word_would_open_every_document(edition, sample):
    payload = {} if sample == "blank" else edition.sample(sample)
    assert docx_check.problems(document(edition, payload)) == []


def test_a_full_sample_prints_every_value(edition):
    payload = edition.sample("full")
    if edition.form == "annex1":
        maxima = [4, 3, 4, 4, 3, 3, 3, 4, 4, 3, 4, 4, 4, 4, 4, 5, 4, 3, 3, 5, 5, 8, 4, 8]
        expected = [
            f"{points}/{most}" for points, most in zip(payload["scores"].values(), maxima, strict=True)
        ]
        expected.append(f"附加分{payload['bonus']}/10分")
        assert [row[-1] for row in docx_read.tables(document(edition, payload))[0][1:]] == expected[:-1]
    else:
        expected = printed(payload)
    text = docx_read.squash(docx_read.text(document(edition, payload)))
    assert [value for value in expected if value not in text] == []


def test_an_indicator_without_a_score_prints_its_maximum():
    edition = catalog.edition("annex1", 2021)
    rows = docx_read.tables(document(edition, {"scores": {"1.1": 3.5, "1.2": 0}}))[0]
    assert [row[-1] for row in rows[1:5]] == ["3.5/4", "0/3", "4", "4"]


def test_each_value_is_beside_its_label():
    names = list(catalog.edition("annex2", 2021).json_schema()["properties"]["basic_info"]["properties"])
    counts = names[names.index("townships") : names.index("four_heads")]
    basic = {name: 1000 + number for number, name in enumerate(counts)} | {
        "staff_quota": 7,
        "staff_actual": 8,
    }
    heads = ["hospital_directors", "school_principals", "agritech_station_heads", "tech_entrepreneurs"]
    levels = ["county", "township", "village"]
    basic["four_heads"] = {
        head: {level: 10 * row + column for column, level in enumerate(levels)}
        for row, head in enumerate(heads, 1)
    }
    table = docx_read.tables(document(catalog.edition("annex2", 2021), {"basic_info": basic}))[0]
    official = [cell.removesuffix("（个）") for row in TABLES["annex2"][0][6:10] for cell in row[::2]]
    assert official == [catalog.edition("annex2", 2021).labels()[f"/basic_info/{name}"] for name in counts]
    assert [int(cell) for row in table[6:10] for cell in row[1::2]] == [basic[name] for name in counts]
    assert [row[3::2] for row in table[10:]] == [[f"{row}0", f"{row}1", f"{row}2"] for row in range(1, 5)]
    assert (table[2][-1], table[3][1]) == ("7", "8")


@pytest.mark.parametrize(
    ("field", "row", "column", "printed_as"),
    [
        ("is_independent", 2, 1, "{}"),
        ("has_party_group", 2, 3, "{}"),
        ("leader_in_npc_standing", 3, 3, "人大常委{}政协常委是□否□"),
        ("leader_in_cppcc_standing", 3, 3, "人大常委是□否□政协常委{}"),
        ("holds_congress", 4, 1, "{}"),
    ],
)
@pytest.mark.parametrize(("chosen", "boxes"), [(True, "是☑否□"), (False, "是□否☑")])
def test_a_choice_ticks_its_own_box_alone(field, row, column, printed_as, chosen, boxes):
    edition = catalog.edition("annex2", 2021)
    made = document(edition, {"basic_info": {field: chosen}})
    assert docx_read.tables(made)[0][row][column] == printed_as.format(boxes)
    assert docx_read.text(made).count("☑") == 1


def test_the_pdf_of_a_full_form_holds_every_value(shared, tmp_path):
    payload = catalog.edition("annex2", 2021).sample("full")
    path = tmp_path / "full.pdf"
    path.write_bytes(generate("annex2", 2021, payload, ("pdf",), shared)["pdf"])
    pages = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()
    # A value may run over the foot of a page: all but the page numbers, as one text.
    text = re.sub(r"—\d+—", "", docx_read.squash(pages))
    assert [value for value in printed(payload) if value not in text] == []


def test_a_blank_application_has_its_five_pages(shared, tmp_path):
    pages = pdf_pages(generate("annex2", 2021, {}, ("pdf",), shared)["pdf"], tmp_path)
    assert len(pages) == 5
    assert pages[0].startswith("附件2")
    assert "填报说明" in pages[1]
    assert pages[2].startswith("一、基本情况")
    assert "科技型" in pages[2]
    assert "二、总体思路" in pages[3]
    assert "五、审核意见" in pages[4]


def test_a_filled_table_stays_whole_on_its_page(shared, tmp_path):
    payload = catalog.edition("annex2", 2021).sample("full")
    pages = pdf_pages(generate("annex2", 2021, payload, ("pdf",), shared)["pdf"], tmp_path)
    assert pages[2].startswith("一、基本情况")
    assert pages[3].startswith("二、总体思路")


def test_libreoffice_reads_a_document_whole(edition, tmp_path):
    made = document(edition, edition.sample("full"))
    (tmp_path / "in.docx").write_bytes(made)
    save([tmp_path / "in.docx"], "docx", tmp_path)
    again = (tmp_path / "out" / "in.docx").read_bytes()
    assert docx_read.squash(docx_read.text(again)) == docx_read.squash(docx_read.text(made))
    assert docx_read.tables(again) == docx_read.tables(made)


def test_two_processes_make_the_same_bytes(edition):
    program = (
        "import hashlib; from service import catalog, generate;"
        f"e = catalog.edition('{edition.form}', 2021);"
        "print(hashlib.sha256(generate(e.form, 2021, e.sample('full'), ('docx',))['docx']).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, timeout=300
    )
    assert other.stdout.strip() == hashlib.sha256(document(edition, edition.sample("full"))).hexdigest()


def test_the_properties_name_the_form_and_the_applicant(shared):
    made = generate("annex2", 2021, {"cover": {"applicant": "云泽县 R&D <科协>"}}, ("docx", "pdf"), shared)
    core = zipfile.ZipFile(io.BytesIO(made["docx"])).read("docProps/core.xml").decode()
    assert "项目申报书（云泽县 R&amp;D &lt;科协&gt;）</dc:title>" in core
    assert "<dc:language>zh-CN</dc:language>" in core
    with pikepdf.open(io.BytesIO(made["pdf"])) as pdf:
        assert str(pdf.docinfo["/Title"]).endswith("项目申报书（云泽县 R&D <科协>）")


def test_the_budget_has_as_many_rows_as_items_and_two_when_blank():
    edition = catalog.edition("annex2", 2021)
    rows = [{"name": f"名称{n}", "item": "项目", "amount": n} for n in range(1, 8)]
    table = docx_read.tables(document(edition, {"budget": {"items": rows}}))[3]
    assert table[1:-1] == [[f"名称{n}", "项目", f"{n}.00"] for n in range(1, 8)]
    assert table[-1] == ["计划开支合计", "28.00"]


def test_spaces_within_a_value_and_behind_lines_are_kept():
    payload = {"cover": {"applicant": "云泽县  科协"}, "overall_approach": "一 \n二"}
    made = generate("annex2", 2021, payload, ("docx",))["docx"]
    xml = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").decode()
    texts = re.findall(r"<w:t( [^>]*)?>([^<]+)</w:t>", xml)
    kept = {text for attributes, text in texts if 'xml:space="preserve"' in attributes}
    assert {"云泽县  科协", "一 "} <= kept
    assert [text for attributes, text in texts if text not in kept and text != text.strip(" ")] == []
