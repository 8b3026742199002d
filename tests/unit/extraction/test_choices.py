"""One or several of any number of boxes as people tick them, in lines, paragraphs, cells and rows."""

from __future__ import annotations

import copy
import re

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from service import catalog, generate
from service.extraction import extract
from service.submission import validate
from tests.helpers.docx_read import W
from tests.helpers.forms import choices
from tests.helpers.hand_made import Paper, assert_reads, control, flat, present, put, retype, t, text_of
from tests.helpers.payloads import groups

LEVEL, RANK, SUBJECT, SOURCES, RESULTS = "/level", "/rank", "/subject", "/sources", "/results"


@pytest.fixture(scope="module", autouse=True)
def form(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        choices.publish(tmp_path_factory.mktemp("forms"), patch)
        yield


def paper(payload=None):
    return Paper(choices.NAME, payload={"association_name": "云泽县科协"} if payload is None else payload)


# --- in one line, beside another field of boxes

URGENT = "    是否加急：是□  否□"
TICKED = [
    ("{}国家级  □省级  □校级", "√✓✔☑■▣R", "national"),
    ("□国家级  {}省级  □校级", "√✓✔☑■▣R", "provincial"),
    ("□国家级  □省级  {}校级", "√✓✔☑■▣●R", "school"),
    ("☐国家级  {}省级  ○校级", "√", "provincial"),
    ("□国家级  □{}省级  □校级", "√✓", "provincial"),
    ("□国家级  {}□省级  □校级", "√✓", "provincial"),
    ("□国家级  □省级{}  □校级", "√✓", "provincial"),
    ("□国家级  □省级  □校级{}", "√✓", "school"),
    ("□国家级{}  □省级  □校级", "√✓", "national"),
    ("国家级□  省级{}  校级□", "√☑", "provincial"),
    ("国家级  {}省级  校级", "√☑", "provincial"),
    ("国家级  省级{}  校级", "√☑", "provincial"),
    ("国家级、省级、校级{}", "√☑", "school"),
    ("（ ）国家级 （{}）省级 （ ）校级", "√", "provincial"),
    ("国家级[ ] 省级[{}] 校级[ ]", "√", "provincial"),
    ("□国家级 ×省级 {}校级", "√", "school"),
    ("□ 国 家 级  {} 省 级  □ 校 级", "√☑", "provincial"),
    ("□校级 {}省级 □国家级", "☑", "provincial"),
]
LINES = [(words.format(mark), key) for words, marks, key in TICKED for mark in marks]


@pytest.mark.parametrize(("typed", "key"), LINES)
def test_a_typed_tick_is_read_in_a_line(typed, key):
    made = paper()
    retype(made.paragraph("项目级别"), f"项目级别：{typed}{URGENT}")
    assert_reads(made, {LEVEL: key})


@pytest.mark.parametrize(
    "typed",
    [
        "□国家级  □省级  □校级",
        "☐国家级 ☐省级 ☐校级",
        "国家级  省级  校级",
        "国家级（ ） 省级（ ） 校级（ ）",
        "",
    ],
)
def test_no_tick_is_no_answer(typed):
    made = paper()
    retype(made.paragraph("项目级别"), f"项目级别：{typed}{URGENT}")
    assert_reads(made, {LEVEL: None})


@pytest.mark.parametrize(
    "typed",
    [
        *("☑国家级  ☑省级  □校级", "√国家级 √省级 校级", "国家级√省级 校级", "√国家级 省级√"),
        *("□国家级√ 省级 □校级", "√√", "□省级", "国家级、省级", "国家级 （省级） 校级"),
        *("副省级", "√国家级 省级 校级√"),
    ],
)
def test_what_could_mean_another_is_reported(typed):
    made = paper()
    retype(made.paragraph("项目级别"), f"项目级别：{typed}{URGENT}")
    text = " ".join(f"项目级别：{typed}{URGENT}".split())
    assert_reads(made, {LEVEL: None}, [("unclear_box", LEVEL, text)])


def test_an_option_that_is_left_alone_is_the_answer():
    made = paper()
    retype(made.paragraph("项目级别"), f"项目级别：省级{URGENT}")
    assert_reads(made, {LEVEL: "provincial"})


@pytest.mark.parametrize("urgent", [True, False, None])
def test_two_fields_of_one_line_are_kept_apart(urgent):
    made = paper({"urgent": urgent})
    line = text_of(made.paragraph("项目级别"))
    retype(made.paragraph("项目级别"), line.replace("□省级", "√省级").replace("是否加急", "  是否加急"))
    assert_reads(made, {LEVEL: "provincial"})


def test_text_beside_the_options_is_reported():
    made = paper()
    retype(made.paragraph("项目级别"), f"项目级别：☑国家级（拟） □省级 □校级{URGENT}")
    assert_reads(made, {LEVEL: "national"}, [("unread_text", LEVEL, "拟")])


@pytest.mark.parametrize(
    "mark",
    [
        '<w:shd w:val="clear" w:fill="FFFF00"/>',
        '<w:highlight w:val="green"/>',
        '<w:color w:val="FF0000"/>',
        "<w:u/>",
        "<w:b/>",
    ],
)
def test_an_option_that_stands_out_is_reported(mark):
    made = paper()
    start, marked, end = "项目级别：□国家级  ", "□省级", f"  □校级{URGENT}"
    retype(made.paragraph("项目级别"), t(start), t(marked, mark), t(end))
    text = " ".join(f"{start}{marked}{end}".split())
    assert_reads(made, {LEVEL: None}, [("unclear_box", LEVEL, text)])
    made = paper()
    put(made.value("职称"), t("□教授", mark))
    assert_reads(made, {}, [("unclear_box", RANK, "□其他：")])


def checkbox(checked):
    state = f'<w14:checkbox><w14:checked w14:val="{checked}"/></w14:checkbox>'
    return control(t("☒" if checked else "☐"), state)


def symbol(code):
    return f'<w:r><w:sym w:font="Wingdings 2" w:char="{code}"/></w:r>'


@pytest.mark.parametrize(("ticked", "empty"), [(checkbox(1), checkbox(0)), (symbol("F052"), symbol("F0A3"))])
def test_drawn_boxes_are_read(ticked, empty):
    made = paper()
    boxes = [empty, t("国家级  "), ticked, t("省级  "), empty, t("校级")]
    retype(made.paragraph("项目级别"), t("项目级别："), *boxes, t(URGENT))
    retype(made.paragraph("□财政拨款"), ticked, t("财政拨款"))
    retype(made.paragraph("□自筹"), ticked, t("自筹"))
    put(made.label("□副教授"), ticked + t("副教授"))
    put(made.value("学科"), t("理") + empty + t("  工") + empty, t("农") + ticked)
    expected = {LEVEL: "provincial", SOURCES: ["grant", "own"], RANK: "associate", SUBJECT: "agronomy"}
    assert_reads(made, expected)


def test_struck_options_are_reported():
    made = paper()
    strike = "<w:strike/>"
    runs = (t("□国家级  ", strike), t("□省级  "), t("□校级", strike), t(URGENT))
    retype(made.paragraph("项目级别"), t("项目级别："), *runs)
    codes = {(each.code, each.pointer) for each in extract(made.docx()).warnings}
    assert {("struck_text", LEVEL), ("unclear_box", LEVEL)} <= codes
    assert LEVEL[1:] not in extract(made.docx()).data


# --- in several paragraphs


def sources(made, *lines):
    """Puts lines in the place of the options' paragraphs."""
    first = made.paragraph("一、资金来源")
    for _ in range(4):
        first.getparent().remove(first.getnext())
    for line in reversed(lines):
        first.addnext(retype(copy.deepcopy(first), line))


SEVERAL = [
    (["☑财政拨款", "□出口退税", "☑自筹", "□其他：____"], ["grant", "own"]),
    (["□财政拨款√", "√出口退税", "□自筹", "□其他：____"], ["grant", "refund"]),
    (["财政拨款 √", "出口退税", "自筹", "其他：____"], None),
    (["√ 财政拨款", "  出口退税", "√ 自筹", "  其他：____"], ["grant", "own"]),
    (["财政拨款□", "出口退税☑", "自筹□", "其他□：____"], ["refund"]),
    (["", "☑财政拨款", "", "□出口退税", "□自筹", "□其他：____", ""], ["grant"]),
    (["☑财政拨款  □出口退税  ☑自筹  □其他：____"], ["grant", "own"]),
    (["□财政拨款", "□出口退税", "□自筹", "☑其他：社会捐赠"], [{"key": "other", "words": "社会捐赠"}]),
    (["□财政拨款", "□出口退税", "□自筹", "√其他：__人口普查__"], [{"key": "other", "words": "人口普查"}]),
    (
        ["□财政拨款", "√□出口退税", "□自筹", "√□其他 R&D 经费"],
        ["refund", {"key": "other", "words": "R&D 经费"}],
    ),
    (["□财政拨款", "□出口退税", "□自筹", "□√其他：____"], ["other"]),
    (["□其他：捐赠 ", "□自筹", "☑出口退税", "□财政拨款"], None),
]


@pytest.mark.parametrize(("lines", "chosen"), SEVERAL)
def test_options_in_paragraphs_of_their_own_are_read_or_reported(lines, chosen):
    made = paper()
    sources(made, *lines)
    read = extract(made.docx())
    assert read.data.get("sources") == chosen, read.warnings
    assert [(each.code, each.pointer) for each in read.warnings] == [("unclear_box", SOURCES)] * (
        chosen is None
    )


def test_own_words_without_their_tick_are_reported():
    made = paper()
    sources(made, "☑财政拨款", "□出口退税", "□自筹", "□其他：社会捐赠")
    assert [(w.code, w.pointer) for w in extract(made.docx()).warnings] == [("unclear_box", SOURCES)]


def test_a_question_without_its_options_is_reported():
    made = paper()
    sources(made)
    assert [(w.code, w.pointer) for w in extract(made.docx()).warnings] == []
    made.body.remove(made.paragraph("一、资金来源"))
    assert [(w.code, w.pointer) for w in extract(made.docx()).warnings] == [("line_missing", SOURCES)]


# --- in cells


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        (["☑教授", "□副教授", "□其他："], "professor"),
        (["□教授", "□副教授√", "□其他："], "associate"),
        (["教授", "副教授☑", "其他："], None),
        (["□教授", "□副教授", "☑其他：高级工程师"], {"key": "other", "words": "高级工程师"}),
        (["□教授", "□副教授", "√其他：教授级高工"], {"key": "other", "words": "教授级高工"}),
        (["教授", "副教授", "其他："], "blank"),
        (["☑教授", "☑副教授", "□其他："], None),
        (["□教授", "", "□其他："], None),
        (["□教授", "副教授", "□其他："], None),
        (["□教授", "√", "□其他："], None),
    ],
)
def test_options_in_cells_of_their_own_are_read_or_reported(cells, key):
    made = paper()
    cell = made.value("职称")
    for typed in cells:
        put(cell, typed)
        cell = cell.getnext()
    read = extract(made.docx())
    if cells[1] == "副教授☑":
        assert read.data["rank"] == "associate"
    else:
        assert read.data.get("rank") == (None if key == "blank" else key)
        assert {(w.code, w.pointer) for w in read.warnings} == (
            {("unclear_box", RANK)} if key is None else set()
        )


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("☑论文 □专利 □其他（）", ["paper"]),
        ("☑论文 √专利 □其他（       ）", ["paper", "patent"]),
        ("√论文 □专利 √其他（标准、规范）", ["paper", {"key": "other", "words": "标准、规范"}]),
        ("□论文 □专利 √其他：软件（著作权）", [{"key": "other", "words": "软件（著作权）"}]),
        ("论文、专利", ["paper", "patent"]),
        ("论文√ 专利√ 其他（ ）", ["paper", "patent"]),
        ("□论文 □专利 □其他（√）", None),
        ("☑论文 ☒专利 □其他（）", "☒"),
    ],
)
def test_several_options_of_a_cell_are_read_or_reported(typed, chosen):
    made = paper()
    put(made.value("成果形式"), typed)
    read = extract(made.docx())
    reported = [(each.code, each.text) for each in read.warnings]
    if chosen == "☒":
        assert (read.data["results"], reported) == (["paper"], [("unread_text", "☒")])
    else:
        assert (read.data.get("results"), reported) == (chosen, [] if chosen else [("unclear_box", typed)])


