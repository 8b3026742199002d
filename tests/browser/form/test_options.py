"""Boxes of options in a real browser: ticked, own words opened with their box, loaded from data."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.helpers.browser import Visit
from tests.helpers.forms import choices

ADDRESS = f"/forms/{choices.NAME}/{choices.YEAR}"


def test_own_words_are_open_while_their_box_is_ticked(browser, forms_outside):
    visit = Visit(browser, forms_outside, ADDRESS)
    page = visit.page
    rank, own = page.get_by_role("group", name="职称"), page.get_by_label("“其他”的内容")
    expect(own.nth(2)).to_be_disabled()
    rank.get_by_label("其他", exact=True).check()
    own.nth(2).fill("研究员")
    sources = page.get_by_role("group", name="资金来源")
    sources.get_by_label("自筹", exact=True).check()
    sources.get_by_label("出口退税", exact=True).check()
    with page.expect_request(lambda request: request.url.endswith("/validate")) as sent:
        page.get_by_role("group", name="项目级别").get_by_label("省级", exact=True).check()
    expected = {
        "level": "provincial",
        "sources": ["refund", "own"],
        "rank": {"key": "other", "words": "研究员"},
    }
    assert {key: value for key, value in json.loads(sent.value.post_data).items() if value} == expected
    rank.get_by_label("教授", exact=True).check()
    expect(own.nth(2)).to_be_disabled()
    page.set_input_files(
        "#load-json",
        {"name": "a.json", "mimeType": "application/json", "buffer": json.dumps(choices.FULL).encode()},
    )
    expect(sources.get_by_label("财政拨款", exact=True)).to_be_checked()
    expect(sources.get_by_label("自筹", exact=True)).not_to_be_checked()
    expect(own.nth(0)).to_have_value("社会捐赠")
    expect(rank.get_by_label("副教授", exact=True)).to_be_checked()
    expect(page.get_by_role("group", name="性质").nth(1).get_by_label("续建")).to_be_checked()
    assert visit.problems == []
    visit.context.close()
