"""The form page in a real browser: filled in by hand, watched in the preview, mended, downloaded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from browsing import downloaded, drop, picture, renewed, told, up_to_date
from docx_read import squash, text
from hand_made import Paper, put
from playwright.sync_api import expect
from processes import words

from service import catalog, generate

ANNEX2 = "/forms/annex2/2021"
SECTION = {1: "一、基本情况", 4: "四、提升计划项目经费预算", 5: "五、审核意见"}


def section(page, name):
    return page.get_by_role("region", name=name, exact=True)


def choose(page, question, answer):
    page.get_by_role("group", name=question, exact=True).get_by_role("radio", name=answer).check()


def test_from_the_choice_of_a_form_to_its_documents(visit):
    page = visit("/")
    page.get_by_role("link", name="填写 2021 2021年度“县级科协创新发展能力提升计划”项目申报书").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "2021年度“县级科协创新发展能力提升计划”项目申报书"
    )
    up_to_date(page)
    blank = picture(page)

    page.get_by_label("申报单位", exact=True).fill("云泽县科学技术协会")
    first = renewed(page, blank)
    page.get_by_label("联系人", exact=True).fill("沈砚青")
    renewed(page, first)
    expect(page.locator("#page")).to_have_attribute("alt", "文书第 1 页，共 5 页")

    basic = section(page, SECTION[1])
    basic.get_by_label("县级科协名称", exact=True).fill("云泽县科学技术协会")
    choose(page, "是否独立建制", "是")
    choose(page, "人大常委", "否")
    basic.get_by_label("最近一次换届日期", exact=True).fill("2019-11-20")
    basic.get_by_label("乡镇（个）", exact=True).fill("１１")
    basic.get_by_label("医院院长 县级科协人数", exact=True).fill("2")

    page.get_by_label("电子信箱", exact=True).fill("kexie")
    basic.get_by_label("编制数", exact=True).fill("九")
    rows = section(page, SECTION[4])
    rows.get_by_label("计划开支名称").first.fill("学会能力提升")
    rows.get_by_label("金额（万元）").first.fill("3.60")
    rows.get_by_role("button", name="增加一行").click()
    rows.get_by_label("计划开支名称").nth(3).fill("助力乡村振兴")
    rows.get_by_label("金额（万元）").nth(3).fill("5.45")
    expect(rows.get_by_text("各行金额之和")).to_have_text("各行金额之和 9.05 万元")
    rows.get_by_label("计划开支合计", exact=True).fill("9")

    page.get_by_role("button", name="下载 PDF").click()
    expect(page.get_by_role("heading", name="有 3 处需要改正")).to_be_visible()
    expect(page.get_by_label("电子信箱", exact=True)).to_be_focused()
    expect(told(page, "电子信箱")).to_contain_text("不像电子信箱")
    expect(told(page, "编制数")).to_contain_text("应为不小于 0 的整数")
    expect(told(page, "计划开支合计")).to_contain_text("合计 9.00 与各项金额之和 9.05 不符")
    expect(page.locator("#left-out")).to_have_text(
        "下列各项有误，预览中暂时留空：电子信箱、编制数、计划开支合计。"
    )

    page.get_by_role("link", name="编制数：").click()
    expect(basic.get_by_label("编制数", exact=True)).to_be_focused()
    basic.get_by_label("编制数", exact=True).fill("9")
    page.get_by_label("电子信箱", exact=True).fill("kexie@yunze.example.org")
    rows.get_by_label("计划开支合计", exact=True).fill("")
    expect(page.locator("#summary")).to_be_hidden()
    up_to_date(page)

    name, docx = downloaded(page, "下载 Word")
    assert name == "2021年度“县级科协创新发展能力提升计划”项目申报书（云泽县科学技术协会）.docx"
    said = squash(text(docx))
    name, pdf = downloaded(page, "下载 PDF")
    assert name.endswith("（云泽县科学技术协会）.pdf")
    printed = squash(words(pdf))
    for typed in ("沈砚青", "kexie@yunze.example.org", "2019年11月20日", "学会能力提升", "9.05"):
        assert typed in said
        assert typed in printed
    assert "是☑否□" in said


def test_words_are_counted_while_one_types_and_too_many_are_told(visit):
    page = visit(ANNEX2)
    up_to_date(page)
    before = picture(page)
    page.get_by_label("总体思路", exact=True).fill("思" * 1200)
    counted = page.locator('[data-count="/goals_and_measures"]')
    joint = "总体思路、目标任务和计划措施合计"
    expect(counted).to_have_text(f"本栏 0 字 · {joint} 1200 / 2000 字 · 还可写 800 字")
    page.get_by_label("目标任务和计划措施", exact=True).fill("措" * 900)
    expect(counted).to_have_text(f"本栏 900 字 · {joint} 2100 / 2000 字 · 超出 100 字")
    expect(told(page, "总体思路")).to_contain_text("合计 2100 字，超过 2000 字的限制，请压缩 100 字。")
    renewed(page, before)
    expect(page.locator("#left-out")).to_contain_text("总体思路、目标任务和计划措施")
    page.get_by_label("目标任务和计划措施", exact=True).fill("措" * 800)
    expect(told(page, "总体思路")).to_be_empty()


def test_too_many_words_are_told_at_the_longest_of_their_texts(visit):
    page = visit(ANNEX2)
    page.get_by_label("目标任务和计划措施", exact=True).fill("措" * 2001)
    page.get_by_role("button", name="下载 Word").click()
    field = page.get_by_label("目标任务和计划措施", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(told(page, "目标任务和计划措施")).to_contain_text("请压缩 1 字。")
    expect(told(page, "总体思路")).to_be_empty()
    page.get_by_label("联系人", exact=True).focus()
    page.get_by_role("link", name="总体思路、目标任务和计划措施：合计 2001 字").click()
    expect(field).to_be_focused()


def test_rows_go_and_their_numbers_follow(visit):
    page = visit(ANNEX2)
    names = page.get_by_label("计划开支名称")
    for number in range(3):
        names.nth(number).fill(f"第{number}项")
    amounts = page.get_by_label("金额（万元）")
    amounts.nth(0).fill("3.60")
    amounts.nth(2).fill("1.234")
    expect(page.locator(".sum:visible")).to_have_text("各行金额之和 3.60 万元 （不含 1 处有误的数值）")
    names.nth(2).focus()
    expect(page.locator("#live")).to_have_text("各行金额之和 3.60 万元 （不含 1 处有误的数值）")
    message = page.locator('[id="e/budget/items/2/amount"]')
    expect(message).to_have_text("错误：金额：最多两位小数，系统不会代为四舍五入，请自行确定金额。")
    assert message.bounding_box()["width"] > 400
    page.get_by_role("link", name="第 3 行 金额：最多两位小数").click()
    expect(amounts.nth(2)).to_be_focused()
    for number, remove in enumerate(page.get_by_role("button", name="删除第").all()):
        assert remove.bounding_box()["y"] == names.nth(number).bounding_box()["y"]
    page.get_by_role("button", name="删除第 2 行").click()
    expect(page.get_by_role("button", name="删除第 2 行")).to_be_focused()
    expect(page.locator("#live")).to_have_text("已删除第 2 行")
    assert [names.nth(number).input_value() for number in range(2)] == ["第0项", "第2项"]
    assert amounts.nth(1).get_attribute("name") == "/budget/items/1/amount"
    expect(page.locator('[id="e/budget/items/1/amount"]')).to_contain_text("最多两位小数")
    expect(page.get_by_role("link", name="第 2 行 金额：最多两位小数")).to_be_visible()
    hundred = json.dumps({"budget": {"items": [{"name": "科普"}] * 100}}).encode()
    page.set_input_files("#load-json", {"name": "百.json", "mimeType": "application/json", "buffer": hundred})
    add = page.get_by_role("button", name="增加一行")
    expect(add).to_be_disabled()
    add.click(force=True)
    expect(page.locator("#live")).to_have_text("最多 100 行，不能再增加。")
    page.get_by_role("button", name="删除第 100 行").click()
    expect(add).to_be_enabled()


def test_the_pages_of_the_preview_are_turned_and_enlarged(visit):
    page = visit(ANNEX2)
    up_to_date(page)
    first = picture(page)
    expect(page.get_by_role("button", name="上一页")).to_be_disabled()
    page.get_by_role("button", name="下一页").click()
    renewed(page, first)
    expect(page.locator("#page-of")).to_have_text("第 2 / 5 页")
    width = page.locator("#page").bounding_box()["width"]
    page.route("**/documents?format=png*", lambda route: route.abort())
    page.get_by_role("button", name="下一页").click()
    expect(page.locator("#preview-status")).to_contain_text(
        "预览暂时不可用，显示的是上一次的文书。 连接不上服务"
    )
    page.get_by_role("button", name="放大").click()
    expect(page.locator("#page-of")).to_have_text("第 2 / 5 页")
    expect(page.locator("#page")).to_have_attribute("alt", "文书第 2 页，共 5 页")
    page.unroute("**/documents?format=png*")
    expect(page.locator("#zoom-level")).to_have_text("125%")
    assert page.locator("#page").bounding_box()["width"] == pytest.approx(width * 1.25, rel=0.01)
    before = picture(page)
    page.get_by_role("button", name="上一页").click()
    renewed(page, before)
    expect(page.get_by_role("button", name="上一页")).to_be_disabled()
    expect(page.get_by_role("button", name="上一页")).to_be_focused()
    for button in page.locator(".preview-bar button:visible").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 32


def test_the_preview_turns_to_the_section_that_is_filled_in(visit):
    page = visit(ANNEX2)
    up_to_date(page)
    section(page, SECTION[4]).get_by_label("计划开支名称").first.focus()
    expect(page.locator("#page-of")).to_have_text("第 5 / 5 页")
    page.get_by_role("button", name="上一页").click()
    expect(page.locator("#page-of")).to_have_text("第 4 / 5 页")
    section(page, SECTION[4]).get_by_label("计划开支名称").nth(1).focus()
    up_to_date(page)
    expect(page.locator("#page-of")).to_have_text("第 4 / 5 页")
    page.get_by_label("联系人", exact=True).focus()
    expect(page.locator("#page-of")).to_have_text("第 1 / 5 页")
    page.get_by_label("自动更新").uncheck()
    page.get_by_label("总体思路", exact=True).focus()
    expect(page.locator("#page-of")).to_have_text("第 1 / 5 页")


def test_nothing_is_sent_while_updating_is_off(visit):
    page = visit(ANNEX2)
    up_to_date(page)
    page.get_by_label("自动更新").uncheck()
    page.clock.install()
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.get_by_label("联系人", exact=True).fill("沈砚青")
    expect(page.locator("#preview-status")).to_have_text("内容已改，预览未更新")
    page.clock.run_for(5_000)
    expect(page.locator("#saved")).to_contain_text("草稿已保存")
    assert [url for url in sent if not url.startswith("blob:")] == []
    before = picture(page)
    page.route("**/documents?format=png*", lambda route: None)
    with page.expect_request("**/documents?format=png*"):
        page.get_by_role("button", name="更新预览").click()
    with page.expect_event("requestfailed"):
        page.get_by_label("联系人", exact=True).fill("沈砚")
    expect(page.locator("#preview-status")).to_have_text("内容已改，预览未更新")
    with page.expect_request("**/documents?format=png*"):
        page.get_by_role("button", name="更新预览").click()
    page.clock.fast_forward(json.loads(page.locator("#page-data").text_content())["patience"])
    expect(page.locator("#preview-status")).to_contain_text("连接不上服务")
    page.unroute("**/documents?format=png*")
    page.get_by_role("button", name="更新预览").click()
    renewed(page, before)


def test_the_draft_outlives_a_reload_until_it_is_deleted(visit):
    page = visit(ANNEX2)
    page.get_by_label("联系人", exact=True).fill("沈砚青")
    page.get_by_label("电子信箱", exact=True).fill("kexie@")
    choose(page, "是否设立党组", "否")
    page.get_by_role("button", name="增加一行").click()
    page.get_by_label("计划开支名称").nth(3).fill("第四行")
    page.reload()
    expect(page.locator("#notice:visible, #notice-bar:visible")).to_contain_text("的草稿")
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
    notice = page.locator("#notice:visible, #notice-bar:visible")
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
    name, content = downloaded(page, "保存数据 JSON")
    assert name == "2021年度“县级科协创新发展能力提升计划”项目申报书（云泽县科学技术协会）.json"
    for row in sample["budget"]["items"]:
        row["amount"] = str(row["amount"])
    assert json.loads(content) == {"form": "annex2", "year": 2021, "data": sample}
    page.goto(page.url.replace("2021", "2020"))
    page.set_input_files("#load-json", {"name": name, "mimeType": "application/json", "buffer": content})
    page.get_by_role("button", name="转到该表并填入").click()
    page.get_by_role("button", name="替换草稿并载入").click()
    page.wait_for_url("**/forms/annex2/2021")
    expect(page.locator("#notice")).to_contain_text(f"已载入 {name}。")
    page.reload()
    expect(page.locator("#notice")).to_contain_text("的草稿")


def test_a_filled_form_that_is_dropped_fills_the_page(visit):
    paper = Paper()
    put(paper.value("乡镇（个）"), "十二")
    page = visit(ANNEX2)
    up_to_date(page)
    before = picture(page)
    drop(page, "填好的表.docx", paper.docx())
    expect(page.locator("#notice")).to_contain_text("已载入 填好的表.docx。 有 1 处请核对")
    expect(page.get_by_label("申报单位", exact=True)).to_have_value(paper.data["cover"]["applicant"])
    expect(told(page, "乡镇（个）")).to_contain_text("十二")
    renewed(page, before)
    page.get_by_label("乡镇（个）", exact=True).fill("12")
    expect(told(page, "乡镇（个）")).to_be_empty()


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
    expect(page.locator("#notice")).to_contain_text("已载入 案例.docx。")


def test_scores_are_added_up(visit):
    page = visit("/forms/annex1/2021")
    up_to_date(page)
    before = picture(page)
    page.get_by_label("1.1").fill("3.5")
    page.get_by_label("1.2").fill("2")
    page.get_by_label("5.5").fill("9")
    page.get_by_label("单项工作创新 附加分").fill("6.5")
    expect(page.locator('[data-subtotal="/scores/1"]')).to_have_text("5.5")
    left_out = "（不含 1 处有误的数值）"
    expect(page.locator('.sum:has([data-subtotal="/scores/5"])')).to_have_text(f"小计 — {left_out}")
    expect(page.locator('.sum:has([data-scores="/scores"])')).to_have_text(f"合计 5.5 {left_out}")
    expect(page.locator("#total-all")).to_have_text(f"含附加分合计 12 {left_out}")
    expect(page.locator('[id="e/scores/5.5"]')).to_contain_text("得分不能超过该项分值 8 分。")
    page.get_by_label("5.5").fill("7.5")
    expect(page.locator("#total-all")).to_have_text("含附加分合计 19.5")
    renewed(page, before)
    page.get_by_label("5.5").scroll_into_view_if_needed()
    sent = []
    page.on("request", lambda request: sent.append(request.url) if "format=pdf" in request.url else None)
    with page.expect_download(timeout=30_000) as waiting:
        page.get_by_role("button", name="下载 PDF").dblclick()
    bar = page.locator("#notice-bar")
    expect(bar).to_contain_text("已下载：")
    expect(bar).to_be_in_viewport()
    expect(page.locator("#notice")).to_be_hidden()
    assert len(sent) == 1
    pdf = Path(waiting.value.path()).read_bytes()
    assert "3.5/4" in words(pdf)
    assert "7.5/8" in words(pdf)


def test_a_case_is_filled_in(visit):
    page = visit("/forms/annex3/2021")
    up_to_date(page)
    before = picture(page)
    page.get_by_label("案例名称", exact=True).fill("“银龄e课”：社区老人的手机课堂")
    page.get_by_label("举措", exact=True).fill("每周六到社区授课。\n全年28期。")
    expect(page.locator('[data-count="/results"]')).to_contain_text("背景、举措、成效合计 14 / 2000 字")
    renewed(page, before)
    name, docx = downloaded(page, "Word")
    assert name == "2021年度县级科协单项工作创新案例申报书.docx"
    below = page.get_by_role("status").filter(has_text=f"已下载：{name}")
    assert below.bounding_box()["y"] > page.get_by_label("备注", exact=True).bounding_box()["y"]
    assert "每周六到社区授课。全年28期。" in squash(text(docx))


def test_data_of_another_form_take_nothing_away(visit):
    page = visit(ANNEX2)
    page.get_by_label("联系人", exact=True).fill("沈砚青")
    of_another = {"name": "a.json", "mimeType": "application/json", "buffer": b'{"case_name": "1"}'}
    page.locator("input[type=file]").first.set_input_files(of_another)
    expect(page.locator("#notice")).to_contain_text("没有载入")
    expect(page.get_by_label("联系人", exact=True)).to_have_value("沈砚青")


def test_the_draft_of_another_form_is_not_replaced_without_a_question(visit):
    page = visit("/forms/annex3/2021")
    page.get_by_label("案例名称", exact=True).fill("旧的")
    page.goto(page.url.replace("annex3", "annex2"))
    data = '{"form": "annex3", "year": 2021, "data": {"case_name": "新的", "colour": "red"}}'.encode()
    of_another = {"name": "a.json", "mimeType": "application/json", "buffer": data}
    page.locator("input[type=file]").first.set_input_files(of_another)
    page.get_by_role("button", name="转到该表并填入").click()
    expect(page.locator("#notice")).to_contain_text("已有此表的草稿")
    page.get_by_role("button", name="替换草稿并载入").click()
    expect(page.get_by_label("案例名称", exact=True)).to_have_value("新的")
    expect(page.locator("#notice")).to_contain_text("已载入 a.json。 数据中有本表没有的项，未载入：“colour”")
