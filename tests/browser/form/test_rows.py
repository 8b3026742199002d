"""Rows within rows in the page: added, removed, put back, kept in the draft, downloaded."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from service.extraction import extract
from tests.helpers.browser import Visit, downloaded, violations
from tests.helpers.forms.tables import FORM, YEAR, publish


@pytest.fixture
def page(browser, forms_outside, tmp_path, monkeypatch):
    publish(tmp_path, monkeypatch)  # so that this process reads its documents
    visit = Visit(browser, forms_outside, f"/forms/{FORM}/{YEAR}", axe=True)
    yield visit.page
    assert visit.problems == []
    visit.context.close()


def field(page, pointer):
    return page.locator(f"[name='{pointer}']")


def table(page, pointer):
    """The table of a pointer with its buttons."""
    return page.locator(".rows", has=page.locator(f":scope > [data-rows='{pointer}']"))


def add(page, pointer):
    table(page, pointer).locator(":scope > .rows-end").get_by_role("button", name="增加一行").click()


def remove(page, pointer, number):
    rows = table(page, pointer).locator(":scope > [data-rows] > .row")
    rows.nth(number).locator(":scope > [data-remove]").click()


def test_rows_within_rows_are_added_moved_and_kept(page):
    field(page, "/projects/0/title").fill("甲")
    add(page, "/projects")
    add(page, "/projects/3/parts")
    expect(field(page, "/projects/3/parts/2/name")).to_be_focused()
    field(page, "/projects/3/parts/2/name").fill("印刷")
    field(page, "/projects/3/parts/2/amount").fill("1.5")
    field(page, "/projects/3/title").fill("丁")
    expect(page.locator("output[data-sum='/projects']")).to_have_text("1.50")
    assert violations(page) == []
    remove(page, "/projects", 1)
    expect(field(page, "/projects/2/parts/2/name")).to_have_value("印刷")
    add(page, "/projects/2/parts")
    expect(field(page, "/projects/2/parts/3/name")).to_be_focused()
    remove(page, "/projects/2/parts", 2)
    expect(field(page, "/projects/2/parts/3/name")).to_have_count(0)
    page.get_by_role("button", name="撤销").click()
    expect(field(page, "/projects/2/parts/2/name")).to_have_value("印刷")
    expect(page.locator("#saved")).to_contain_text("草稿已保存")
    page.reload()
    expect(field(page, "/projects/2/parts/2/name")).to_have_value("印刷")
    _, document = downloaded(page, "下载 Word")
    assert extract(document).data["projects"] == [
        {"title": "甲"},
        {"title": "丁", "parts": [{"name": "印刷", "amount": Decimal("1.5")}]},
    ]
