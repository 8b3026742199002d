"""Text in other parts of the package, data of bound controls, and choices of form fields."""

from __future__ import annotations

import pytest

from service.extraction import extract
from tests.helpers.hand_made import OFFICE, Paper, W, assert_reads, control, elements, field, part, put, t

LEADER, CONGRESS = "/basic_info/leader_name", "/basic_info/holds_congress"
ELECTED, STAFF = "/basic_info/last_election_date", "/basic_info/staff_quota"
NAME = "陆怀川"
GRAPHIC = (
    '<w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="x">{}</a:graphicData></a:graphic></wp:inline>'
    "</w:drawing></w:r>"
)


def written(paper, label, markup):
    """Puts markup in the place of the value beside a label."""
    put(paper.value(label), "").find(W + "p").extend(elements(markup))


@pytest.mark.parametrize("kind", ["header", "footer"])
@pytest.mark.parametrize("which", ["default", "first"])
def test_text_typed_into_a_header_or_footer_is_reported(kind, which):
    paper = Paper()
    made = paper.add_part("word/typed.xml", part("w:hdr", f"<w:p>{t('经办人：岑远')}</w:p>"), kind)
    section = list(paper.body.iter(W + "sectPr"))[-1]
    for old in section.findall(f"{W}{kind}Reference"):
        section.remove(old)
    section[:0] = elements(f'<w:{kind}Reference w:type="{which}" r:id="{made}"/>')
    section.extend(elements("<w:titlePg/>"))
    assert_reads(paper, {}, [("unread_text", "", "经办人：岑远")])


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_a_note_is_quoted_at_the_field_that_refers_to_it(kind):
    paper = Paper()
    notes = "".join(
        f'<w:{kind} w:id="{number}"><w:p>{t(text)}</w:p></w:{kind}>'
        for number, text in ((4, "代理"), (5, "无"))
    )
    paper.add_part(f"word/{kind}s.xml", part(f"w:{kind}s", notes), f"{kind}s")
    written(paper, "负责人姓名", t(NAME) + f'<w:r><w:{kind}Reference w:id="4"/></w:r>')
    assert_reads(paper, {}, [("footnote", LEADER, "代理")])


@pytest.mark.parametrize("kind", ["diagram", "chart"])
def test_the_text_of_a_diagram_or_chart_is_quoted_at_its_field(kind):
    paper = Paper()
    if kind == "diagram":
        made = paper.add_part("word/d.xml", part("dgm:dataModel", "<a:t>岑远</a:t>"), "diagramData")
        graphic = f'<dgm:relIds r:dm="{made}"/>'
    else:
        made = paper.add_part("word/c.xml", part("c:chartSpace", "<c:v>岑远</c:v>"), "chart")
        graphic = f'<c:chart r:id="{made}"/>'
    written(paper, "负责人姓名", GRAPHIC.format(graphic))
    assert_reads(paper, {LEADER: None}, [("text_box", LEADER, "岑远")])


def store(paper, content):
    """Adds `content` as the data that controls are bound to."""
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    link = f'<Relationship Id="a" Target="p.xml" Type="{OFFICE}/relationships/customXmlProps"/>'
    paper.parts["customXml/item1.xml"] = f"<d>{content}</d>".encode()
    links = f'<Relationships xmlns="{space}">{link}</Relationships>'
    paper.parts["customXml/_rels/item1.xml.rels"] = links.encode()
    item = f'<x:datastoreItem xmlns:x="{OFFICE}/customXml" x:itemID="{{1}}"/>'
    paper.parts["customXml/p.xml"] = item.encode()


def to_data(shown, kind, path="/d/v"):
    """A control that shows something and is bound to data."""
    return control(t(shown), f'<w:dataBinding w:xpath="{path}"/>{kind}')


