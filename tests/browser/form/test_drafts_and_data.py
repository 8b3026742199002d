"""The form page in a real browser: drafts kept, data saved and loaded, filled forms read."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from service import catalog, generate
from tests.helpers.browser import (
    ANNEX2,
    choose,
    downloaded,
    drop,
    messages_beside,
    picture,
    renewed,
    up_to_date,
)
from tests.helpers.hand_made import Paper, elements, put, t


def test_the_draft_outlives_a_reload_until_it_is_deleted(visit):
    page = visit(ANNEX2)
    page.get_by_label("联系人", exact=True).fill("沈砚青")
    page.get_by_label("电子信箱", exact=True).fill("kexie@")
    choose(page, "是否设立党组", "否")
    page.get_by_role("button", name="增加一行").click()
    page.get_by_label("计划开支名称").nth(3).fill("第四行")
    page.reload()
    expect(page.locator("#notice")).to_contain_text("的草稿")
    expect(page.get_by_label("联系人", exact=True)).to_have_value("沈砚青")
    expect(page.get_by_label("电子信箱", exact=True)).to_have_value("kexie@")
    expect(page.get_by_label("计划开支名称").nth(3)).to_have_value("第四行")
    group = page.get_by_role("group", name="是否设立党组", exact=True)
    expect(group.get_by_role("radio", name="否")).to_be_checked()
    expect(page.locator("#preview-status")).to_contain_text("预览已是最新")
    another_tab_takes_the_draft(page)
    page.get_by_text("数据与草稿").click()
    page.get_by_role("button", name="清空并删除草稿").click()
    expect(page.get_by_label("联系人", exact=True)).to_have_value("")
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_label("联系人", exact=True)).to_have_value("沈砚青")
    expect(page.get_by_role("button", name="清空并删除草稿")).to_be_hidden()
    page.get_by_text("数据与草稿").click()
    page.get_by_role("button", name="清空并删除草稿").click()
    page.reload()
    expect(page.get_by_label("联系人", exact=True)).to_have_value("")
    assert page.evaluate("() => Object.keys(localStorage)") == []


def another_tab_takes_the_draft(page):
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("联系电话", exact=True).fill("0520-5550 1236")
    expect(other.locator("#saved")).to_contain_text("草稿已保存")
    other.close()
    page.get_by_label("通讯地址", exact=True).fill("云泽县")
    expect(page.locator("#saved")).to_have_text("草稿未保存")
    notice = page.locator("#notice")
    expect(notice).to_contain_text("此表也在别的标签页中填写")
    kept = "() => Object.values(localStorage).map((text) => JSON.parse(text).values)"
    [values] = page.evaluate(kept)
    assert values["/cover/contact_phone"] == "0520-5550 1236"
    notice.get_by_role("button", name="以本页为草稿").click()
    expect(page.locator("#saved")).to_contain_text("草稿已保存")
    [values] = page.evaluate(kept)
    assert values["/cover/mailing_address"] == "云泽县"


def test_a_draft_with_what_the_form_has_not_says_so(visit):
    page = visit(ANNEX2)
    page.get_by_label("联系人", exact=True).fill("沈砚青")
    expect(page.locator("#saved")).to_contain_text("草稿已保存")
    page.evaluate(
        """() => {
          for (const [key, text] of Object.entries(localStorage)) {
            const draft = JSON.parse(text);
            draft.values["/colour"] = "red";
            localStorage.setItem(key, JSON.stringify(draft));
          }
        }"""
    )
    page.reload()
    expect(page.locator("#notice")).to_contain_text("的草稿。 数据中有本表没有的项，未载入：“colour”")
    expect(page.get_by_label("联系人", exact=True)).to_have_value("沈砚青")


def test_data_are_saved_and_loaded_as_json(visit, tmp_path):
    page = visit(ANNEX2)
    sample = catalog.edition("annex2", 2021).sample("full")
    sent = tmp_path / "数据.json"
    strange = {**sample, "colour": "red", "basic_info": {**sample["basic_info"], "seats": {"a": 1, "b": 2}}}
    sent.write_text(json.dumps(strange, ensure_ascii=False), encoding="utf-8")
    page.set_input_files("#load-json", sent)
    expect(page.locator("#notice")).to_contain_text("本表没有的项，未载入：基本情况“seats”、“colour”")
    expect(page.get_by_text("各行金额之和")).to_contain_text("45.60")
    page.get_by_text("数据与草稿").click()
    name, content = downloaded(page, "把数据存为文件")
    assert name == "2021年度“县级科协创新发展能力提升计划”项目申报书（云泽县科学技术协会）.json"
    for row in sample["budget"]["items"]:
        row["amount"] = str(row["amount"])
    assert json.loads(content) == {"form": "annex2", "year": 2021, "data": sample}
    page.goto(page.url.replace("2021", "2020"))
    page.set_input_files("#load-json", {"name": name, "mimeType": "application/json", "buffer": content})
    page.get_by_role("button", name="转到该表并填入").click()
    page.wait_for_url("**/forms/annex2/2021")
    expect(page.locator("#notice")).to_contain_text(f"已载入：{name}。")
    page.reload()
    expect(page.locator("#notice")).to_contain_text(f"已打开草稿“{name.removesuffix('.json')}”")


def test_a_downloaded_pdf_is_dropped_back(visit):
    page = visit("/forms/annex3/2021")
    page.get_by_label("案例名称", exact=True).fill("“银龄e课”")
    page.get_by_label("举措", exact=True).fill("每周六到社区授课。\n全年28期。")
    name, carrying = downloaded(page, "下载 PDF")
    page.get_by_label("在 PDF 中附上填写的数据，以后可再读入").uncheck()
    _, bare = downloaded(page, "下载 PDF")
    page.get_by_text("数据与草稿").click()
    page.get_by_role("button", name="清空并删除草稿").click()
    notice = page.locator("#notice")
    drop(page, name, bare)
    expect(notice).to_contain_text(f"{name}：")
    expect(page.get_by_label("案例名称", exact=True)).to_have_value("")
    drop(page, name, carrying)
    expect(notice).to_contain_text(f"已载入：{name}。")
    expect(page.get_by_label("案例名称", exact=True)).to_have_value("“银龄e课”")
    expect(page.get_by_label("举措", exact=True)).to_have_value("每周六到社区授课。\n全年28期。")


def test_a_filled_form_that_is_dropped_fills_the_page(visit):
    paper = Paper()
    put(paper.value("乡镇（个）"), "十二")
    page = visit(ANNEX2)
    up_to_date(page)
    before = picture(page)
    drop(page, "填好的表.docx", paper.docx())
    expect(page.locator("#notice")).to_contain_text("已载入：填好的表.docx。有 1 处请核对")
    expect(page.get_by_label("申报单位", exact=True)).to_have_value(paper.data["cover"]["applicant"])
    expect(messages_beside(page, "乡镇（个）")).to_contain_text("十二")
    renewed(page, before)
    page.get_by_label("乡镇（个）", exact=True).fill("12")
    expect(messages_beside(page, "乡镇（个）")).to_be_empty()


def test_doubts_about_a_dropped_form_stay_until_they_are_settled(visit):
    paper = Paper()
    put(paper.value("乡镇（个）"), "十二")
    put(paper.value("街道（个）"), "若干")
    paper.paragraph("联系人").addnext(elements("<w:p>" + t("请于三月底前送达") + "</w:p>")[0])
    page = visit(ANNEX2)
    drop(page, "填好的表.docx", paper.docx())
    box = page.get_by_role("region", name="读入的文件有 3 处请核对")
    expect(box.get_by_role("listitem")).to_contain_text(
        ["这段文字不属于任何栏目，未读取。 表格外第6段：“请于三月底前送达”", "十二", "若干"]
    )
    expect(page.locator("#saved")).to_contain_text("草稿已保存")
    page.reload()
    box = page.get_by_role("region", name="读入的文件有 3 处请核对")
    box.get_by_role("listitem").filter(has_text="请于三月底前").get_by_role("button", name="已核对").click()
    box = page.get_by_role("region", name="读入的文件有 2 处请核对")
    box.get_by_role("link", name="乡镇").click()
    expect(page.get_by_label("乡镇（个）", exact=True)).to_be_focused()
    page.keyboard.type("12")
    expect(page.get_by_role("region", name="读入的文件有 1 处请核对")).to_contain_text("若干")
    expect(page.locator("#saved")).to_contain_text("草稿已保存")
    page.reload()
    expect(page.get_by_role("region", name="读入的文件有 1 处请核对")).to_contain_text("若干")


def test_a_form_of_another_kind_is_led_to_its_own_page(visit):
    sample = catalog.edition("annex3", 2020).sample("full")
    page = visit(ANNEX2)
    drop(page, "案例.docx", generate("annex3", 2020, sample, ("docx",))["docx"])
    page.evaluate(
        """() => {
          window.kept = Storage.prototype.setItem;
          Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
        }"""
    )
    page.get_by_role("button", name="转到该表并填入").click()
    expect(page.locator("#notice")).to_contain_text("数据带不到填写页")
    page.evaluate("() => { Storage.prototype.setItem = window.kept; }")
    drop(page, "案例.docx", generate("annex3", 2020, sample, ("docx",))["docx"])
    page.get_by_role("button", name="转到该表并填入").click()
    page.wait_for_url("**/forms/annex3/2020")
    expect(page.get_by_label("案例名称", exact=True)).to_have_value(sample["case_name"])
    expect(page.locator("#notice")).to_contain_text("已载入：案例.docx。")


def test_data_of_another_form_take_nothing_away_here_or_there(visit):
    page = visit("/forms/annex3/2021")
    page.get_by_label("案例名称", exact=True).fill("旧的")
    page.goto(page.url.replace("annex3", "annex2"))
    page.get_by_label("联系人", exact=True).fill("沈砚青")
    of_another = {"name": "a.json", "mimeType": "application/json", "buffer": b'{"case_name": "1"}'}
    page.locator("input[type=file]").first.set_input_files(of_another)
    expect(page.locator("#notice")).to_contain_text("没有载入")
    expect(page.get_by_label("联系人", exact=True)).to_have_value("沈砚青")
    data = '{"form": "annex3", "year": 2021, "data": {"case_name": "新的", "colour": "red"}}'.encode()
    of_another = {"name": "a.json", "mimeType": "application/json", "buffer": data}
    page.locator("input[type=file]").first.set_input_files(of_another)
    page.get_by_role("button", name="转到该表并填入").click()
    expect(page.get_by_label("案例名称", exact=True)).to_have_value("新的")
    expect(page.locator("#notice")).to_contain_text("已载入：a.json。数据中有本表没有的项，未载入：“colour”")
    page.get_by_text("数据与草稿").click()
    page.get_by_role("button", name="我的草稿").click()
    page.get_by_role("button", name="打开“未命名”").click()
    expect(page.get_by_label("案例名称", exact=True)).to_have_value("旧的")


def test_a_slow_network_loses_nothing_and_says_nothing_wrong(visit):
    page = visit(ANNEX2)
    page.get_by_label("联系人", exact=True).fill("沈砚青")
    page.get_by_label("联系电话", exact=True).fill("0520-5550 1236")
    expect(page.locator("#saved")).to_contain_text("草稿已保存")
    held = []
    page.route("**/app/form/main.js", lambda route: held.append(route))
    page.reload(wait_until="commit")
    page.get_by_label("联系人", exact=True).fill("陆怀川")
    expect(page.get_by_text("没有启用 JavaScript")).to_be_hidden()
    held.pop().continue_()
    expect(page.get_by_label("联系电话", exact=True)).to_have_value("0520-5550 1236")
    expect(page.get_by_label("联系人", exact=True)).to_have_value("陆怀川")
    up_to_date(page)
    page.context.set_offline(True)
    page.get_by_label("通讯地址", exact=True).fill("云泽县")
    expect(page.locator("#preview-status")).to_contain_text("连接不上服务")
    page.context.set_offline(False)
    up_to_date(page)
