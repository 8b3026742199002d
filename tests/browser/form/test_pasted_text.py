"""A section copied from Word and pasted into a long text: tidied in sight, undone, split into its fields."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.helpers.browser import ANNEX2, looks, paste, violations

PASTED = "二、总体思路\n\u3000\u3000以镇村\xa0为重点。\n三、目标任务和计划措施\n\n1.\t建会。\n\uf0b7\t培训。"
TIDIED = "二、总体思路\n以镇村 为重点。\n三、目标任务和计划措施\n1.建会。\n培训。"


def test_a_pasted_section_is_tidied_undone_and_split(visit):
    page = visit(ANNEX2, axe=True)
    approach = page.get_by_label("总体思路", exact=True)
    goals = page.get_by_label("目标任务和计划措施", exact=True)
    goals.fill("前文。")
    page.keyboard.press("End")
    paste(page, goals, PASTED)
    box = page.get_by_role("group", name="粘贴的文字")
    expect(goals).to_have_value(f"前文。{TIDIED}")
    expect(box.get_by_role("listitem")).to_have_text(
        [
            "含有不换行空格 1 处，已改为普通空格。",
            "列表符号 1 处，已删去。",
            "编号后的制表符 1 处，已删去。",
            "空行 1 行，已删去。",
            "段首有空白 1 处，表单已有缩进，已删去。",
        ]
    )
    box.get_by_text("粘贴的原文").click()
    expect(box.locator("pre")).to_contain_text("1.→")
    for _ in looks(page, 1280, 360):
        assert violations(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    box.get_by_role("button", name="恢复原文").click()
    expect(goals).to_have_value(f"前文。{PASTED}")
    for value in (f"前文。{TIDIED}", f"前文。{PASTED}", "前文。"):
        page.keyboard.press("Control+Z")
        expect(goals).to_have_value(value)
    expect(box).to_have_count(0)
    paste(page, goals, PASTED)
    box.get_by_role("button", name="分别填入各栏").click()
    expect(approach).to_have_value("以镇村 为重点。")
    expect(goals).to_have_value("前文。\n1.建会。\n培训。")
    notice = page.locator("#notice")
    expect(notice).to_contain_text("已分别填入：总体思路、目标任务和计划措施。")
    notice.get_by_role("button", name="撤销").click()
    expect(approach).to_have_value("")


def test_plain_text_is_pasted_as_it_is(visit):
    page = visit("/forms/annex3/2021")
    measures = page.get_by_label("举措", exact=True)
    with page.expect_response("**/pasted-text"):
        paste(page, measures, "每周六授课。\n全年28期。")
    expect(measures).to_have_value("每周六授课。\n全年28期。")
    expect(page.locator(".pasted")).to_have_count(0)
    page.set_viewport_size({"width": 360, "height": 740})
    paste(page, measures, "\n".join(["\u3000\u3000每周六授课。"] * 40))
    expect(page.get_by_role("group", name="粘贴的文字")).to_be_in_viewport(ratio=0.9)
