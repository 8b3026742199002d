"""Boxes of 是/否 as people tick them by hand, read back."""

from __future__ import annotations

import pytest

from tests.helpers.hand_made import Paper, assert_reads, control, deleted, field, inserted, put, t

FIELD = "/basic_info/is_independent"
_CHOSEN = [
    ("是{}  否□", "√✓✔☑■▣R", True),
    ("是□  否{}", "√✓✔☑■▣R", False),
    ("是{}  否☐", "√✓✔☑■▣R", True),
    ("是{}  否○", "√✓☑●R", True),
    ("是{}  否口", "√✓☑■R", True),
    ("是□{}  否□", "√✓✔R", True),
    ("是□  否□{}", "√✓✔R", False),
    ("是{}□  否□", "√✓✔", True),
    ("{}是  □否", "√✓☑■▣", True),
    ("□是  {}否", "√✓☑■▣", False),
    ("{}是  否", "√✓☑", True),
    ("是  {}否", "☑", False),
    ("是{}  否", "√✓☑", True),
    ("是（{}）  否（ ）", "√✓", True),
    ("是[{}] 否[ ]", "√", True),
    ("□是  □否{}", "√✓✔", False),
    ("□是{}  □否", "√✓✔", True),
]
TYPED = [(words.format(mark), chosen) for words, marks, chosen in _CHOSEN for mark in marks]


@pytest.mark.parametrize(("typed", "chosen"), TYPED)
def test_a_typed_tick_is_read_with_any_box(typed, chosen):
    paper = Paper()
    put(paper.value("是否独立建制"), typed)
    assert_reads(paper, {FIELD: chosen})


@pytest.mark.parametrize(("typed", "chosen"), [("是", True), ("否", False), ("是。", True), (" 否 ", False)])
def test_a_word_that_is_alone_is_the_answer(typed, chosen):
    paper = Paper()
    put(paper.value("是否独立建制"), typed)
    assert_reads(paper, {FIELD: chosen})


@pytest.mark.parametrize(
    "typed",
    [
        "是□  否□",
        "是☐  否☐",
        "是○  否○",
        "是口  否口",
        "□是  □否",
        "是  否",
        "",
        "  ",
        "是／否",
        "是（ ）否（ ）",
    ],
)
def test_no_tick_is_no_answer(typed):
    paper = Paper()
    put(paper.value("是否独立建制"), typed)
    assert_reads(paper, {FIELD: None})


UNCLEAR = ["是☑  否☑", "是√  否√", "是☑否", "√√", "☑", "基本是", "不是", "是□"]
UNCLEAR += ["√是√否□", "是 √否□", "□是√ 否"]


@pytest.mark.parametrize("typed", UNCLEAR)
def test_what_could_mean_either_is_reported(typed):
    paper = Paper()
    put(paper.value("是否独立建制"), typed)
    assert_reads(paper, {FIELD: None}, [("unclear_box", FIELD, typed.replace("  ", " "))])


@pytest.mark.parametrize(
    ("typed", "chosen", "rest"),
    [
        ("是□  否□  正在办理", None, "正在办理"),
        ("是☑  否□（2019年）", True, "2019年"),
        ("是☒  否□", None, "☒"),
        ("是☑否□是□否□", True, "是否"),
    ],
)
def test_what_is_beside_the_boxes_is_reported(typed, chosen, rest):
    paper = Paper()
    put(paper.value("是否独立建制"), typed)
    assert_reads(paper, {FIELD: chosen}, [("unread_text", FIELD, rest)])


def sym(font, code):
    return f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'


