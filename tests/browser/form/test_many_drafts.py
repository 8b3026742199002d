"""Drafts in a browser: several with names, on the first page, on the server by a link; facts taken over."""

from __future__ import annotations

import datetime
import json
import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import NullPool, create_engine, update

from service import catalog
from service.archive import Archive
from service.config import Settings
from service.drafts.draft_table import DRAFTS
from tests.helpers.archive import entry
from tests.helpers.browser import ANNEX2, looks, violations

LAST_YEARS = "临江县科学技术协会"
CONTACT, APPLICANT, PHONE = "联系人", "申报单位", "联系电话"


def field(page, label):
    return page.get_by_label(label, exact=True)


def fill(page, label, text):
    field(page, label).fill(text)
    expect(page.locator("#saved")).to_contain_text(re.compile("草稿.*已保存"))


def choose_in_menu(page, name):
    page.get_by_text("数据与草稿").click()
    page.get_by_role("button", name=name).click()


def checked(page):
    """Every look at a state of the page is free of violations."""
    for width, dark in looks(page, 1280, 360):
        assert violations(page) == [], (width, dark)
    page.set_viewport_size({"width": 1280, "height": 800})


def notice(page):
    return page.locator("#notice")


def dialog(page, name):
    return page.get_by_role("dialog", name=name)


def test_two_drafts_with_names_are_switched_renamed_deleted_and_continued_from_the_first_page(visit):
    page = visit(ANNEX2, axe=True)
    fill(page, CONTACT, "沈砚青")
    choose_in_menu(page, "我的草稿")
    drafts = dialog(page, "本表的草稿")
    drafts.get_by_label("草稿名称").fill("初稿")
    drafts.get_by_role("button", name="另填一份新的").click()
    expect(field(page, CONTACT)).to_have_value("")
    fill(page, APPLICANT, "云泽县科学技术协会")
    page.reload()
    expect(notice(page)).to_contain_text("的草稿")
    expect(field(page, APPLICANT)).to_have_value("云泽县科学技术协会")
    choose_in_menu(page, "我的草稿")
    expect(drafts.get_by_role("listitem")).to_contain_text(["正在填写", "打开"])
    checked(page)
    drafts.get_by_role("button", name="打开“初稿”").click()
    expect(notice(page)).to_contain_text("已打开草稿“初稿”（")
    expect(field(page, CONTACT)).to_have_value("沈砚青")
    expect(field(page, APPLICANT)).to_have_value("")
    fill(page, PHONE, "0520-5550 1236")
    expect(page.locator("#saved")).to_contain_text("草稿“初稿”已保存")
    choose_in_menu(page, "我的草稿")
    drafts.get_by_role("button", name="删除“初稿”").click()
    expect(field(page, CONTACT)).to_have_value("")
    drafts.get_by_role("button", name="撤销").click()
    expect(field(page, CONTACT)).to_have_value("沈砚青")
    drafts.get_by_role("button", name="关闭").click()
    page.goto(page.url.replace(ANNEX2, "/"))
    first = page.get_by_role("region", name="继续上次的草稿")
    title = catalog.edition("annex2", 2021).title
    names = first.get_by_role("listitem")
    expect(names).to_contain_text([f"{title}：初稿", f"{title}：云泽县科学技术协会"])
    checked(page)
    names.nth(1).get_by_role("link", name="继续填写").click()
    expect(field(page, APPLICANT)).to_have_value("云泽县科学技术协会")
    assert "#" not in page.url


def test_the_only_draft_of_before_is_taken_over(visit):
    page = visit("/")
    page.evaluate(
        """() => localStorage.setItem("kexie:draft:/annex2:2021", JSON.stringify(
          { saved: "2021-03-09T00:00:00.000Z", values: { "/cover/contact_person": "沈砚青" } }))"""
    )
    page.reload()
    page.get_by_role("link", name="继续填写").click()
    expect(field(page, CONTACT)).to_have_value("沈砚青")


