"""The overview of a form's sections: what each lacks, and the way to each and to the next fault."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.helpers.browser import ANNEX2, violations


def test_on_a_phone_each_section_says_what_it_lacks_and_is_one_tap_away(visit):
    page = visit(ANNEX2, width=360, axe=True)
    overview = page.get_by_role("navigation", name="各部分")
    link = overview.get_by_role("link")
    expect(link.nth(0)).to_have_text("封面 缺 5 项")
    page.get_by_label("申报单位", exact=True).fill("云泽县科学技术协会")
    page.get_by_label("电子信箱", exact=True).fill("kexie")
    page.get_by_label("联系人", exact=True).focus()
    expect(link.nth(0)).to_have_text("封面 1 处有误")
    expect(link.nth(0)).to_have_attribute("aria-current", "true")
    link.filter(has_text="三、目标任务和计划措施").click()
    text = page.locator("[id='f/goals_and_measures']")
    expect(text).to_be_focused()
    expect(text).to_be_in_viewport()
    text.fill("全县科普。")
    expect(link.filter(has_text="三、目标任务和计划措施")).to_contain_text("✓")
    expect(overview).to_be_in_viewport()
    expect(link.filter(has_text="三、目标任务和计划措施")).to_be_in_viewport(ratio=0.9)
    fault = overview.get_by_role("button", name="1 处需要改正").bounding_box()
    sections = overview.get_by_role("list").bounding_box()
    assert sections["x"] + sections["width"] <= fault["x"]
    assert violations(page) == []


def test_one_key_goes_round_the_faults(visit):
    page = visit(ANNEX2)
    email, staff = (page.get_by_label(label, exact=True) for label in ("电子信箱", "编制数"))
    email.fill("kexie")
    staff.fill("九")
    page.get_by_label("手机", exact=True).focus()
    page.keyboard.press("Tab")  # nothing is answered yet: the first answer comes first
    expect(page.get_by_role("group", name="是否独立建制").get_by_label("是", exact=True)).to_be_focused()
    button = page.get_by_role("button", name="2 处需要改正")
    expect(button).to_be_visible()
    page.keyboard.press("F8")
    expect(staff).to_be_focused()
    page.keyboard.press("F8")
    expect(email).to_be_focused()
    button.click()
    expect(staff).to_be_focused()
    staff.fill("9")
    email.fill("")
    page.get_by_label("手机", exact=True).focus()
    expect(page.get_by_role("button", name="需要改正")).to_be_hidden()


def test_a_form_without_sections_has_no_overview_but_the_way_to_a_fault(visit):
    page = visit("/forms/annex3/2021")
    overview = page.locator(".overview")
    expect(overview).to_be_hidden()
    page.get_by_label("案例名称", exact=True).fill("一\u0007")
    page.get_by_label("县级科协名称", exact=True).focus()
    expect(overview.get_by_role("button", name="1 处需要改正")).to_be_visible()
