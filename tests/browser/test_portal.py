"""The form inside the example portal, which is another origin; and what another site is not given."""

from __future__ import annotations

import contextlib
import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.helpers.browser import Visit
from tests.helpers.docx_read import squash, text
from tests.helpers.processes import awaited


@pytest.fixture
def host(visit, portal, service):
    return visit(portal, hosts_too=[portal])


def frame(page):
    return page.frame_locator("kexie-form iframe")


def test_a_portal_fills_in_and_receives_payload_and_documents(host):
    form = frame(host)
    expect(form.get_by_label("申报单位", exact=True)).to_have_value("云泽县科学技术协会")
    expect(form.get_by_label("联系人", exact=True)).to_have_value("沈砚青")
    form.get_by_label("电子信箱", exact=True).fill("kexie@")
    expect(host.locator("#payload")).to_contain_text('"email": "kexie@"')
    form.get_by_role("button", name="提交").first.click()
    expect(form.get_by_role("heading", name="有 1 处需要改正")).to_be_visible()
    expect(host.locator("#state")).to_have_text("尚未提交。")
    form.get_by_label("电子信箱", exact=True).fill("kexie@yunze.example.org")
    end = form.get_by_role("group", name="填写完毕")
    end.get_by_role("button", name="提交").click()
    expect(host.locator("#state")).to_have_text("已收到 annex2 2021。")
    assert json.loads(host.locator("#payload").inner_text()) == {
        "cover": {
            "applicant": "云泽县科学技术协会",
            "contact_person": "沈砚青",
            "email": "kexie@yunze.example.org",
        }
    }
    names = host.locator("#documents a").all_inner_texts()
    assert [name.rpartition(".")[2] for name in names] == ["docx", "pdf"]
    with host.expect_download() as waiting:
        host.locator("#documents a").first.click()
    assert "kexie@yunze.example.org" in squash(text(Path(waiting.value.path()).read_bytes()))


def test_the_frame_is_as_high_as_the_form_and_has_the_portals_colours(host):
    form = frame(host)
    preview = form.get_by_role("button", name="预览", exact=True)
    expect(preview).to_be_visible()
    inner, height = host.frames[1], "() => document.body.offsetHeight"
    expect(form.locator("#remarks-count")).to_contain_text("未填")
    frame_height = "() => document.querySelector('iframe').getBoundingClientRect().height"
    assert awaited(lambda: host.evaluate(frame_height) == pytest.approx(inner.evaluate(height), abs=1))
    before = host.evaluate(frame_height)
    for _ in range(5):
        form.get_by_role("button", name="增加一行").click()
    grown = "(before) => document.querySelector('iframe').getBoundingClientRect().height > before + 100"
    host.wait_for_function(grown, arg=before)
    assert inner.evaluate("() => getComputedStyle(document.querySelector('.primary')).backgroundColor") == (
        "rgb(122, 31, 31)"
    )
    preview.click()
    expect(form.locator("#preview-status")).to_have_text("预览已是最新")


def test_a_portal_sets_other_data_and_another_form_later(host):
    form = frame(host)
    expect(form.get_by_label("联系人", exact=True)).to_have_value("沈砚青")
    host.evaluate(
        "() => { document.querySelector('kexie-form').data = { cover: { contact_person: '陆怀川' } }; }"
    )
    expect(form.get_by_label("联系人", exact=True)).to_have_value("陆怀川")
    expect(form.get_by_label("申报单位", exact=True)).to_have_value("")
    host.evaluate(
        """() => {
          const form = document.querySelector("kexie-form");
          form.addEventListener("kexie-error", ({ detail }) => { window.refused = detail; });
          form.setAttribute("data", JSON.stringify({ cover: { contact_person: "沈砚青" } }));
          form.setAttribute("data", "{");
        }"""
    )
    expect(form.get_by_label("联系人", exact=True)).to_have_value("沈砚青")
    expected = "预填的数据不是 JSON 对象，没有填入。"
    assert host.evaluate("() => window.refused") == {
        "form": "annex2",
        "year": 2021,
        "reason": "data",
        "message": expected,
    }
    host.evaluate("() => document.querySelector('kexie-form').setAttribute('form', 'annex3')")
    expect(form.get_by_label("案例名称", exact=True)).to_be_visible()


def token(service, portal, **more):
    """A token of an embedded form, made by the portal's server."""
    asked = {"form": "annex2", "year": 2021, "origin": portal, **more}
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{service}/api/v1/embed-tokens", json.dumps(asked).encode(), headers)
    with urllib.request.urlopen(request, timeout=300) as answer:
        return json.load(answer)["token"]