def shared(page):
    """Saves the draft on the server; returns its link."""
    choose_in_menu(page, "存到服务器")
    given = dialog(page, "草稿已存到服务器")
    expect(given.get_by_role("img", name="链接的二维码")).to_be_visible()
    link = given.get_by_label("链接", exact=True).input_value()
    checked(page)
    given.get_by_role("button", name="关闭").click()
    return link


def test_a_draft_goes_to_a_colleague_and_back_and_nothing_is_overwritten(visit, service):
    page = visit(ANNEX2, axe=True)
    choose_in_menu(page, "存到服务器")
    expect(notice(page)).to_contain_text("没有可存的")
    fill(page, APPLICANT, "云泽县科学技术协会")
    fill(page, CONTACT, "沈砚青")
    link = shared(page)
    assert link.startswith(f"{service}{ANNEX2}#draft=")
    colleague = visit(link, axe=True)
    expect(notice(colleague)).to_contain_text("已打开服务器上的草稿“云泽县科学技术协会”（")
    expect(field(colleague, CONTACT)).to_have_value("沈砚青")
    assert "draft=" not in colleague.url
    checked(colleague)
    fill(colleague, PHONE, "0520-5550 1236")
    colleague.get_by_role("button", name="存回服务器").click()
    expect(notice(colleague)).to_contain_text("已存回服务器")
    colleague.reload()
    expect(colleague.get_by_role("button", name="存回服务器")).to_be_visible()
    fill(page, CONTACT, "陆怀川")
    page.get_by_role("button", name="存回服务器").click()
    expect(notice(page)).to_contain_text("您的改动没有存上去")
    checked(page)
    page.get_by_role("button", name="打开服务器上的那份").click()
    expect(field(page, PHONE)).to_have_value("0520-5550 1236")
    expect(field(page, CONTACT)).to_have_value("沈砚青")
    choose_in_menu(page, "我的草稿")
    page.get_by_role("button", name="打开“云泽县科学技术协会（我的一份）”").click()
    expect(field(page, CONTACT)).to_have_value("陆怀川")
    expect(page.get_by_role("button", name="存回服务器")).to_be_hidden()
    page.goto(link)
    expect(notice(page)).to_contain_text("本浏览器已有")
    fill(page, CONTACT, "周远")
    fill(colleague, CONTACT, "何青")
    colleague.get_by_role("button", name="存回服务器").click()
    expect(notice(colleague)).to_contain_text("已存回服务器")
    page.get_by_role("button", name="存回服务器").click()
    page.get_by_role("button", name="用我的替换").click()
    expect(notice(page)).to_contain_text("已存回服务器")
    assert opened_by(visit, link) == "周远"


def test_the_link_of_an_archived_draft_leads_to_its_record(visit):
    page = visit("/forms/annex3/2021", axe=True)
    fill(page, "县级科协名称", "海门县科协")
    link = shared(page)
    colleague = visit(link)
    expect(field(colleague, "县级科协名称")).to_have_value("海门县科协")
    page.get_by_role("button", name="检查并完成").first.click()
    page.get_by_label("我知道还有").check()
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.get_by_role("button", name="提交归档").click()
    number = page.locator("#number").inner_text()
    page = visit(link, axe=True)
    expect(notice(page)).to_contain_text(f"这份草稿已归档为编号 {number}，第 1 版。")
    expect(field(page, "县级科协名称")).to_have_value("")
    checked(page)
    page.get_by_role("button", name="查看档案").click()
    expect(page.get_by_role("button", name="修改", exact=True)).to_be_visible()
    colleague.reload()
    expect(notice(colleague)).to_contain_text(f"已由别人归档为编号 {number}，第 1 版。")
    expect(field(colleague, "县级科协名称")).to_have_value("海门县科协")
    expect(colleague.locator("#changing")).to_contain_text(f"编号 {number}，第 1 版")
    expect(colleague.get_by_role("button", name="存回服务器")).to_be_hidden()


def opened_by(visit, link):
    """The contact that another browser finds at a link."""
    page = visit(link)
    expect(notice(page)).to_contain_text("已打开服务器上的草稿")
    return field(page, CONTACT).input_value()


