"""Cells copied from a spreadsheet and pasted into the form: rows are added, nothing is lost silently."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.helpers.browser import ANNEX2, paste


def field(page, pointer):
    return page.locator(f"[name='{pointer}']")


def budget(page):
    rows = page.locator("[data-rows='/budget/items'] > .row")
    return [[box.input_value() for box in row.locator("input").all()] for row in rows.all()]


def test_copied_rows_fill_the_table_and_are_undone_at_once(visit):
    page = visit(ANNEX2)
    field(page, "/budget/items/0/name").fill("办公用品")
    copied = '科普活动\t"会场租赁\r\n与布置"\t1,250.50\r\n学会建设\t"""双创""培训"\t2\r\n\t\t\r\n'
    copied += "助力乡村\t培训\t3.6\r\n院士专家行\t交通\t0.45\r\n"
    paste(page, field(page, "/budget/items/1/name"), copied)
    expect(page.locator("#notice").get_by_text("已填入 12 格。")).to_be_visible()
    assert budget(page) == [
        ["办公用品", "", ""],
        ["科普活动", "会场租赁 与布置", "1250.50"],
        ["学会建设", '"双创"培训', "2"],
        ["", "", ""],
        ["助力乡村", "培训", "3.6"],
        ["院士专家行", "交通", "0.45"],
    ]
    expect(page.locator("output[data-sum='/budget/items']")).to_have_text("1256.55")
    field(page, "/cover/contact_person").fill("后来填的")
    field(page, "/budget/items/2/name").fill("后来改的")
    page.get_by_role("button", name="撤销").click()
    assert budget(page) == [["办公用品", "", ""], ["", "", ""], ["后来改的", "", ""]]
    expect(field(page, "/cover/contact_person")).to_have_value("后来填的")


def test_headings_the_total_and_what_has_no_place_are_left_out_and_one_cell_is_pasted_as_ever(visit):
    page = visit(ANNEX2)
    page.clock.install()
    notice = page.locator("#notice")
    paste(page, field(page, "/budget/items/0/name"), "科普活动")
    expect(field(page, "/budget/items/0/name")).to_have_value("科普活动")
    paste(page, field(page, "/overall_approach"), "第一段\n第二段")
    assert field(page, "/overall_approach").input_value() == "第一段\n第二段"
    copied = "计划开支名称\t计划开支项目\t金额(万元)\n补助\t组织建设\t6\n平台\t建设\t12.5\n合 计\t\t18.5\n"
    paste(page, field(page, "/budget/items/0/name"), copied)
    expect(notice).to_contain_text("已填入 6 格。标题行没有填入。合计行没有填入，合计由系统计算。")
    notice.get_by_role("button", name="撤销").focus()
    page.clock.fast_forward(15_000)
    expect(notice).to_have_css("position", "sticky")
    field(page, "/cover/contact_person").focus()
    page.clock.fast_forward(15_000)
    expect(notice).to_have_css("position", "static")  # at the form's end, where it covers nothing
    expect(notice.get_by_role("button", name="撤销")).to_be_visible()
    rows = [row for row in budget(page) if any(row)]
    assert rows == [["补助", "组织建设", "6"], ["平台", "建设", "12.5"]]
    paste(page, field(page, "/basic_info/four_heads/hospital_directors/township"), "3\t4\t五\n\t6\n")
    expect(notice).to_contain_text("已填入 3 格。另有 1 格没有位置或不合要求，未填：五。")
    maximum = int(page.locator("[data-rows='/budget/items']").get_attribute("data-maximum"))
    names = [f"第{number}项" for number in range(maximum + 1)]
    paste(page, field(page, "/budget/items/0/name"), "\n".join(names))
    expect(notice).to_contain_text(f"已填入 {maximum} 格。另有 1 格没有位置或不合要求，未填：第{maximum}项。")
    page.clock.fast_forward(15_000)
    expect(notice).to_have_css("position", "sticky")
    assert len(budget(page)) == maximum