def expired(service, token):
    request = urllib.request.Request(
        f"{service}/api/v1/forms/annex2/2021/validate",
        b"{}",
        {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    try:
        urllib.request.urlopen(request, timeout=300).close()
    except urllib.error.HTTPError as error:
        return error.code == 401
    return False


def test_a_token_that_expires_is_renewed_and_what_was_typed_stays(host, portal, service):
    old, new = token(service, portal, seconds=1), token(service, portal)
    form = frame(host)
    expect(form.get_by_label("联系人", exact=True)).to_have_value("沈砚青")
    form.get_by_label("联系人", exact=True).fill("陆怀川")
    assert awaited(lambda: expired(service, old))
    host.evaluate(
        """([old, given]) => {
          const form = document.querySelector("kexie-form");
          window.renewals = [];
          form.addEventListener("kexie-expired", ({ detail }) => {
            window.renewals.push(detail);
            if (window.renewals.length === 1) form.token = given;
          });
          form.token = old;
        }""",
        [old, new],
    )
    host.wait_for_function("() => window.renewals.length === 1")
    assert host.evaluate("() => window.renewals") == [{"form": "annex2", "year": 2021}]
    form.get_by_role("button", name="提交").first.click()
    expect(host.locator("#state")).to_have_text("已收到 annex2 2021。")
    expect(host.locator("#payload")).to_contain_text("陆怀川")

    host.clock.install()
    host.evaluate("(old) => { document.querySelector('kexie-form').token = old; }", old)
    host.wait_for_function("() => window.renewals.length === 2")
    form.get_by_role("button", name="提交").first.click()

    def lapsed():
        host.clock.fast_forward(15_000)
        return "表单的令牌已失效，正等待本网站更换。" in form.locator("#notice").inner_text()

    assert awaited(lapsed)
    expect(form.get_by_role("dialog")).to_have_count(0)
    host.evaluate("(given) => { document.querySelector('kexie-form').token = given; }", new)
    form.get_by_role("button", name="预览", exact=True).click()
    expect(form.locator("#preview-status")).to_have_text("预览已是最新")
    form.get_by_role("button", name="填写", exact=True).click()
    expect(form.get_by_label("联系人", exact=True)).to_have_value("陆怀川")


def test_a_host_that_is_not_on_the_list_is_refused_by_the_browser(browser, service, portal):
    stranger = portal.replace("127.0.0.1", "localhost")
    made = Visit(browser, service, "about:blank")
    with contextlib.closing(made.context):
        made.page.clock.install()
        with made.page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            made.page.goto(stranger)
        assert made.page.frame_locator("iframe").locator("#form").count() == 0
        made.page.clock.fast_forward(5_000)
        alert = made.page.locator("kexie-form").get_by_role("alert")
        expect(alert).to_contain_text("表单未能打开")
        expect(alert.get_by_role("button", name="重试")).to_be_visible()
        expect(made.page.locator("iframe")).to_be_hidden()
        expect(alert).to_contain_text("可能没有允许本网站嵌入，或者令牌已失效。")
        expect(made.page.locator("#state")).to_have_text("表单暂不能用（refused）。")
        made.page.context.set_offline(True)
        made.page.evaluate("() => document.querySelector('kexie-form').setAttribute('lang', 'en')")
        made.page.locator("iframe").wait_for()
        made.page.clock.fast_forward(30_000)
        expect(alert).to_contain_text("The form could not be opened")
        expect(alert).to_contain_text("The form service cannot be reached at the moment.")
        expect(made.page.locator("#state")).to_have_text("表单暂不能用（unreachable）。")


def test_a_form_that_comes_late_takes_the_message_away(visit, portal):
    page = visit("about:blank", hosts_too=[portal])
    page.clock.install()
    held = []
    page.route("**/app/form/main.js", lambda route: held.append(route))
    with page.expect_request("**/app/form/main.js"):
        page.goto(portal, wait_until="commit")
    page.clock.fast_forward(29_000)
    alert = page.locator("kexie-form").get_by_role("alert")
    expect(alert).to_be_hidden()
    page.clock.fast_forward(1_000)
    expect(alert).to_contain_text("表单未能打开")
    held.pop().continue_()
    expect(frame(page).get_by_label("联系人", exact=True)).to_have_value("沈砚青")
    expect(page.locator("iframe")).to_be_visible()
    expect(alert).to_be_hidden()


def test_a_stranger_in_the_address_is_reported_nothing(visit):
    page = visit("/embed/annex3/2021?origin=https://stranger.example")
    assert json.loads(page.locator("#page-data").text_content())["origin"] == ""


def forged(window, data, origin, source):
    """Lets a window hear a message as if it came from that origin, and from the window `source` names."""
    event = f"new MessageEvent('message', {{ data, origin, source: {source} }})"
    window.evaluate(f"([data, origin]) => dispatchEvent({event})", [data, origin])


def test_messages_from_elsewhere_are_not_heeded(host, portal, service):
    form = frame(host)
    expect(form.get_by_label("联系人", exact=True)).to_have_value("沈砚青")
    inner, framed = host.frames[1], "document.querySelector('iframe').contentWindow"
    prefill = {"kexie": 1, "type": "prefill", "data": {"cover": {"contact_person": "假"}}}
    submit = {"kexie": 1, "type": "submit", "payload": {}, "report": {}, "documents": {}}
    forged(inner, prefill, "https://stranger.example", "window.parent")
    forged(inner, prefill, portal, "window")
    forged(host, submit, "https://stranger.example", framed)
    forged(host, submit, service, "window")
    form.get_by_label("联系电话", exact=True).fill("0520-5550 1236")
    expect(host.locator("#payload")).to_contain_text("0520-5550 1236")
    expect(form.get_by_label("联系人", exact=True)).to_have_value("沈砚青")
    expect(host.locator("#state")).to_have_text("尚未提交。")
    forged(inner, prefill, portal, "window.parent")
    expect(form.get_by_label("联系人", exact=True)).to_have_value("假")
    forged(host, submit, service, framed)
    expect(host.locator("#state")).to_have_text("已收到 annex2 2021。")