def test_boxes_behind_their_words_in_two_paragraphs_of_a_cell():
    for lines, key in (
        (("理□  工√", "农□"), "technology"),
        (("理□  工□", "农√"), "agronomy"),
        (("理 工√ 农",), "technology"),
    ):
        made = paper()
        put(made.value("学科"), *lines)
        assert_reads(made, {SUBJECT: key})


def test_options_in_rows_of_a_table():
    made = paper(choices.FULL)
    put(made.label("长廊").getnext(), "□新建√ □续建")
    assert_reads(made, {"/items/1/kind": "new"})
    put(made.label("长廊").getnext(), "☑新建 ☑续建")
    assert_reads(made, {"/items/1/kind": None}, [("unclear_box", "/items/1/kind", "☑新建 ☑续建")])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("事业单位", "public"),
        ("其他（民办 机构）", {"key": "other", "words": "民办 机构"}),
        ("", None),
        ("企业", None),
        ("事业单位、其他", None),
    ],
)
def test_the_words_of_an_option_in_a_blank_are_read_or_reported(typed, read):
    made = paper(choices.FULL)
    put(made.label("单位类别").getnext(), typed)
    found = extract(made.docx())
    assert found.data.get("employer") == read
    assert [(each.code, each.pointer) for each in found.warnings] == (
        [("unreadable", "/employer")] if typed and read is None else []
    )


def payloads():
    return groups(catalog.edition(choices.NAME, choices.YEAR).schema)


@hypothesis_settings(max_examples=80, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_document_gives_any_payload_back(data):
    edition = catalog.edition(choices.NAME, choices.YEAR)
    sent = data.draw(payloads())
    expected = validate(edition, sent)
    read = extract(generate(edition.form, edition.year, sent, ("docx",))["docx"])
    assert flat(read.data) == flat(present(expected.data))
    assert read.warnings == ()
    assert validate(edition, read.data).data == expected.data


def test_the_marks_of_the_sample_are_printed():
    made = paper(choices.FULL)
    texts = [text_of(each) for each in made.body.iter(W + "p")]
    assert "项目级别：□国家级☑省级□校级是否加急：是□否☑" in texts
    assert [each for each in texts if re.match("[☑□](财|出|自|其他：社)", each)] == [
        "☑财政拨款",
        "□出口退税",
        "□自筹",
        "☑其他：社会捐赠",
    ]
