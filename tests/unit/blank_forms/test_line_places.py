"""Places in paragraphs of invented blank forms: label, kind, unit."""

from __future__ import annotations

import pytest

from tests.helpers.forms.blank_forms import found, table

FORMS = [
    pytest.param(
        ["本项目参加单位共___个，参加人员共~~~~人，其中高级职称____人，总经费~~~~万元。"],
        ["本项目参加单位共 number 个", "参加人员共 number 人", "其中高级职称 number 人", "总经费 money 万元"],
        id="blanks in a sentence",
    ),
    pytest.param(
        ["兹有我单位______同志，性别___，身份证号码__________，前往贵处办理______事宜。"],
        ["兹有我单位 line", "性别 line", "身份证号码 id_number", "前往贵处办理 line"],
        id="a letter of introduction",
    ),
    pytest.param(
        ["申请经费：人民币（大写）________（￥______元）"],
        ["申请经费（大写） line", "申请经费 money 元"],
        id="an amount in words and figures",
    ),
    pytest.param(
        [
            "项目起止时间：自20__年__月至20__年__月",
            "填表日期：    年    月    日",
            "实施期限：    年  月 —    年  月",
        ],
        ["项目起止时间 date_range", "填表日期 date", "实施期限 date_range"],
        id="dates and ranges to complete",
    ),
    pytest.param(
        ["参加人数（   ）人", "年龄：（    ）岁"],
        ["参加人数 number 人", "年龄 number 岁"],
        id="brackets as blanks",
    ),
    pytest.param(
        [
            "一、项目背景与意义（800字以内）",
            "",
            "",
            "二、研究内容",
            "（一）主要内容",
            "",
            "（二）创新点",
            "",
            "三、进度安排（请分年度填写）",
            "",
            "四、经费预算",
            table(["科目", "金额"], ["", ""], ["", ""]),
        ],
        [
            "项目背景与意义（800字以内） text",
            "主要内容 text",
            "创新点 text",
            "进度安排（请分年度填写） text",
            "经费预算 rows 2 科目:line/金额:money",
        ],
        id="headings with hints and blank lines",
    ),
    pytest.param(
        [
            "甲方（委托方）：____________",
            "乙方（受托方）：____________",
            "第一条 甲方委托乙方开展______工作，合同金额为人民币______元（大写：________）。",
            "第二条 合同期限自____年__月__日至____年__月__日。",
            "甲方（盖章）：            乙方（盖章）：",
            "法定代表人（签字）：        法定代表人（签字）：",
            "日期：    年  月  日      日期：    年  月  日",
        ],
        [
            "甲方（委托方） line",
            "乙方（受托方） line",
            "甲方委托乙方开展 line",
            "合同金额为人民币 money 元",
            "合同金额为人民币（大写） line",
            "合同期限 date_range",
        ],
        id="a contract's blanks, not its signatures",
    ),
    pytest.param(
        [
            "请 假 条",
            "兹有______学院______专业学生______，学号________，"
            "因______需请假____天，自  年  月  日起至  年  月  日止。",
            "            申请人：",
            "            年   月   日",
        ],
        [
            "兹有 line",
            "学院 line",
            "专业学生 line",
            "学号 line",
            "因需请假 line",
            "需请假 number 天",
            "自年月日起至年月日止 date_range",
        ],
        id="a note of leave",
    ),
    pytest.param(
        [
            "填表说明：",
            "1. 本表用A4纸打印。",
            "2. 姓名：填写真实姓名。",
            "3. 联系电话：填写手机号码。",
            "基本信息",
            "姓名：________",
            "电话：________",
        ],
        ["姓名 line", "电话 phone"],
        id="instructions are no fields",
    ),
    pytest.param(
        [
            "目    录",
            "一、项目概况…………………………1",
            "二、研究内容…………………………3",
            "一、项目概况",
            "",
            "二、研究内容",
            "",
        ],
        ["项目概况 text", "研究内容 text"],
        id="a table of contents is no list of fields",
    ),
    pytest.param(
        [
            "受理编号：",
            "受理日期：",
            "XX市科技计划项目",
            "申  请  书",
            "计划类别：",
            "项目名称：",
            "申请单位：                        （公章）",
            "推荐单位：                        （公章）",
            "项目负责人：             电话：",
            "起止年限：    年  月至    年  月",
            "填报日期：二〇二三年  月  日",
        ],
        [
            "受理编号 line",
            "受理日期 date",
            "计划类别 line",
            "项目名称 line",
            "申请单位 line",
            "推荐单位 line",
            "项目负责人 line",
            "电话 phone",
            "起止年限 date_range",
            "填报日期 date",
        ],
        id="cover lines with seals",
    ),
]


@pytest.mark.parametrize(("form", "expected"), FORMS)
def test_places_are_found_as_a_person_would_list_them(form, expected):
    assert found(*form) == expected
