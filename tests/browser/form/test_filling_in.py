"""The form page in a real browser: filled in by hand, counted and added up, corrected, downloaded."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.helpers.browser import (
    ANNEX2,
    SECTION,
    choose,
    downloaded,
    messages_beside,
    picture,
    renewed,
    section,
    up_to_date,
)
from tests.helpers.docx_read import squash, text
from tests.helpers.pdf import words


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
    basic.get_by_label("乡镇（个）", exact=True).fill("１１个")
    basic.get_by_label("医院院长 县级科协人数", exact=True).fill("2")
    expect(basic.get_by_label("乡镇（个）", exact=True)).to_have_value("11")
    expect(messages_beside(page, "乡镇（个）")).to_contain_text("“１１个”已改为“11”。")

    page.get_by_label("电子信箱", exact=True).fill("kexie")
    basic.get_by_label("编制数", exact=True).fill("九")
    rows = section(page, SECTION[4])
    rows.get_by_label("计划开支名称").first.fill("学会能力提升")
    rows.get_by_label("金额（万元）").first.fill("3.60")
    expect(rows.get_by_text("= 36,000 元")).to_be_visible()
    rows.get_by_role("button", name="增加一行").click()
    rows.get_by_label("计划开支名称").nth(3).fill("助力乡村振兴")
    rows.get_by_label("金额（万元）").nth(3).fill("5.45")
    expect(rows.get_by_text("各行金额之和")).to_have_text("各行金额之和 9.05 万元")
    rows.get_by_label("金额（万元）").nth(2).press_sequentially("85,")  # nothing is said while it is typed
    expect(rows.get_by_text("各行金额之和")).to_have_text("各行金额之和 — 万元")
    rows.get_by_label("金额（万元）").nth(2).fill("3 万")
    expect(rows.get_by_text("各行金额之和")).to_have_text("各行金额之和 12.05 万元")
    rows.get_by_label("金额（万元）").nth(2).fill("60000元")
    rows.get_by_label("金额（万元）").nth(3).fill("85,500元")
    expect(rows.get_by_label("金额（万元）").nth(2)).to_have_value("6")
    rows.get_by_label("计划开支名称").nth(2).focus()
    expect(rows.get_by_label("金额（万元）").nth(3)).to_have_value("8.55")
    expect(rows.get_by_text("“85,500元”已改为“8.55”。")).to_be_visible()
    expect(rows.get_by_text("= 85,500 元")).to_be_visible()
    expect(rows.get_by_text("各行金额之和")).to_have_text("各行金额之和 18.15 万元")
    rows.get_by_label("金额（万元）").nth(2).fill("")
    rows.get_by_label("金额（万元）").nth(3).fill("5.45")
    rows.get_by_label("计划开支合计（万元）", exact=True).fill("9")

    page.get_by_role("button", name="下载 PDF").click()
    expect(page.get_by_role("heading", name="有 3 处需要改正")).to_be_visible()
    expect(page.get_by_role("link", name="电子信箱：")).to_be_focused()
    expect(messages_beside(page, "电子信箱")).to_contain_text("不像电子信箱")
    expect(messages_beside(page, "编制数")).to_contain_text("没有的填 0")
    expect(messages_beside(page, "计划开支合计（万元）")).to_contain_text(
        "合计 9.00 与各项金额之和 9.05 不符"
    )
    expect(page.locator("#left-out")).to_have_text(
        "3 处需要改正，预览中暂时留空：电子信箱、编制数；按其余各项计算：计划开支合计。"
    )
    expect(page.locator("#next-fault")).to_have_text("3 处需要改正 ›F8")
    expect(page.locator("#remarks-count")).to_contain_text("3 处有误，还有")

    bars = [page.locator(each).bounding_box()["height"] for each in (".overview", ".actions")]

    page.get_by_role("link", name="编制数：").click()
    expect(basic.get_by_label("编制数", exact=True)).to_be_focused()
    basic.get_by_label("编制数", exact=True).fill("9")
    page.get_by_label("电子信箱", exact=True).fill("kexie@yunze.example.org")
    rows.get_by_label("计划开支合计（万元）", exact=True).fill("")
    expect(page.locator("#summary")).to_be_hidden()
    up_to_date(page)
    assert [page.locator(each).bounding_box()["height"] for each in (".overview", ".actions")] == bars

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


# A preview that leaves out another field than those of the faults that are shown.
_MADE = """async (error) => {
  const { previewMade } = await import("/static/app/form/feedback/preview_note.js");
  previewMade([error], {});
}"""


def test_words_are_counted_while_one_types_and_too_many_are_reported(visit):
    page = visit(ANNEX2)
    up_to_date(page)
    before = picture(page)
    page.get_by_label("总体思路", exact=True).fill("思" * 1200)
    counted = page.locator('[data-count="/goals_and_measures"]')
    joint = "总体思路、目标任务和计划措施合计"
    expect(counted).to_have_text(f"本栏 0 字 · {joint} 1200 / 2000 字 · 还可写 800 字")
    page.get_by_label("目标任务和计划措施", exact=True).fill("措" * 900)
    expect(counted).to_have_text(f"本栏 900 字 · {joint} 2100 / 2000 字 · 超出 100 字")
    error = page.get_by_role("link", name="合计 2100 字，超过 2000 字的限制，请压缩 100 字。")
    expect(error).to_be_visible()
    for label in ("总体思路", "目标任务和计划措施"):
        field = page.get_by_label(label, exact=True)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile("2100 / 2000 字 · 超出 100 字"))
        expect(messages_beside(page, label)).to_be_empty()
    renewed(page, before)
    note = page.locator("#left-out")
    expect(note).to_have_text("1 处需要改正，预览中暂时留空：目标任务和计划措施。")
    page.evaluate(_MADE, {"pointer": "/cover/email", "code": "any", "label": "电子信箱"})
    expect(note).to_have_text("预览中暂时留空：电子信箱。")  # no number of others
    page.get_by_label("目标任务和计划措施", exact=True).fill("措" * 800)
    expect(error).to_be_hidden()
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    page.get_by_label("目标任务和计划措施", exact=True).fill("措" * 1201)  # the longer one
    page.get_by_role("button", name="下载 Word").click()
    page.get_by_role("link", name="总体思路、目标任务和计划措施：合计 2401 字").press("Enter")
    expect(page.get_by_label("目标任务和计划措施", exact=True)).to_be_focused()


def test_rows_go_and_their_numbers_follow(visit):
    page = visit(ANNEX2)
    names = page.get_by_label("计划开支名称")
    for number in range(3):
        names.nth(number).fill(f"第{number}项")
    amounts = page.get_by_label("金额（万元）")
    amounts.nth(0).fill("3.60")
    amounts.nth(2).fill("1.234")
    amounts.nth(2).blur()
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
    gone = page.get_by_role("status").filter(has_text="已删除第 2 行")
    expect(gone).to_be_in_viewport()
    gone.get_by_role("button", name="撤销").click()
    assert [names.nth(number).input_value() for number in range(3)] == ["第0项", "第1项", "第2项"]
    assert amounts.nth(2).get_attribute("name") == "/budget/items/2/amount"
    expect(names.nth(1)).to_be_focused()
    expect(gone).to_be_hidden()
    page.get_by_role("button", name="删除第 2 行").click()
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
    before = page.get_by_label("5.5").bounding_box()
    sent = []
    page.on("request", lambda request: sent.append(request.url) if "format=pdf" in request.url else None)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载 PDF").dblclick()
    expect(page.locator("#notice")).to_contain_text("已下载：")
    expect(page.locator("#notice")).to_be_in_viewport(ratio=1)
    assert page.get_by_label("5.5").bounding_box() == before
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
