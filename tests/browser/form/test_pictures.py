"""A picture in the page: chosen, cropped, moved by keys, kept in the draft; also without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from schemas.normal_pictures import decoded
from service.extraction import extract
from tests.helpers.browser import Visit, downloaded, violations
from tests.helpers.pictures import face, opened, saved
from tests.helpers.pictures.form import publish

PAGE = "/forms/badge/2031"
WIDE = saved(face(600, 200), "jpeg", quality=95)  # thrice as wide as high: its place is higher than wide


@pytest.fixture
def visit(browser, forms_outside, tmp_path, monkeypatch):
    publish(tmp_path, monkeypatch)  # so that this process reads its documents
    visits = []

    def made(address, **how):
        visits.append(Visit(browser, forms_outside, address, **how))
        return visits[-1].page

    yield made
    for each in visits:
        assert each.problems == []
        each.context.close()


def choose(page, content, name="me.jpg"):
    page.get_by_label("选择 PNG 或 JPEG 图片").first.set_input_files(
        [{"name": name, "mimeType": "image/jpeg", "buffer": content}]
    )


def text(page):
    return page.locator("[name='/photo']").input_value()


def printed(document):
    return opened(decoded(extract(document).data["photo"])).convert("RGB")


def is_red(colour):
    return colour[0] > 150 and colour[1] < 100


def test_a_picture_is_cropped_to_its_place_and_kept_in_the_draft(visit):
    page = visit(PAGE, axe=True)
    choose(page, WIDE)
    crop = page.get_by_label("印出的部分").first
    expect(crop).to_be_visible()
    expect(page.locator("#saved")).to_contain_text("草稿已保存")
    first = opened(decoded(text(page)))
    assert abs(first.width / first.height - 35 / 49) < 0.01
    assert first.height == 200  # not blown up
    for _ in range(30):
        crop.press("ArrowRight")  # to the left end of the picture
    left = opened(decoded(text(page))).convert("RGB")
    assert is_red(left.getpixel((2, 2)))
    assert is_red(left.getpixel((left.width - 3, 2)))
    assert not is_red(first.convert("RGB").getpixel((first.width - 3, 2)))
    page.get_by_label("缩放").first.fill("2")
    assert violations(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("() => document.documentElement.scrollWidth") == 360
    kept = text(page)
    page.reload()
    expect(page.get_by_label("印出的部分").first).to_be_visible()
    assert text(page) == kept
    _, document = downloaded(page, "下载 Word")
    assert is_red(printed(document).getpixel((2, 2)))
    page.get_by_role("button", name="删去图片").first.click()
    assert text(page) == ""
    expect(page.get_by_label("印出的部分").first).to_be_hidden()
    with page.expect_response("**/validate"):
        choose(page, b"GIF89a")
    message = page.locator("[id='e/photo']")
    expect(message).to_contain_text("请选择 PNG 或 JPEG")  # also after the check
    choose(page, WIDE)
    expect(message).to_be_empty()


def test_without_a_script_the_file_itself_is_sent_and_kept_through_errors(visit):
    page = visit(PAGE, script=False)
    choose(page, WIDE)
    page.get_by_label("姓名").first.fill("沈" * 201)
    page.get_by_role("button", name="下载 Word").click()
    expect(page.get_by_alt_text("已提交的图片")).to_be_visible()
    page.get_by_label("姓名").first.fill("沈青")
    _, document = downloaded(page, "下载 Word")
    assert extract(document).data["name"] == "沈青"
    assert printed(document).size == (414, 138)
