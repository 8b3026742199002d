"""What is blank and what is unlikely, on the form page while one types: named, linked, in nobody's way."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from service import catalog
from tests.helpers.browser import ANNEX2, choose, messages_beside, violations

MARKED = "() => getComputedStyle(document.querySelector('label[for=\"f/cover/email\"]'), '::after').content"


def load(page, payload):
    data = {"name": "数据.json", "mimeType": "application/json", "buffer": json.dumps(payload).encode()}
    page.set_input_files("#load-json", data)


def test_the_form_says_what_is_blank_and_what_to_check_and_gives_the_document_all_the_same(visit):
    page = visit(ANNEX2, axe=True)
    count, box = page.locator("#remarks-count"), page.get_by_role("region", name="请核对")
    expect(count).to_have_text("还有 46 项未填")
    assert page.evaluate(MARKED) == '"未填" / ""'
    expect(page.locator("[data-missing]")).to_have_count(45)
    expect(page.locator('[id="e/budget/items"]')).to_have_text("请核对：至少填写一行。")

    full = catalog.edition("annex2", 2021).sample("full")
    load(page, full)
    expect(count).to_be_empty()
    expect(page.locator("#remarks")).to_be_hidden()
    expect(page.locator("[data-missing]")).to_have_count(0)

    page.get_by_label("电子信箱", exact=True).fill("")
    choose(page, "是否独立建制", "未填")
    page.get_by_label("学校校长 县级科协人数", exact=True).fill("")
    mobile = page.get_by_label("手机", exact=True)
    mobile.fill("1380000271")
    expect(count).to_have_text("还有 3 项未填")  # the field being edited is left alone
    mobile.blur()
    expect(messages_beside(page, "手机")).to_contain_text("“1380000271”有 10 位数字")
    expect(mobile).not_to_have_attribute("aria-invalid", "true")
    expect(mobile).to_have_accessible_description(
        "请核对： “1380000271”有 10 位数字，不像手机号码（11 位）或带区号的固定电话，请核对。"
    )
    expect(count).to_have_text("1 处请核对，还有 3 项未填")
    expect(box.get_by_role("heading")).to_have_text("1 处请核对，还有 3 项未填")
    box.get_by_role("link", name="手机").click()
    expect(mobile).to_be_focused()
    box.get_by_text("未填的 3 项").click()
    expect(box.locator("details p")).to_have_text(
        ["封面 电子信箱", "一、基本情况 是否独立建制、学校校长 县级科协人数"]
    )
    assert violations(page) == []
    box.get_by_role("link", name="电子信箱").press("Enter")
    expect(page.get_by_label("电子信箱", exact=True)).to_be_focused()

    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载 Word").click()
    assert waiting.value.suggested_filename.endswith("（云泽县科学技术协会）.docx")
    saved = page.get_by_role("status").filter(has_text="已下载：")
    expect(saved).to_contain_text("（1 处请核对，还有 3 项未填）")


@pytest.mark.parametrize("script", [True, False])
def test_advice_is_shown_beside_errors(visit, script):
    page = visit("/forms/annex3/2021", script=script)
    page.get_by_label("案例名称", exact=True).fill("x" * 201)
    page.get_by_label("背景", exact=True).fill("长长的背景")
    page.get_by_label("举措", exact=True).fill("短")
    if script:
        page.get_by_label("举措", exact=True).blur()
    else:
        page.get_by_role("button", name="下载 Word").click()
    expect(messages_beside(page, "案例名称")).to_contain_text("最多 200 个字符")
    expect(messages_beside(page, "举措")).to_have_text("请核对：比“背景”写得短；按填表要求，应重点突出本栏。")