@pytest.mark.parametrize(
    ("data", "pattern", "value"),
    [
        ("2021-03-09T00:00:00", "yyyy年M月d日", "2021-03-09"),
        ("2021-03-09", "yyyy-MM-dd", "2021-03-09"),
        ("2021-03-09Z", "EEEE年O月A日", "2021-03-09"),
    ],
)
@pytest.mark.parametrize("shown", ["2020年1月2日", "2021年3月9日"])
def test_a_bound_date_is_read_as_word_shows_it(data, pattern, value, shown):
    paper = Paper()
    store(paper, f"<v>{data}</v>")
    kind = f'<w:date><w:dateFormat w:val="{pattern}"/></w:date>'
    cell = paper.row("最近一次换届日期").findall(W + "tc")[1]
    put(cell, "最近一次换届日期：").find(W + "p").extend(elements(to_data(shown, kind)))
    read = extract(paper.docx())
    assert read.data["basic_info"]["last_election_date"] == value
    is_stale = shown.startswith("2020")
    assert {each.pointer for each in read.warnings} <= {ELECTED}
    assert any(each.code == "bound_text" for each in read.warnings) >= is_stale


@pytest.mark.parametrize("data", ["1", "true", "0", "false"])
@pytest.mark.parametrize("shown", ["☑", "□"])
def test_a_bound_box_is_read_by_its_data(data, shown):
    paper = Paper()
    store(paper, f"<v>{data}</v>")
    state = "1" if shown == "☑" else "0"
    box = to_data(shown, f'<w14:checkbox><w14:checked w14:val="{state}"/></w14:checkbox>')
    written(paper, "是否依照章程召开代表大会", t("是") + box + t("  否□"))
    is_on = data in ("1", "true")
    stale = [] if is_on == (shown == "☑") else [("bound_text", CONGRESS, shown)]
    assert_reads(paper, {CONGRESS: True if is_on else None}, stale)


@pytest.mark.parametrize(("items", "warned"), [(1, False), (2, True), (0, True)])
def test_a_repeating_section_of_another_length_than_its_data_is_reported(items, warned):
    paper = Paper()
    store(paper, "<v>甲</v>" * items)
    space = 'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
    item = control(t(NAME), f"<w15:repeatingSectionItem {space}/>")
    section = (
        f'<w15:dataBinding {space} w:xpath="/d/v" w:storeItemID="{{1}}"/><w15:repeatingSection {space}/>'
    )
    written(paper, "负责人姓名", control(item, section))
    found = [(each.code, each.pointer) for each in extract(paper.docx()).warnings]
    assert found == ([("bound_unknown", LEADER)] if warned else [])


@pytest.mark.parametrize(
    ("font", "code"), [("Wingdings", 0x8A), ("Wingdings 2", 0x73), ("Wingdings", 0xF04A)]
)
def test_a_number_or_face_drawn_by_a_symbol_font_is_no_digit(font, code):
    paper = Paper()
    written(paper, "编制数", t("1") + f'<w:r><w:sym w:font="{font}" w:char="{code:04X}"/></w:r>')
    read = extract(paper.docx())
    assert read.warnings
    assert {each.pointer for each in read.warnings} == {STAFF}


CHOICES = (
    '<w:ffData><w:ddList><w:result w:val="{}"/><w:listEntry w:val="岑甲"/>'
    '<w:listEntry w:val="岑乙"/></w:ddList></w:ffData>'
)


@pytest.mark.parametrize(
    ("chosen", "shown", "value"),
    [(1, None, "岑乙"), (1, "岑乙", "岑乙"), (0, "岑甲", "岑甲"), (1, "岑甲", None), (7, "岑甲", None)],
)
def test_a_list_of_word_97_is_read_by_its_choice_or_reported(chosen, shown, value):
    paper = Paper()
    written(paper, "负责人姓名", field("FORMDROPDOWN", shown, CHOICES.format(chosen)))
    read = extract(paper.docx())
    pointers = {each.pointer for each in read.warnings}
    if value is None:
        assert pointers == {LEADER}
    else:
        assert (read.data["basic_info"]["leader_name"], pointers) == (value, set())
