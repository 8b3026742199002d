"""The pages for everyone: by keyboard, by screen reader, in English, narrow, dark, and without JavaScript."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from service import catalog, wordcount
from service.web.controls import form_data
from tests.helpers.browser import downloaded, drop, looks, messages_beside, up_to_date, violations
from tests.helpers.docx_read import squash, text
from tests.helpers.payloads import WORD_COUNTS
from tests.helpers.pdf import words

ANNEX2 = "/forms/annex2/2021"
PAGES = [
    "/",
    ANNEX2,
    "/forms/annex1/2020?lang=en",
    "/forms/annex3/2021",
    "/forms/annex9/2021",
    "/embed/annex1/2021",
]


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def focused(page):
    return page.evaluate("() => document.activeElement.name || document.activeElement.textContent.trim()")


def test_the_form_is_filled_in_and_taken_with_the_keyboard_alone(visit):
    page = visit(ANNEX2)
    press(page, "Tab")
    assert focused(page) == "跳到正文"
    press(page, "Enter", "Tab")
    assert focused(page) == "正式版式"
    press(page, "Tab")
    assert focused(page) == "填报说明"
    press(page, "Tab")
    expect(page.get_by_role("button", name="检查并完成").first).to_be_focused()
    press(page, "Tab", "Tab", "Tab", "Tab")
    assert focused(page).startswith("封面")
    press(page, "Enter", "Tab")
    assert focused(page) == "/cover/contact_person"
    page.keyboard.type("沈砚青")
    press(page, "Tab", "Tab", "Tab")
    page.keyboard.type("kexie")
    press(page, "Tab", "Tab", "Tab", "Tab", "Tab")
    assert focused(page) == "/basic_info/is_independent"
    press(page, "Space")
    group = page.get_by_role("group", name="是否独立建制", exact=True)
    expect(group.get_by_role("radio", name="是")).to_be_checked()
    press(page, "ArrowRight")
    expect(group.get_by_role("radio", name="否")).to_be_checked()
    outlined = "() => getComputedStyle(document.activeElement.nextElementSibling).outlineStyle"
    assert page.evaluate(outlined) == "solid"
    page.get_by_role("button", name="下载 Word").focus()
    press(page, "Enter")
    expect(page.get_by_role("link", name="电子信箱：")).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_label("电子信箱", exact=True)).to_be_focused()
    page.keyboard.type("@yunze.example.org")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载 Word").press("Enter")
    assert waiting.value.suggested_filename.endswith(".docx")


def test_a_screen_reader_hears_what_is_wrong_and_where(visit):
    page = visit(ANNEX2)
    page.get_by_label("手机", exact=True).fill("abc")
    page.get_by_label("手机", exact=True).blur()
    field = page.get_by_label("手机", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        "错误： 不像电话号码。可写区号和分机，多个号码用“、”或“/”隔开。"
    )
    expect(page.get_by_role("region", name="有 1 处需要改正")).to_be_visible()
    up_to_date(page)
    expect(page.get_by_role("status").filter(has_text="预览已是最新")).to_be_visible()


def test_in_english_the_official_labels_stay_and_help_is_english(visit):
    page = visit("/?lang=en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    glosses = page.locator("h3 .gloss").all_inner_texts()
    assert len(glosses) == len({edition.form for edition in catalog.editions()})
    assert "Project application" in glosses
    page.get_by_text("Earlier years (2020, 2019) Project application").click()
    page.get_by_role("link", name="Fill in 2020 Project application").click()
    page.get_by_label("电子信箱 Email").fill("kexie")
    page.get_by_role("button", name="Download PDF").click()
    expect(page.get_by_role("heading", name="1 error to fix")).to_be_visible()
    wrong = "Does not look like an e-mail address such as name@example.com; "
    comma = "between several write the Chinese comma (、)."
    expect(messages_beside(page, "电子信箱 Email")).to_contain_text(wrong + comma)
    summary = page.locator("#summary li")
    expect(summary).to_have_text([f"电子信箱 (Email): {wrong}{comma}"])
    page.get_by_label("手机 Mobile").fill("abc")
    page.get_by_label("手机 Mobile").blur()
    expect(page.get_by_role("heading", name="2 errors to fix")).to_be_visible()
    expect(page.locator("#left-out")).to_have_text(
        "2 to correct: in this preview left blank: Email, Mobile telephone."
    )
    expect(page.get_by_text("Derived: the layout of 2021 is assumed")).to_be_visible()
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("button", name="下载 PDF")).to_be_visible()


def test_at_360_pixels_nothing_is_cut_off(visit):
    page = visit("/", width=360)
    site = page.url.rstrip("/")
    drop(page, "填好的表.docx", b"PK")  # the browser would open it
    expect(page.locator("#notice")).to_contain_text("请先打开要填写的表单")
    for address in (*PAGES[:4], "/embed/annex2/2021"):
        page.goto(site + address)
        page.get_by_role("heading", level=1).wait_for()
        menu = page.locator("details.menu > summary")
        if menu.count():
            menu.click()
        assert page.evaluate("() => document.documentElement.scrollWidth") == 360, address


@pytest.mark.parametrize(("width", "content"), [(1280, (24, 1232)), (360, (16, 328))])
def test_every_page_begins_and_ends_at_the_same_place(visit, width, content):
    page = visit("/", width=width)
    site = page.url.rstrip("/")
    for address in ("/", ANNEX2, "/batches", "/records", "/forms/annex9/2021"):
        page.goto(site + address)
        box = page.locator("main h1").first.bounding_box()
        brand, nav = page.locator(".brand").bounding_box(), page.locator("header nav").bounding_box()
        assert (box["x"], brand["x"], nav["x"] + nav["width"]) == (content[0], content[0], sum(content))
        edges = page.locator(".panel, .choice:visible, .sheet").evaluate_all(
            "(all) => all.map((one) => one.getBoundingClientRect().x)"
        )
        assert width > 360 or set(edges) <= {content[0]}


@pytest.mark.parametrize("width", [1280, 360])
def test_what_sticks_to_the_top_hides_no_field_that_has_the_focus(visit, width):
    page = visit(ANNEX2, width=width)
    sticking = page.locator(".actions" if width > 360 else ".tabs")
    page.locator("textarea").last.focus()
    for _ in range(45):
        page.keyboard.press("Shift+Tab")
        field = page.evaluate("() => document.activeElement.getBoundingClientRect().top")
        box = sticking.bounding_box()
        assert box["y"] == 0
        assert field >= box["height"], focused(page)


def test_on_a_phone_the_preview_is_a_tab(visit):
    page = visit("/forms/annex3/2021", width=360)
    preview = page.get_by_role("region", name="文书预览")
    expect(preview).to_be_hidden()
    page.get_by_label("案例名称", exact=True).fill("社区老人的手机课堂")
    page.get_by_label("备注", exact=True).focus()
    page.get_by_role("button", name="预览", exact=True).click()
    expect(preview.get_by_role("heading")).to_be_in_viewport(ratio=1)
    for button in page.locator(".preview-bar button:visible").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    up_to_date(page)
    expect(page.get_by_role("img", name="文书第 1 页，共 1 页")).to_be_visible()
    page.get_by_role("button", name="填写", exact=True).click()
    expect(page.get_by_label("备注", exact=True)).to_be_in_viewport()
    expect(page.get_by_label("案例名称", exact=True)).to_have_value("社区老人的手机课堂")


@pytest.mark.parametrize("width", [1280, 360])
def test_what_the_list_of_errors_leads_to_is_not_under_the_bar(visit, width):
    page = visit(ANNEX2, width=width)
    page.get_by_label("手机", exact=True).fill("abc")
    page.get_by_label("学校校长 县级科协人数", exact=True).fill("一")
    page.get_by_label("金额（万元）").nth(2).fill("x")
    page.get_by_label("目标任务和计划措施", exact=True).fill("措" * 2300)
    page.get_by_role("button", name="下载 Word").click()
    links = page.locator("#summary a")
    expect(links).to_have_count(4)
    expect(links.first).to_be_focused()
    title = page.get_by_role("heading", name="有 4 处需要改正").bounding_box()
    bar = page.locator(".actions" if width > 360 else ".tabs").bounding_box()
    assert bar["y"] + bar["height"] <= title["y"] < 400
    for link in links.all():
        link.click()
        field = page.locator(":focus")
        assert "#" + field.get_attribute("id") == link.get_attribute("href")
        bar = page.locator(".actions").bounding_box()
        assert bar["y"] + bar["height"] <= field.bounding_box()["y"] < 500


def test_without_javascript_the_form_posts_and_returns_the_document(visit):
    page = visit(ANNEX2, script=False)
    expect(page.get_by_text("浏览器没有启用 JavaScript")).to_be_visible()
    expect(page.get_by_role("region", name="文书预览")).to_be_hidden()
    page.get_by_label("申报单位", exact=True).fill("云泽县科学技术协会")
    page.get_by_label("电子信箱", exact=True).fill("kexie@")
    page.get_by_label("乡镇（个）", exact=True).fill("１１")
    page.get_by_label("总体思路", exact=True).fill("第一段。\n第二段。")
    page.get_by_role("group", name="是否独立建制", exact=True).get_by_role("radio", name="否").check()
    page.get_by_role("button", name="增加一行").click()
    page.get_by_label("计划开支名称").nth(3).fill("第四行")
    page.get_by_label("金额（万元）").nth(3).fill("3.60")
    page.get_by_role("button", name="下载 PDF").click()
    expect(page.get_by_role("heading", name="有 1 处需要改正")).to_be_visible()
    expect(page.locator("#summary li")).to_contain_text("电子信箱：不像电子信箱")
    expect(messages_beside(page, "电子信箱")).to_contain_text("不像电子信箱")
    expect(page.get_by_label("电子信箱", exact=True)).to_have_value("kexie@")
    expect(page.get_by_label("计划开支名称").nth(3)).to_have_value("第四行")
    page.get_by_label("电子信箱", exact=True).fill("kexie@yunze.example.org")
    name, pdf = downloaded(page, "PDF")
    assert name == "2021年度“县级科协创新发展能力提升计划”项目申报书（云泽县科学技术协会）.pdf"
    printed = squash(words(pdf))
    for typed in ("kexie@yunze.example.org", "第一段。", "第四行", "3.60"):
        assert typed in printed
    _, docx = downloaded(page, "下载 Word")
    assert "是□否☑" in squash(text(docx))


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing(visit, address):
    page = visit(address, axe=True)
    page.get_by_role("heading", level=1).wait_for()
    for _ in looks(page, 1280):
        assert violations(page) == []


def test_axe_finds_nothing_while_errors_are_shown(visit):
    page = visit(ANNEX2, axe=True)
    page.get_by_text("数据与草稿").click()
    page.get_by_label("联系人", exact=True).fill("䶮" * 3)
    page.get_by_label("电子信箱", exact=True).fill("kexie@")
    page.get_by_label("目标任务和计划措施", exact=True).fill("措" * 2001)
    page.get_by_label("目标任务和计划措施", exact=True).blur()
    expect(page.get_by_role("heading", name="有 2 处需要改正")).to_be_visible()
    up_to_date(page)
    expect(page.locator("#left-out")).to_be_visible()
    for _ in looks(page, 1280):
        assert violations(page) == []


def test_the_first_page_is_small_and_asks_nobody_else(visit):
    sizes = {}

    def received(response):
        if "/api/" not in response.url and urlsplit(response.url).scheme == "http":
            sizes[response.url] = len(response.body())

    page = visit("about:blank")
    page.on("response", received)
    page.goto(visit("/").url.rstrip("/") + ANNEX2)
    up_to_date(page)
    assert len(sizes) > 10
    assert sum(sizes.values()) < 200_000


def test_the_browser_counts_words_as_the_service_does(visit):
    page = visit("/forms/annex3/2021")
    full = catalog.edition("annex2", 2021).sample("full")
    mixed = [chr(code) for code in range(0x20, 0x30000, 7) if not 0xD800 <= code < 0xE000]
    texts = [text for text, _ in WORD_COUNTS.values()]
    texts += [full["overall_approach"], full["goals_and_measures"]]
    texts += ["".join(mixed[start : start + 40]) for start in range(0, len(mixed), 40)]
    texts += [f"a{one}b {one}{one}" for one in mixed[::3]]
    counted = page.evaluate(
        """(texts) => {
          const { counted } = JSON.parse(document.getElementById("page-data").textContent);
          return texts.map((text) => (text.match(new RegExp(counted, "gu")) ?? []).length);
        }""",
        texts,
    )
    wrong = [text for text, count in zip(texts, counted, strict=True) if count != wordcount.count(text)]
    assert wrong == []


@pytest.mark.parametrize(
    ("address", "posts", "pointer"),
    [("annex2", "integer", "/basic_info/townships"), ("annex1", "number", "/scores/1.1")],
)
def test_the_browser_reads_numbers_as_the_service_does(visit, address, posts, pointer):
    page = visit(f"/forms/{address}/2021")
    texts = [
        " １１ ",
        "-3",
        "+3",
        "03",
        "3.50",
        "3.",
        ".5",
        "1e3",
        "①",
        "3²",
        "\u22125",
        "",
        "9" * 15,
        "9" * 16,
        f"0.{'1' * 15}",
    ]
    edition = catalog.edition(address, 2021)
    expected = [one(form_data.payload(edition, {pointer: text}), pointer) for text in texts]
    sums = page.evaluate(
        """async ([posts, texts]) => {
          const main = document.querySelector("script[src$='/form/main.js']").src;
          const { typed } = await import(main.replace(/[^/]+$/, "payload.js"));
          return texts.map((text) => typed(posts, text) ?? null);
        }""",
        [posts, texts],
    )
    assert sums == [float(value) if isinstance(value, Decimal) else value for value in expected]


def one(payload, pointer):
    """The value at a pointer; None where there is nothing."""
    for key in pointer[1:].split("/"):
        payload = payload.get(key) if payload else None
    return payload
