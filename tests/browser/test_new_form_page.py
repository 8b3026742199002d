"""A blank form dropped on the page becomes a form that is filled in: with and without script, by keyboard."""

from __future__ import annotations

import io
import zipfile

import pytest
from playwright.sync_api import expect

from tests.helpers.browser import Visit, downloaded, drop, looks, picture, renewed, up_to_date, violations
from tests.helpers.docx_builder import docx
from tests.helpers.docx_read import squash, text
from tests.helpers.forms.blank_forms import paragraph
from tests.helpers.forms.signup import BLANK, TITLE

ROUTE = "/forms/new"


@pytest.fixture
def visited(browser, forms_outside):
    opened = []

    def open_(address=ROUTE, **how):
        opened.append(Visit(browser, forms_outside, address, **how))
        return opened[-1].page

    yield open_
    problems = [problem for each in opened for problem in each.problems]
    for each in opened:
        each.context.close()
    assert problems == []


def place(page, number):
    return page.locator(f"#place-{number}")


def outline(page, number):
    return page.locator(f".spot[data-number='{number}']")


def entry(page, number, name):
    return page.locator(f'[id="f/fields/{number}/{name}"]')


def step(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def files(content):
    return zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_a_blank_that_is_dropped_becomes_a_form_that_is_filled_in(visited):
    page = visited(axe=True)
    drop(page, "报名表.docx", BLANK)
    expect(page.locator(".place .name")).to_have_text(
        ["参赛单位", "姓名", "性别", "联系电话", "备注", "讲解题目", "单位意见", "本队共"]
    )
    expect(page.locator(".found")).to_contain_text("找到 8 处要填写的位置。其中 2 处请核对：")
    expect(place(page, 7)).to_contain_text("由审批人填写")

    place(page, 4).hover()
    expect(outline(page, 4)).to_have_class("spot current")
    outline(page, 5).hover()
    expect(place(page, 5)).to_have_class("place current")
    outline(page, 5).click()
    entry(page, 5, "label").fill("指导教师")
    entry(page, 5, "kind").select_option("choice")
    entry(page, 5, "options").fill("校内\n校外")
    outline(page, 4).click()
    entry(page, 4, "key").fill("姓名")
    entry(page, 4, "key").blur()
    expect(page.locator("#draft-summary")).to_contain_text("有 1 处需要改正")
    entry(page, 4, "key").fill("mobile")
    entry(page, 4, "key").blur()
    expect(page.locator("#draft-summary")).to_be_hidden()
    place(page, 7).get_by_role("checkbox").first.uncheck()
    page.locator(".free").first.click()
    expect(page.locator(".place")).to_have_count(9)
    expect(entry(page, 9, "label")).to_be_focused()
    place(page, 9).get_by_role("checkbox").first.uncheck()
    for width, _ in looks(page, 1280, 360):
        assert violations(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth") == width
    page.set_viewport_size({"width": 1280, "height": 800})

    step(page, "试填")
    expect(page.get_by_label("姓名", exact=True)).to_have_value("林知远")
    expect(page.get_by_role("group", name="指导教师").get_by_role("radio", name="校外")).to_be_visible()
    expect(page.get_by_label("单位意见", exact=True)).to_have_count(0)
    up_to_date(page)
    before = picture(page)
    page.get_by_label("讲解题目", exact=True).fill("一滴水的旅行")
    renewed(page, before)
    expect(page.locator(".mark")).to_have_count(1)
    for _ in looks(page, 1280):
        assert violations(page) == []
    step(page, "核对栏目")
    outline(page, 6).click()
    entry(page, 6, "label").fill("题目")
    step(page, "试填")
    expect(page.get_by_label("题目", exact=True)).to_have_value("一滴水的旅行")

    held = []
    page.route(f"**{ROUTE}", lambda route: held.append(route))
    step(page, "安装或下载")
    page.get_by_label("名称（用于网址和报文）").fill("signup")
    page.get_by_label("年度").fill("2033")
    expect(page.get_by_role("button", name="下载 ZIP", exact=True)).to_be_disabled()
    held[0].continue_()
    page.unroute(f"**{ROUTE}")
    name, content = downloaded(page, "下载 ZIP")
    assert name == "signup-2033.zip"
    assert "signup-2033/docx_templates/2033/signup.docx" in files(content)
    step(page, "安装到本服务")
    expect(page.locator("#installed")).to_contain_text(f"“{TITLE}”已安装。")
    for _ in looks(page, 1280):
        assert violations(page) == []
    page.get_by_role("link", name="打开填写页").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.get_by_label("姓名", exact=True).fill("沈砚青")
    page.get_by_role("group", name="指导教师").get_by_role("radio", name="校外").check()
    _, document = downloaded(page, "下载 Word")
    assert "沈砚青" in text(document)
    assert "校外" in squash(text(document))


def test_without_javascript_the_form_is_changed_downloaded_and_installed(visited):
    page = visited(script=False)
    page.locator("#file").set_input_files(
        {"name": "报名表.docx", "mimeType": "application/octet-stream", "buffer": BLANK}
    )
    page.get_by_role("button", name="读取", exact=True).click()
    expect(page.locator(".place")).to_have_count(8)
    assert page.locator("svg image").first.get_attribute("href").startswith("data:image/png;base64,")
    outline(page, 6).click()
    assert page.url.endswith("#place-6")
    place(page, 6).locator("summary").click()
    entry(page, 6, "label").fill("")
    page.get_by_role("button", name="检查修改").click()
    expect(page.locator("#draft-summary li")).to_have_count(1)
    entry(page, 6, "label").fill("题目")
    page.get_by_role("button", name="增加", exact=True).click()
    expect(page.locator("#draft-summary li")).to_have_text(["增加一处：请先选择空白格。"])
    page.get_by_label("增加一处").select_option(index=1)
    page.get_by_role("button", name="增加", exact=True).click()
    expect(page.locator(".place")).to_have_count(9)
    expect(entry(page, 9, "label")).to_be_focused()
    place(page, 9).get_by_role("checkbox").first.uncheck()
    page.get_by_label("名称（用于网址和报文）").fill("signup_plain")
    _, content = downloaded(page, "下载 ZIP")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        (schema,) = (name for name in packed.namelist() if name.endswith("/schemas/signup_plain.py"))
        assert 'Line("题目")' in packed.read(schema).decode()
    page.get_by_role("button", name="安装到本服务").click()
    expect(page.get_by_role("status").filter(has_text="已安装")).to_be_in_viewport()
    page.get_by_role("button", name="安装到本服务").click()
    expect(page.locator("#draft-summary li")).to_contain_text(["已有 signup_plain"])


def test_with_the_keyboard_alone_a_place_is_changed_and_another_added(visited):
    page = visited()
    page.locator("#file").set_input_files(
        {"name": "报名表.docx", "mimeType": "application/octet-stream", "buffer": BLANK}
    )
    link = page.locator(".found a").first
    link.focus()
    page.keyboard.press("Enter")
    expect(place(page, 7).locator("summary")).to_be_focused()
    expect(outline(page, 7)).to_have_class("spot current")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("推荐意见")
    expect(place(page, 7).locator(".name")).to_have_text("推荐意见")
    outline(page, 2).focus()
    page.keyboard.press("Enter")
    expect(place(page, 2).locator("summary")).to_be_focused()
    page.get_by_label("增加一处").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(entry(page, 9, "label")).to_be_focused()


def test_what_cannot_become_a_form_is_refused_and_changes_are_not_lost(visited):
    page = visited()
    alert = page.get_by_role("alert")
    for name, content, message in (
        ("表.pdf", b"%PDF-1.7", "表.pdf：PDF 里没有可以填写的版式结构。"),
        ("照片.png", b"\x89PNG\r\n\x1a\n", "照片.png：这个文件其实是图片"),
        ("通知.docx", docx(paragraph("通知")), "通知.docx：空白表中没有找到要填写的位置。"),
    ):
        drop(page, name, content)
        expect(alert).to_contain_text(message)
    drop(page, "报名表.docx", BLANK)
    expect(alert).to_be_hidden()
    outline(page, 2).click()
    entry(page, 2, "label").fill("选手")
    drop(page, "另一张.docx", BLANK)
    expect(page.locator("#notice")).to_contain_text("读取“另一张.docx”会放弃已做的修改。")
    expect(place(page, 2).locator(".name")).to_have_text("选手")
    page.keyboard.press("Enter")
    expect(place(page, 2).locator(".name")).to_have_text("姓名")
