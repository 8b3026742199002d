"""Every error of a page is a page for people, and a problem for the page's own script."""

from __future__ import annotations

import errno
import html

import pytest

from service import create_app
from service.web.pages import render

SCRIPT = {"Accept": "application/problem+json"}
FORM = "/forms/annex3/2021"
LARGE = {"/case_name": "案例" * 100}


@pytest.fixture(scope="module")
def client():
    return create_app({"KEXIE_BODY_LIMIT": 100}).test_client()


@pytest.mark.parametrize(
    ("address", "status", "text"),
    [
        ("/forms/annex9/2021", 404, "没有名为“annex9”的表单"),
        ("/forms/annex2/1999", 404, "没有 1999 年的版次"),
        ("/forms/annex2/1999?lang=en", 404, "has no edition of 1999"),
        ("/embed/annex2/2021?token=x", 401, "嵌入令牌无效"),
    ],
)
def test_errors_of_addresses(client, address, status, text):
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert text in html.unescape(answer.get_data(as_text=True))


@pytest.mark.parametrize(("lang", "words"), [("", "没有这个页面"), ("?lang=en", "There is no such page")])
def test_a_browser_at_a_wrong_address_gets_a_page(client, lang, words):
    accepting = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    answer = client.get(f"/form/annex2{lang}", headers=accepting)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert words in answer.get_data(as_text=True)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    for address, headers in [("/form/annex2", {}), ("/api/v1/none", accepting)]:
        problem = client.get(address, headers=headers)
        assert (problem.status_code, problem.json["code"]) == (404, "not_found")
    assert client.post("/form/annex2", headers=accepting).status_code == 404


@pytest.mark.parametrize("address", [FORM, "/records", "/audit"])
@pytest.mark.parametrize(("lang", "words"), [("", "内容或文件太大"), ("?lang=en", "file is too large")])
def test_a_form_over_the_limit(client, address, lang, words):
    answer = client.post(f"{address}{lang}", data=LARGE | {"key": "k" * 100})
    assert (answer.status_code, answer.mimetype) == (413, "text/html")
    assert words in answer.text
    assert answer.headers["Content-Language"] == ("en" if lang else "zh-CN")
    assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == ("no-store", "Accept")
    assert client.post(address, data=LARGE, headers=SCRIPT).json["code"] == "too_large"


@pytest.fixture
def broken(monkeypatch):
    """Makes every form page fail."""

    def fail(*_, **__):
        raise RuntimeError("the inside")

    monkeypatch.setattr(render, "form_page", fail)
    return fail


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(("lang", "words"), [("", "服务出错了"), ("?lang=en", "The service has failed")])
def test_a_fault_of_the_service(client, caplog, lang, words):
    answer = client.get(f"{FORM}{lang}", headers={"X-Request-ID": "portal-7"})
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert words in answer.text
    assert "portal-7" in answer.text
    assert "the inside" not in answer.text + caplog.text
    assert "portal-7" in caplog.text
    problem = client.get(FORM, headers=SCRIPT)
    assert (problem.status_code, problem.json["code"]) == (500, "internal_error")


def test_a_full_disk(client, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(render, "form_page", full)
    answer = client.get(FORM)
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert answer.headers["Retry-After"]
    assert client.get(FORM, headers=SCRIPT).json["code"] == "archive_unavailable"


def test_an_error_page_that_fails_itself_is_a_problem(client, monkeypatch, broken):
    monkeypatch.setattr(render, "page", broken)
    answer = client.get(FORM)
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert "the inside" not in answer.text