def test_links_of_deleted_and_expired_drafts_say_so(visit, archive_folder):
    page = visit(ANNEX2, axe=True)
    fill(page, CONTACT, "沈砚青")
    link = shared(page)
    choose_in_menu(page, "我的草稿")
    there = page.get_by_role("region", name="存在服务器上的草稿")
    expect(there.get_by_role("listitem")).to_contain_text("保留到")
    checked(page)
    there.get_by_role("button", name="删除“未命名”").click()
    expect(there.get_by_role("status")).to_contain_text("得到链接的人也打不开了")
    there.get_by_role("button", name="确定删除").click()
    expect(there).to_contain_text("已从服务器删除“未命名”")
    dialog(page, "本表的草稿").get_by_role("button", name="关闭").click()
    expect(page.get_by_role("button", name="存回服务器")).to_be_hidden()
    expect(notice(visit(link))).to_contain_text("服务器上没有这份草稿")
    link = shared(page)
    database = create_engine(f"sqlite:///{archive_folder}/index.sqlite", poolclass=NullPool)
    with database.begin() as connection:
        long_ago = datetime.datetime(2021, 3, 9, tzinfo=datetime.UTC)
        wanted = DRAFTS.c.id == re.search(r"#draft=([\w-]+)\.", link)[1]
        assert connection.execute(update(DRAFTS).where(wanted).values(expires=long_ago)).rowcount == 1
    expect(notice(visit(link))).to_contain_text("已于2021年3月9日到期")
    page.get_by_role("button", name="存回服务器").click()
    expect(notice(page)).to_contain_text("已于2021年3月9日到期")
    expect(field(page, CONTACT)).to_have_value("沈砚青")


@pytest.fixture(scope="module")
def last_year(archive_folder, service):
    """A record of last year's application, of an applicant that no other record names."""

    sample = catalog.edition("annex2", 2020).sample("full")
    sample["cover"]["applicant"] = LAST_YEARS
    files = {"payload": json.dumps(sample).encode(), "docx": b"PK"}
    now = datetime.datetime.now(datetime.UTC)
    with Archive.open(Settings.from_env({"KEXIE_ARCHIVE": str(archive_folder)})) as archive:
        archive.add(entry("2020-facts", "annex2", 2020, files=files, created=now))


def test_facts_of_last_years_record_and_of_another_forms_draft_are_taken_over(visit, last_year):
    page = visit("/forms/annex3/2021", axe=True)
    fill(page, "县级科协名称", "泽阳市科学技术协会")
    page.goto(page.url.replace("annex3", "annex2"))
    fill(page, CONTACT, "何青")
    page.get_by_role("button", name="沿用已有内容…").click()
    facts = dialog(page, "沿用已有内容")
    facts.get_by_role("button", name=re.compile("单项工作创新案例申报书.*“泽阳市科学技术协会”")).click()
    expect(facts.get_by_role("row")).to_contain_text(["现在", "泽阳市科学技术协会"])
    facts.get_by_role("button", name="返回").click()
    facts.get_by_label("单位名称").fill("临江")
    facts.get_by_label("单位名称").press("Enter")
    checked(page)
    facts.get_by_role("button", name="2020-facts").click()
    expect(facts.get_by_role("row", name="联系人")).to_contain_text("何青沈砚青")
    expect(facts.get_by_label("联系人", exact=True)).not_to_be_checked()
    expect(facts.get_by_label("人大常委")).to_be_checked()
    checked(page)
    facts.get_by_label("联系电话", exact=True).uncheck()
    facts.get_by_role("button", name=re.compile(r"沿用所选的 \d+ 项")).click()
    expect(notice(page)).to_contain_text(re.compile(r"已沿用 \d+ 项，来自“.*2020-facts"))
    expect(field(page, APPLICANT)).to_have_value(LAST_YEARS)
    expect(field(page, CONTACT)).to_have_value("何青")
    expect(field(page, PHONE)).to_have_value("")
    answer = page.get_by_role("group", name="人大常委", exact=True).get_by_role("radio", name="否")
    expect(answer).to_be_checked()
    page.get_by_role("button", name="撤销").click()
    expect(field(page, APPLICANT)).to_have_value("")
    expect(answer).not_to_be_checked()
