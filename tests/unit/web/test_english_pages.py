"""Pages in English: what a form gives in English is shown, beside the official words or in place of them."""

from __future__ import annotations

import re

import pytest
from lxml import html

from service import create_app
from tests.helpers import ROOT

HAN = re.compile("[\u4e00-\u9fff]")
FORMS = ["annex1/2021", "annex2/2021", "annex3/2021", "talent/2024"]


@pytest.fixture(scope="module")
def client():
    settings = {"KEXIE_FORMS": str(ROOT / "samples/forms")}
    yield create_app(settings).test_client()
    create_app({})


def in_chinese_alone(page):
    """The Chinese texts of a page without English behind them, and attributes in Chinese."""
    root = html.fromstring(page)
    for script in root.xpath("//script | //template"):
        script.getparent().remove(script)
    found = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if HAN.search(element.text or "") and not has_english(element):
            found.append(element.text.strip())
        if HAN.search(element.tail or ""):
            found.append(element.tail.strip())
        found += [
            value
            for name in ("aria-label", "title", "alt", "placeholder", "data-whose")
            if HAN.search(value := element.get(name, ""))
        ]
    return found


def has_english(element):
    """Whether words are marked as Chinese and followed by their English."""
    behind = element.getnext()
    english = (element.tail or "").strip() or (behind is not None and "gloss" in (behind.get("class") or ""))
    return element.get("lang") == "zh-CN" and bool(english)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("page", ["forms", "embed"])
def test_a_form_has_no_chinese_without_english(client, page, form):
    found = in_chinese_alone(client.get(f"/{page}/{form}?lang=en").get_data(as_text=True))
    # Examples of what is filled in are Chinese, and so is the way back to the Chinese page.
    assert [
        text for text in found if text != "中文" and not re.search("(?i)for example|for short", text)
    ] == []


@pytest.mark.parametrize("address", ["/", "/batches", "/records"])
def test_other_pages_have_no_chinese_without_english(client, address):
    found = in_chinese_alone(client.get(f"{address}?lang=en").get_data(as_text=True))
    assert [text for text in found if text != "中文"] == []


def test_the_review_of_a_form_names_its_fields_in_english(client):
    sent = {"do": "check", "/basic_info/staff_quota": "x", "/budget/items/0/amount": "y"}
    page = client.post("/forms/annex2/2021?lang=en", data=sent).get_data(as_text=True)
    texts = [
        " ".join(each.text_content().split())
        for each in html.fromstring(page).xpath("//div[@class='summary']//li")
    ]
    assert texts == [
        "编制数 (Authorised posts): Must be a whole number of 0 or more, such as 12; if there are none, 0."
        " Change",
        "Row 1, 金额 (Amount): Must be a number, such as 12.5, without unit or thousands separator. Change",
    ]
