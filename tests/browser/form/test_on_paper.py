"""The form page on paper and in high contrast: without backgrounds and colours it says the same."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.helpers.browser import ANNEX2, choose
from tests.helpers.docx_read import squash
from tests.helpers.pdf import words

QUESTION = "是否独立建制"
PARAGRAPHS = [f"第{number}段，云泽县科协面向乡镇开展科普服务。" * 4 for number in range(1, 13)]


def test_a_printed_page_says_what_was_chosen_and_every_line_of_a_long_text(visit):
    page = visit(ANNEX2)
    page.get_by_label("申报单位", exact=True).fill("云泽县科学技术协会")
    choose(page, QUESTION, "是")
    choose(page, "人大常委", "否")
    text = page.locator("[id='f/goals_and_measures']")
    text.fill("\n".join(PARAGRAPHS))
    printed = squash(words(page.pdf(print_background=False)))
    assert [printed.count(each) for each in ("☑是", "☑否", "☑", "□")] == [1, 1, 2, 8]
    assert squash("".join(PARAGRAPHS)) in printed
    assert "云泽县科学技术协会" in printed
    assert not {each for each in ("下载", "数据与草稿", "未填", "预览") if each in printed}
    expect(text).to_be_visible()
    expect(page.locator(".printed")).to_have_count(0)


def test_answers_and_faults_are_seen_in_high_contrast(visit):
    page = visit(ANNEX2)
    page.emulate_media(forced_colors="active")
    group = page.get_by_role("group", name=QUESTION, exact=True)
    looks = []
    for answer in ("未填", "是", "否"):
        choose(page, QUESTION, answer)
        page.get_by_label("申报单位", exact=True).focus()
        looks.append(group.screenshot())
    assert len(set(looks)) == 3
    email = page.get_by_label("电子信箱", exact=True)
    border = "element => getComputedStyle(element).borderTopStyle"
    assert email.evaluate(border) == "solid"
    email.fill("kexie")
    page.get_by_label("申报单位", exact=True).focus()
    expect(email).to_have_attribute("aria-invalid", "true")
    assert email.evaluate(border) == "double"
