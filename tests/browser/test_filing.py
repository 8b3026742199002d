"""A form is checked and archived in a real browser: changed, confirmed, archived, opened again."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.helpers.browser import downloaded, drop, looks, violations
from tests.helpers.docx_read import squash, text

CASE = "/forms/annex3/2021"
ANNEX2 = "/forms/annex2/2021"
CHECK, ARCHIVE, BACK = "检查并完成", "提交归档", "返回修改"


def button(page, name):
    return page.get_by_role("button", name=name, exact=True).first


def review(page):
    """The review or the receipt, once it has the focus."""
    expect(page.locator("#review-title")).to_be_focused()
    return page.locator("#review")


def checked(page):
    button(page, CHECK).click()
    return review(page)


def fill(page, association, case="社区老人的手机课堂"):
    page.get_by_label("县级科协名称", exact=True).fill(association)
    page.get_by_label("案例名称", exact=True).fill(case)


def archived(page, name=ARCHIVE):
    """Confirms what is blank and archives: the number and the version."""
    page.get_by_label("我知道还有").check()
    button(page, name).click()
    expect(page.locator("#number")).to_be_visible()
    return page.locator("#number").inner_text(), re.search("第 \\d+ 版", review(page).inner_text())[0]


def test_a_clerk_checks_corrects_archives_and_changes_a_form(visit):
    page = visit(ANNEX2)
    page.get_by_label("申报单位", exact=True).fill("如东县科协")
    page.get_by_label("电子信箱", exact=True).fill("kexie@")
    day = page.get_by_label("最近一次换届日期", exact=True)
    day.press("3")  # a part of it
    button(page, CHECK).click()
    expect(day).to_be_focused()
    expect(page.locator("#notice")).to_contain_text("最近一次换届日期：日期不完整")
    expect(day).to_have_accessible_description(re.compile("日期不完整"))
    day.fill("2021-03-09")
    seen = checked(page)
    expect(seen.get_by_role("heading", name="有 1 处需要改正").first).to_be_visible()
    page.wait_for_function(
        "() => Math.round(document.getElementById('review-title').getBoundingClientRect().top) === 12"
    )
    expect(page.get_by_label("自动更新")).to_be_hidden()
    expect(seen).to_contain_text("2021年3月9日")
    expect(button(page, ARCHIVE)).to_have_count(0)
    expect(page.get_by_role("region", name="文书预览")).to_be_visible()
    seen.get_by_role("button", name="修改 电子信箱").first.click()
    expect(page.get_by_label("电子信箱", exact=True)).to_be_focused()
    expect(seen).to_have_count(0)
    page.keyboard.type("rudong.example.org")
    checked(page)
    page.locator("#clear").evaluate("(clear) => clear.click()")  # as a file or a portal might
    expect(page.locator("#review")).to_have_count(0)
    page.locator("#notice").get_by_role("button", name="撤销").click()
    checked(page)
    page.go_back()
    expect(button(page, CHECK)).to_be_focused()
    expect(page.get_by_label("申报单位", exact=True)).to_have_value("如东县科协")
    seen = checked(page)
    page.keyboard.press("Escape")
    expect(seen).to_have_count(0)
    checked(page)
    assert archived(page) == ("annex2-2021-如东县科协-001", "第 1 版")
    expect(page.locator("#review")).to_contain_text("送市科协")
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.get_by_role("button", name="回执")).to_have_attribute("aria-pressed", "true")
    page.set_viewport_size({"width": 1280, "height": 800})
    name, docx = downloaded(page, "下载 Word")
    assert name.endswith("（如东县科协）.docx")
    assert "2021年3月9日" in squash(text(docx))
    with page.expect_popup() as shown:
        button(page, "打印 PDF").click()
    shown.value.close()

    page.reload()  # the record itself
    expect(page.get_by_role("heading", level=1)).to_contain_text("annex2-2021-如东县科协-001")
    page.go_back()  # the draft is settled
    expect(page.get_by_label("申报单位", exact=True)).to_have_value("")
    page.goto(page.url.removesuffix(ANNEX2) + "/records?id=如东县科协-001")
    page.get_by_role("link", name="annex2-2021-如东县科协-001").click()
    button(page, "修改").click()
    expect(page.locator("#changing")).to_contain_text("正在修改： 编号 annex2-2021-如东县科协-001，第 1 版")
    seen = checked(page)
    expect(seen).to_contain_text("没有改动，不产生新的版本")
    button(page, BACK).click()
    page.get_by_label("联系人", exact=True).fill("沈砚青")
    expect(page.locator("#saved")).to_contain_text("已保存")
    page.reload()  # the draft knows what it changes
    expect(page.locator("#changing")).to_be_visible()
    checked(page)
    assert archived(page, "提交归档（第 2 版）") == ("annex2-2021-如东县科协-001", "第 2 版")

    page.go_back()
    page.reload()
    drop(page, "数据.json", '{"cover": {"applicant": "如东县科协"}}'.encode())
    notice = page.locator("#notice")
    expect(notice).to_contain_text("已有同一单位的 1 份，最近的是编号 annex2-2021-如东县科协-001，第 2 版。")
    notice.get_by_role("button", name="作为它的下一版").click()
    expect(page.locator("#changing")).to_contain_text("第 2 版")
    expect(page.locator("#changing").get_by_role("link", name="查看档案")).to_have_attribute(
        "href", re.compile("/records/[-0-9a-f]{36}$")
    )
    button(page, "作为新的一份").click()  # nothing says any more what it belongs to
    seen = checked(page)
    number = page.get_by_label("编号（如有）")
    number.fill("annex2-2021-如东县科协-001")
    page.get_by_label("我知道还有").check()
    button(page, ARCHIVE).click()
    expect(number).to_be_focused()
    expect(number).to_be_in_viewport()
    expect(number).to_have_accessible_description(re.compile("已有第 2 版"))
    expect(page.get_by_label("我知道还有")).to_be_checked()
    expect(button(page, "仍然提交，成为第 3 版")).to_be_visible()
    number.fill("另一个")
    expect(button(page, ARCHIVE)).to_be_visible()
    expect(number).not_to_have_accessible_description(re.compile("已有第"))
    number.fill("")
    page.keyboard.press("Escape")
    seen = checked(page)
    page.get_by_role("link", name="跳到提交归档").click()
    expect(page.locator("#finish-title")).to_be_focused()
    button(seen, "作为它的下一版：编号 annex2-2021-如东县科协-001").click()
    expect(seen).to_contain_text("与第 2 版相比，改动")
    button(page, BACK).click()
    expect(page.locator("#changing")).to_contain_text("第 2 版")


def test_a_version_that_came_meanwhile_is_shown_and_the_clerk_decides(visit):
    pages = [visit(CASE), visit(CASE)]
    fill(pages[0], "海安县科协")
    checked(pages[0])
    number, _ = archived(pages[0])
    address = pages[0].get_by_role("link", name="查看档案").get_attribute("href")
    pages[1].goto(pages[1].url.removesuffix(CASE) + address)
    button(pages[1], "修改").click()
    for page, case in zip(pages, ("第一人的", "第二人的"), strict=True):
        if page is pages[0]:
            button(page, "修改这一份").click()
        page.get_by_label("案例名称", exact=True).fill(case)
        checked(page)
    assert archived(pages[0], "提交归档（第 2 版）") == (number, "第 2 版")
    pages[1].get_by_label("我知道还有").check()
    button(pages[1], "提交归档（第 2 版）").click()
    late = pages[1].locator("#review")
    expect(late).to_contain_text("您修改的是编号 annex3-2021-海安县科协-001 的第 1 版，而它已有第 2 版。")
    expect(late).to_contain_text("第二人的")
    assert archived(pages[1], "仍然提交，成为第 3 版") == (number, "第 3 版")


def test_what_breaks_off_is_archived_once_when_it_is_tried_again(visit):
    page = visit(CASE)
    fill(page, "启东县科协")
    checked(page)

    def lost(route):
        route.fetch()  # the service has it
        route.abort()

    page.route(f"**{CASE}", lost, times=1)
    page.get_by_label("我知道还有").check()
    button(page, ARCHIVE).click()
    expect(page.locator(".notice-review")).to_contain_text("连接不上服务")
    expect(page.locator("#changing")).to_be_hidden()
    button(page, "重试").click()
    expect(page.locator("#number")).to_have_text("annex3-2021-启东县科协-001")
    page.goto(re.sub("/records/.*", "/records?id=启东县科协", page.url))
    expect(page.locator(".list tbody tr")).to_have_count(1)


def test_a_form_is_checked_and_archived_with_the_keyboard_alone(visit):
    page = visit(CASE)
    fill(page, "通州县科协")
    page.get_by_label("案例名称", exact=True).press("Control+Home")
    button(page, CHECK).focus()
    page.keyboard.press("Enter")
    review(page)
    for key in ("Tab", "Tab", "Enter", "Tab"):  # by the link past the answers
        page.keyboard.press(key)
    expect(page.get_by_label("编号（如有）")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(button(page, ARCHIVE)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#number")).to_have_text("annex3-2021-通州县科协-001")
    review(page)
    page.keyboard.press("Tab")
    expect(button(page, "复制")).to_be_focused()


def test_axe_finds_nothing_in_any_state_and_nothing_is_cut_off(visit):
    page = visit(ANNEX2, axe=True)

    def look():
        for width, _ in looks(page, 360, 1280):
            assert violations(page) == []
            assert page.evaluate("() => document.documentElement.scrollWidth") == width
        page.emulate_media(forced_colors="active")
        assert violations(page) == []
        page.emulate_media(forced_colors="none")

    page.get_by_label("申报单位", exact=True).fill("某" * 60)
    page.get_by_label("金额（万元）").first.fill("x")
    page.get_by_label("总体思路", exact=True).fill("长" * 300)
    checked(page)
    look()
    page.get_by_role("button", name="修改 第 1 行 金额").first.click()
    page.get_by_label("金额（万元）").first.fill("3.6")
    page.get_by_label("乡镇科协（个）", exact=True).fill("12")
    page.get_by_label("乡镇（个）", exact=True).fill("11")
    checked(page)
    page.get_by_label("编号（如有）").fill("号" * 80)
    look()
    archived(page)
    look()
    button(page, "修改这一份").click()
    expect(page.locator("#changing")).to_be_visible()
    look()


def test_without_javascript_a_form_is_checked_archived_and_changed(visit):
    page = visit(CASE, script=False)
    fill(page, "靖江县科协")
    page.get_by_label("背景", exact=True).fill("第一段。\n第二段。")
    button(page, CHECK).click()
    expect(page.get_by_role("heading", name="检查填写的内容")).to_be_visible()
    page.get_by_role("button", name="修改 举措").first.click()
    assert page.url.endswith("#f/measures")
    expect(page.get_by_label("背景", exact=True)).to_have_value("第一段。\n第二段。")
    page.get_by_label("举措", exact=True).fill("三条。")
    button(page, CHECK).click()
    page.get_by_label("我知道还有").check()
    button(page, ARCHIVE).click()
    expect(page.locator("#number")).to_have_text("annex3-2021-靖江县科协-001")
    with page.expect_download() as waiting:
        button(page, "下载 Word").click()
    assert "第二段。" in squash(text(Path(waiting.value.path()).read_bytes()))
    page.get_by_role("link", name="查看档案").click()
    button(page, "修改").click()
    expect(page.get_by_text("正在修改：")).to_be_visible()
    expect(page.get_by_label("举措", exact=True)).to_have_value("三条。")
    page.get_by_label("成效", exact=True).fill("好。")
    button(page, CHECK).click()
    page.get_by_label("我已核对无误").check()
    button(page, "提交归档（第 2 版）").click()
    expect(page.locator("#review")).to_contain_text("第 2 版")
