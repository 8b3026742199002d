"""What a portal asks of the embedded form, on the pages of the example portal, and what it gets."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.helpers.browser import looks, violations

EMAIL = "kexie@yunze.example.org"
ELEMENT = "document.querySelector('kexie-form')"
APPLICANT = "[id='f/cover/applicant']"


@pytest.fixture
def visit_portal(visit, portal):
    """Opens a page of the example portal: its page, and the form in it."""

    def open_(name, **how):
        page = visit(f"{portal}/{name}.html", hosts_too=[portal], **how)
        form = page.frame_locator("kexie-form iframe")
        expect(form.locator("#form")).to_be_visible()
        return page, form

    return open_


def top(page, form, selector):
    """How far an element of the form is below the top of the window."""
    return form.locator(selector).bounding_box()["y"]


def button(form, name):
    return form.get_by_role("button", name=name, exact=True)


def test_fields_are_read_only_hidden_and_required_by_token_and_by_attribute(visit_portal):
    page, form = visit_portal("fields")
    listen = "addEventListener('kexie-change', ({ detail }) => { window.reported = detail.payload; })"
    page.evaluate(f"() => {{ {listen}; }}")
    applicant, email = form.get_by_label("申报单位", exact=True), form.get_by_label("电子信箱")
    expect(applicant).to_have_value("云泽县科学技术协会")
    expect(applicant).not_to_be_editable()
    expect(form.get_by_role("heading", name="五、审核意见")).to_be_hidden()
    expect(form.get_by_role("link", name="五、审核意见")).to_have_count(0)
    expect(form.locator("#remarks-count")).to_contain_text("未填")
    expect(form.locator("#summary")).to_be_hidden()
    form.get_by_label("联系人", exact=True).fill("陆怀川")
    button(form, "提交").first.click()
    faults = form.locator("#summary li")
    expect(faults).to_have_text([
        "电子信箱：必填，尚未填写。",
        "联系电话：必填，尚未填写。",
        "是否独立建制：必填，尚未填写。",
    ])  # fmt: skip
    email.fill(EMAIL)
    form.get_by_label("联系电话").fill("0520-5550 1236")
    form.locator("[name='/basic_info/is_independent'][value='true']").check(force=True)
    expect(form.locator("#summary")).to_be_hidden()
    form.locator("details.menu > summary").click()
    button(form, "清空").click()
    expect(email).to_have_value("")
    expect(applicant).to_have_value("云泽县科学技术协会")
    button(form, "撤销").first.click()
    expect(email).to_have_value(EMAIL)
    page.wait_for_function("(email) => window.reported?.cover.email === email", arg=EMAIL)
    form.get_by_label("联系人", exact=True).fill("刚填的")
    page.evaluate(f"() => {ELEMENT}.setAttribute('readonly-fields', 'cover.mailing_address, a.b')")
    expect(page.locator("#log")).to_contain_text("fields：readonly-fields、hidden-fields 或")
    expect(page.locator("#log")).to_contain_text("有表单没有的栏目：a.b")
    expect(email).to_have_value(EMAIL)
    expect(form.get_by_label("联系人", exact=True)).to_have_value("刚填的")
    expect(form.get_by_label("通讯地址")).not_to_be_editable()
    button(form, "提交").first.click()
    expect(page.locator("#log")).to_contain_text("kexie-submit")


def test_a_section_at_a_time_and_a_draft_in_the_portals_keeping(visit_portal):
    page, form = visit_portal("steps", width=360)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    cover, basics = form.locator("[data-section='/cover']"), form.locator("[data-section='/basic_info']")
    expect(cover).to_be_visible()
    expect(basics).to_be_hidden()
    expect(button(form, "提交").first).to_be_hidden()
    button(form, "下一步").click()
    expect(form.locator(APPLICANT)).to_be_focused()
    said = form.locator("#notice")
    expect(said).to_contain_text("这一步有 1 处需要改正。")
    button(form, "先到下一步").click()
    expect(basics).to_be_visible()
    expect(cover).to_be_hidden()
    expect(form.locator(".overview [aria-current='step']")).to_contain_text("一、基本情况")
    form.get_by_label("编制数").fill("十二")
    button(form, "上一步").click()
    form.locator(APPLICANT).fill("云泽县科协")
    button(form, "下一步").click()
    kept = "() => localStorage.getItem('yunze:annex2:2021')"
    kept_here = f"() => /云泽县科协.*basic_info.}}$/.test(({kept})())"
    page.wait_for_function(kept_here)
    assert json.loads(page.evaluate(kept))["values"]["/basic_info/staff_quota"] == "十二"
    page.reload()
    expect(basics).to_be_visible()
    expect(form.get_by_label("编制数")).to_have_value("十二")
    assert asked == []
    form.get_by_role("link", name="五、审核意见").click()
    expect(button(form, "下一步")).to_be_hidden()
    form.locator("#next-fault").click()
    expect(form.get_by_label("编制数")).to_be_focused()
    page.wait_for_function(kept_here)
    page.evaluate("() => document.querySelector('kexie-form').removeAttribute('keeps-draft')")
    expect(form.get_by_label("编制数")).to_have_value("十二")
    form.get_by_label("编制数").fill("13")
    page.reload()
    assert asked == ["beforeunload"]


def test_the_portals_own_buttons_take_the_place_of_the_forms(visit_portal):
    page, form = visit_portal("buttons")
    said = page.locator("#said")
    expect(button(form, "提交").first).to_be_hidden()
    expect(form.locator("details.menu")).to_be_hidden()
    page.get_by_role("button", name="报送本表").click()
    expect(said).to_have_text("请先改正：申报单位。")
    form.locator(APPLICANT).fill("云泽县科协")
    page.get_by_role("button", name="看看还缺什么").click()
    expect(said).to_have_text("需要改正 0 处，未填 45 项。")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="存一份 Word").click()
    assert waiting.value.suggested_filename.endswith(".docx")
    page.get_by_role("button", name="报送本表").click()
    expect(said).to_have_text("已收到“云泽县科协”的申报。")
    refused = "([name, given]) => form[name](given).catch(({ reason }) => reason)"
    given = [["download", "xls"], ["restore", {"form": "annex1"}]]
    reasons = f"(given) => {{ const form = {ELEMENT}; return Promise.all(given.map({refused})); }}"
    assert page.evaluate(reasons, given) == ["format", "draft"]


def test_an_archived_form_ends_with_its_number_which_the_portal_gets(visit_portal):
    page, form = visit_portal("archive")
    expect(button(form, "提交")).to_have_count(0)
    button(form, "检查并完成").first.click()
    expect(form.get_by_role("heading", name="检查填写的内容")).to_be_visible()
    form.get_by_role("checkbox").last.check()
    form.locator("button[value='archive']").click()
    number = form.locator("#number")
    expect(number).to_have_text("annex2-2021-云泽县科学技术协会-001")
    expect(page.locator("#number")).to_have_text("编号 annex2-2021-云泽县科学技术协会-001，第 1 版。")


def test_bars_stay_in_view_and_every_state_has_the_portals_colours(visit_portal):
    page, form = visit_portal("theme", axe=True)
    expect(form.locator("#remarks-count")).to_contain_text("未填")
    text = form.locator(".primary").first
    expect(text).to_have_css("background-color", "rgb(11, 110, 79)")
    form.get_by_label("案例名称").focus()
    expect(form.get_by_label("案例名称")).to_have_css("outline-color", "rgb(180, 83, 9)")
    inner = page.frames[1]
    for _ in looks(page):
        assert violations(inner) == []
    page.get_by_role("button", name="深色，浅色").click()
    expect(text).not_to_have_css("background-color", "rgb(11, 110, 79)")
    expect(form.locator("html")).to_have_css("background-color", "rgb(23, 20, 18)")
    form.get_by_label("背景").fill("字" * 2001)
    form.get_by_label("背景").blur()
    expect(form.locator("#summary")).to_be_visible()
    assert violations(inner) == []
    assert violations(page) == []
    page.mouse.wheel(0, 600)
    page.wait_for_function("() => scrollY > 300")
    header = page.locator("header").bounding_box()["height"]
    expect(form.locator(".bars.stuck")).to_be_visible()
    assert top(page, form, ".bars") == pytest.approx(header, abs=8)
