"""The preview in a real browser: turned, enlarged, following the form, at rest."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.helpers.browser import ANNEX2, SECTION, picture, renewed, section, up_to_date


def test_the_pages_of_the_preview_are_turned_and_enlarged(visit):
    page = visit(ANNEX2)
    up_to_date(page)
    first = picture(page)
    expect(page.get_by_role("button", name="上一页")).to_be_disabled()
    page.get_by_role("button", name="下一页").click()
    renewed(page, first)
    expect(page.locator("#page-of")).to_have_text("第 2 / 5 页")
    width = page.locator("#page").bounding_box()["width"]
    page.route("**/documents?format=png*", lambda route: route.abort())
    page.get_by_role("button", name="下一页").click()
    expect(page.locator("#preview-status")).to_contain_text(
        "预览暂时不可用，显示的是上一次的文书。 连接不上服务"
    )
    page.get_by_role("button", name="放大").click()
    expect(page.locator("#page-of")).to_have_text("第 2 / 5 页")
    expect(page.locator("#page")).to_have_attribute("alt", "文书第 2 页，共 5 页")
    page.unroute("**/documents?format=png*")
    expect(page.locator("#zoom-level")).to_have_text("125%")
    assert page.locator("#page").bounding_box()["width"] == pytest.approx(width * 1.25, rel=0.01)
    before = picture(page)
    page.get_by_role("button", name="上一页").click()
    renewed(page, before)
    expect(page.get_by_role("button", name="上一页")).to_be_disabled()
    expect(page.get_by_role("button", name="上一页")).to_be_focused()
    for button in page.locator(".preview-bar button:visible").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 32


def test_the_preview_turns_to_the_section_that_is_filled_in(visit):
    page = visit(ANNEX2)
    up_to_date(page)
    section(page, SECTION[4]).get_by_label("计划开支名称").first.focus()
    expect(page.locator("#page-of")).to_have_text("第 5 / 5 页")
    page.get_by_role("button", name="上一页").click()
    expect(page.locator("#page-of")).to_have_text("第 4 / 5 页")
    section(page, SECTION[4]).get_by_label("计划开支名称").nth(1).focus()
    up_to_date(page)
    expect(page.locator("#page-of")).to_have_text("第 4 / 5 页")
    page.get_by_label("联系人", exact=True).focus()
    expect(page.locator("#page-of")).to_have_text("第 1 / 5 页")
    page.get_by_label("自动更新").uncheck()
    page.get_by_label("总体思路", exact=True).focus()
    expect(page.locator("#page-of")).to_have_text("第 1 / 5 页")


def click_on(page, across, down):
    """Clicks on the document, at this part of its width and height."""
    page.locator("#page").scroll_into_view_if_needed()
    box = page.locator("#page").bounding_box()
    page.locator("#page").click(position={"x": box["width"] * across, "y": box["height"] * down})


def test_a_click_on_the_document_goes_to_its_field(visit):
    page = visit(ANNEX2)
    up_to_date(page)
    page.get_by_label("手机", exact=True).focus()
    expect(page.locator("#page-of")).to_have_text("第 3 / 5 页")
    mark = page.locator(".mark")
    expect(mark).to_have_count(1)
    seen, leaf = mark.bounding_box(), page.locator("#leaf").bounding_box()
    across, down = seen["x"] + seen["width"] / 2 - leaf["x"], seen["y"] + seen["height"] / 2 - leaf["y"]
    page.get_by_label("乡镇（个）", exact=True).focus()
    expect(mark).not_to_have_count(0)
    click_on(page, across / leaf["width"], down / leaf["height"])
    expect(page.get_by_label("手机", exact=True)).to_be_focused()
    click_on(page, across / leaf["width"], 0.99)  # nearest to the last row
    assert page.evaluate("() => document.activeElement.id").endswith("/four_heads/tech_entrepreneurs/village")
    page.get_by_role("button", name="上一页").click()
    expect(page.locator("#page-of")).to_have_text("第 2 / 5 页")
    up_to_date(page)
    click_on(page, 0.5, 0.5)
    expect(page.locator("#preview-status")).to_have_text("这一页没有要填写的栏目")


def test_a_tap_on_the_document_opens_the_form_at_its_field(visit):
    page = visit("/forms/annex3/2021", width=360)
    up = page.locator("#preview-status")
    page.get_by_label("成效", exact=True).fill("甲")
    page.get_by_role("button", name="预览", exact=True).click()
    expect(up).to_have_text("预览已是最新")
    expect(page.locator(".mark")).to_have_count(1)
    click_on(page, 0.5, 0.255)
    expect(page.get_by_label("案例名称", exact=True)).to_be_focused()
    expect(page.get_by_role("button", name="填写", exact=True)).to_have_attribute("aria-pressed", "true")


def test_the_document_follows_the_fields_of_a_form_without_headings(visit):
    page = visit("/forms/annex1/2021")
    up_to_date(page)
    page.get_by_label("5.1").focus()
    expect(page.locator("#page-of")).not_to_have_text("第 1 / 3 页")
    expect(page.locator(".mark")).to_have_count(1)
    page.get_by_label("1.1").focus()
    expect(page.locator("#page-of")).to_have_text("第 1 / 3 页")


def test_nothing_is_sent_while_updating_is_off(visit):
    page = visit(ANNEX2)
    up_to_date(page)
    page.get_by_label("自动更新").uncheck()
    page.clock.install()
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.get_by_label("联系人", exact=True).fill("沈砚青")
    expect(page.locator("#preview-status")).to_have_text("内容已改，预览未更新")
    page.clock.run_for(5_000)
    expect(page.locator("#saved")).to_contain_text("草稿已保存")
    assert [url for url in sent if not url.startswith("blob:") and "/static/" not in url] == []
    before = picture(page)
    page.route("**/documents?format=png*", lambda route: None)
    with page.expect_request("**/documents?format=png*"):
        page.get_by_role("button", name="更新预览").click()
    with page.expect_event("requestfailed"):
        page.get_by_label("联系人", exact=True).fill("沈砚")
    expect(page.locator("#preview-status")).to_have_text("内容已改，预览未更新")
    with page.expect_request("**/documents?format=png*"):
        page.get_by_role("button", name="更新预览").click()
    page.clock.fast_forward(json.loads(page.locator("#page-data").text_content())["timeout"])
    expect(page.locator("#preview-status")).to_contain_text("连接不上服务")
    page.unroute("**/documents?format=png*")
    page.get_by_role("button", name="更新预览").click()
    renewed(page, before)