def in_font(font, letter):
    return t(letter, f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>')


def checkbox(checked, shown):
    state = f'<w14:checkbox><w14:checked w14:val="{checked}"/></w14:checkbox>'
    return control(t(shown), state)


def form_box(settings):
    return field(
        "FORMCHECKBOX", None, f"<w:ffData><w:checkBox><w:sizeAuto/>{settings}</w:checkBox></w:ffData>"
    )


PAIRS = {
    "Wingdings sym FE": (sym("Wingdings", "F0FE"), sym("Wingdings", "F0A8")),
    "Wingdings sym FE without F000": (sym("Wingdings", "FE"), sym("Wingdings", "A8")),
    "Wingdings sym FC in place of the box": (sym("Wingdings", "F0FC"), "□"),
    "Wingdings sym 6E": (sym("Wingdings", "F06E"), sym("Wingdings", "F06F")),
    "Wingdings 2 sym 52": (sym("Wingdings 2", "F052"), sym("Wingdings 2", "F0A3")),
    "Wingdings 2 sym 50 after the box": (t("□") + sym("Wingdings 2", "F050"), "□"),
    "letters in Wingdings": (in_font("Wingdings", "þ"), in_font("Wingdings", "¨")),
    "private letters in Wingdings": (in_font("Wingdings", "\uf0fe"), in_font("Wingdings", "\uf0a8")),
    "letters in Wingdings 2": (in_font("Wingdings 2", "R"), in_font("Wingdings 2", "£")),
    "the tick P of Wingdings 2": (in_font("Wingdings 2", "P"), "□"),
    "content controls": (checkbox(1, "☒"), checkbox(0, "☐")),
    "content controls with true and false": (checkbox("true", "☑"), checkbox("false", "□")),
    "form fields": (form_box('<w:default w:val="0"/><w:checked/>'), form_box('<w:default w:val="0"/>')),
    "form fields set by default": (
        form_box('<w:default w:val="1"/>'),
        form_box('<w:default w:val="1"/><w:checked w:val="0"/>'),
    ),
    "a tracked tick": (deleted("□") + inserted("☑"), "□"),
    "another font": (
        t("☑", '<w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic"/>'),
        t("□", '<w:sz w:val="28"/>'),
    ),
}


@pytest.mark.parametrize("chosen", [True, False], ids=["yes", "no"])
@pytest.mark.parametrize("pair", PAIRS)
def test_a_drawn_box_is_read(pair, chosen):
    paper = Paper()
    ticked, empty = map(t, PAIRS[pair])
    yes, no = (ticked, empty) if chosen else (empty, ticked)
    put(paper.value("是否独立建制"), t("是") + yes + t("  否") + no)
    assert_reads(paper, {FIELD: chosen})


@pytest.mark.parametrize(
    "pair", ["Wingdings sym FE", "content controls", "form fields", "letters in Wingdings 2"]
)
def test_drawn_boxes_without_a_tick_are_no_answer(pair):
    paper = Paper()
    put(paper.value("是否独立建制"), t("是") + t(PAIRS[pair][1]) + t("  否") + t(PAIRS[pair][1]))
    assert_reads(paper, {FIELD: None})


@pytest.mark.parametrize(
    ("npc", "cppcc", "changes"),
    [
        ("人大常委  是√  否□", "政协常委  是□  否√", {"npc": True, "cppcc": False}),
        ("人大常委：是☑ 否□", "政协常委：是☑ 否□", {"npc": True, "cppcc": True}),
        ("人大常委  □是  ☑否", "政协常委  □是  □否", {"npc": False, "cppcc": None}),
        ("人大常委（√）", "政协常委（ ）", {"npc": None, "cppcc": None}),
    ],
)
def test_two_choices_share_a_cell(npc, cppcc, changes):
    paper = Paper()
    put(paper.value("负责人进入县级人大、政协常委会任职情况"), npc, cppcc)
    chosen = {f"/basic_info/leader_in_{who}_standing": value for who, value in changes.items()}
    unclear = [("unclear_box", pointer, f"{npc} {cppcc}") for pointer in chosen if "（√）" in npc]
    assert_reads(paper, chosen, unclear)


def test_two_choices_on_one_line():
    paper = Paper()
    put(paper.value("负责人进入县级人大、政协常委会任职情况"), "人大常委 是√ 否□  政协常委 是□ 否√")
    assert_reads(
        paper, {"/basic_info/leader_in_npc_standing": True, "/basic_info/leader_in_cppcc_standing": False}
    )
