"""Places in tables of invented blank forms: label, kind, unit, options, columns."""

from __future__ import annotations

import pytest

from tests.helpers.forms.blank_forms import UP, Cell, found, table

FORMS = [
    pytest.param(
        [table(["姓名", Cell("", 6)], ["身份证号"] + [""] * 6, ["电话", Cell("", 6)])],
        ["姓名 line", "身份证号 id_number", "电话 phone"],
        id="a character a cell",
    ),
    pytest.param(
        [
            table(
                ["姓 名", "", "性别", "", "出生|年月", "", Cell("照|片")],
                ["民族", "", "籍贯", "", "政治|面貌", "", UP],
                ["学历", "", "学位", "", "职称", "", UP],
                ["单位", Cell("", 5), UP],
            )
        ],
        [
            "姓名 line",
            "性别 line",
            "出生年月 month",
            "照片 picture",
            "民族 line",
            "籍贯 line",
            "政治面貌 line",
            "学历 line",
            "学位 line",
            "职称 line",
            "单位 line",
        ],
        id="letter-spaced and broken labels beside a photo",
    ),
    pytest.param(
        [table(["姓名", "", "近期免冠|一寸照片"], ["性别", "", UP], ["出生日期", "  年  月  日", UP])],
        ["姓名 line", "近期免冠一寸照片 picture", "性别 line", "出生日期 date"],
        id="a photo's cell that says so",
    ),
    pytest.param(
        [
            table(
                ["年度指标", "2021年", "2022年", "2023年"],
                ["销售收入（万元）", "", "", ""],
                ["利润（万元）", "", "", ""],
                ["从业人数（人）", "", "", ""],
            )
        ],
        ["年度指标 rows 3 年度指标:line/2021年:line/2022年:line/2023年:line"],
        id="rows named by the form",
    ),
    pytest.param(
        [
            table(
                ["序号", "预算科目", "金额（万元）", "计算依据"],
                ["1", "设备费", "", ""],
                ["2", "材料费", "", ""],
                ["3", "差旅费", "", ""],
                ["合计", "", "", ""],
            )
        ],
        [
            "序号 rows 3 序号:line/预算科目:line/金额（万元）:money/计算依据:text",
            "合计·预算科目 line",
            "合计·金额（万元） money 万元",
        ],
        id="numbered rows named by the form, with a total",
    ),
    pytest.param(
        [
            table(
                ["序号", "姓名", "工作单位", "分工"], ["1", "", "", ""], ["2", "", "", ""], ["…", "", "", ""]
            )
        ],
        ["序号 rows 3 序号:line/姓名:line/工作单位:line/分工:line"],
        id="numbered rows and dots",
    ),
    pytest.param(
        [
            table(
                ["序号", "姓名", Cell("经费（万元）", 2), "备注"],
                [UP, UP, "拨款", "自筹", UP],
                ["", "", "", "", ""],
                ["", "", "", "", ""],
                [Cell("合计", 2), "", "", ""],
            )
        ],
        [
            "序号 rows 2 序号:line/姓名:line/经费（万元）·拨款:money/经费（万元）·自筹:money/备注:text",
            "合计·经费（万元）·拨款 money 万元",
            "合计·经费（万元）·自筹 money 万元",
        ],
        id="a head of two rows with a total",
    ),
    pytest.param(
        [
            table(
                ["主要|成员", "姓名", "性别", "年龄", "单位"],
                [UP, "", "", "", ""],
                [UP, "", "", "", ""],
                ["联系人", "", "电话", Cell("", 2)],
            )
        ],
        ["主要成员 rows 2 姓名:line/性别:line/年龄:number/单位:line", "联系人 line", "电话 phone"],
        id="a list beside an upright label",
    ),
    pytest.param(
        [
            table(
                ["学|习|经|历", "起止年月", "学校", "专业"],
                [UP, "", "", ""],
                [UP, "", "", ""],
                [UP, "", "", ""],
                ["工作经历", "起止年月", "单位", "职务"],
                [UP, "", "", ""],
                [UP, "", "", ""],
                ["获奖情况", Cell("", 3, 5)],
            )
        ],
        [
            "学习经历 rows 3 起止年月:date_range/学校:line/专业:line",
            "工作经历 rows 2 起止年月:date_range/单位:line/职务:line",
            "获奖情况 text",
        ],
        id="two lists beside upright labels",
    ),
    pytest.param(
        [
            table(
                [Cell("学习|经历"), Cell("", 3)], [UP, Cell("", 3)], [UP, Cell("", 3)], ["备注", Cell("", 3)]
            )
        ],
        ["学习经历 text", "备注 line"],
        id="rows without a head are one text",
    ),
    pytest.param(
        [table(["单位推荐意见", "||（盖章）|年  月  日"], ["专家组意见", "||组长签字：      年  月  日"])],
        ["单位推荐意见 text", "专家组意见 text"],
        id="opinions above seals and dates",
    ),
    pytest.param(
        [
            table(
                [Cell("申请理由：||||", 2)],
                [Cell("主要事迹（限800字）||||申请人签字：      年  月  日", 2)],
                ["一、工作基础|||", "二、工作计划|||"],
            )
        ],
        ["申请理由 text", "主要事迹（限800字） text"],
        id="labels with room in their own cells",
    ),
    pytest.param(
        [
            "项目编号：________",
            "科技计划项目申报书",
            table(
                ["项 目 名 称：", ""],
                ["申 报 单 位：", ""],
                ["起 止 年 月：", ""],
                ["填 报 日 期：", "年   月   日"],
            ),
        ],
        ["项目编号 line", "项目名称 line", "申报单位 line", "起止年月 date_range", "填报日期 date"],
        id="a cover in a borderless table",
    ),
    pytest.param(
        [
            "汇总表",
            "填报单位（盖章）：              填报人：        联系电话：        填报时间：  年  月  日",
            table(
                ["序号", "项目名称", "负责人", "申请金额（万元）"],
                ["", "", "", ""],
                ["", "", "", ""],
                ["", "合计", "", ""],
            ),
        ],
        [
            "填报单位（盖章） line",
            "填报人 line",
            "联系电话 phone",
            "填报时间 date",
            "汇总表 rows 2 序号:line/项目名称:line/负责人:line/申请金额（万元）:money",
            "合计·申请金额（万元） money 万元",
        ],
        id="a summary with a seal, a total, a list",
    ),
    pytest.param(
        [
            "附件2",
            "2023年青年讲解大赛报名表",
            table(
                ["姓  名", "", "性  别", "", Cell("贴照片处", 1)],
                ["出生年月", "", "民  族", "", UP],
                ["身份证号", Cell("", 3), UP],
                ["工作单位|（全称）", Cell("", 3), UP],
                ["联系电话", "", "电子邮箱", Cell("", 2)],
                ["参赛组别", Cell("□专业组  □志愿者组", 4)],
                ["是否服从调剂", Cell("□是   □否", 4)],
                ["讲解题目", Cell("", 4)],
                ["个人简介|（300字以内）", Cell("||||", 4)],
                ["单位意见", Cell("|||（盖章）|年   月   日", 4)],
                ["备注", Cell("", 4)],
            ),
            "注：本表一式两份，报名截止时间2023年5月1日，联系人：王老师，电话：025-1234567。",
        ],
        [
            "姓名 line",
            "性别 line",
            "贴照片处 picture",
            "出生年月 month",
            "民族 line",
            "身份证号 id_number",
            "工作单位（全称） line",
            "联系电话 phone",
            "电子邮箱 email",
            "参赛组别 choice 专业组/志愿者组",
            "是否服从调剂 yes_no 是/否",
            "讲解题目 line",
            "个人简介（300字以内） text",
            "单位意见 text",
            "备注 line",
        ],
        id="an entry form",
    ),
    pytest.param(
        [
            table(
                ["企业名称", Cell("", 5)],
                ["统一社会信用代码", Cell("", 3), "成立时间", ""],
                ["注册地址", Cell("", 3), "邮编", ""],
                ["法定代表人", "", "联系电话", "", "电子邮箱", ""],
                ["企业类型", Cell("□国有企业  □民营企业  □外资企业  □其他（请注明）________", 5)],
                ["主要财务指标|（万元）", "资产总额", "", "负债总额", "", ""],
                [UP, "销售收入", "", "利润总额", "", ""],
                ["职工总数（人）", "", "其中：研发人员（人）", "", "占职工总数比例（%）", ""],
            )
        ],
        [
            "企业名称 line",
            "统一社会信用代码 line",
            "成立时间 date",
            "注册地址 line",
            "邮编 line",
            "法定代表人 line",
            "联系电话 phone",
            "电子邮箱 email",
            "企业类型 choice 国有企业/民营企业/外资企业/其他（请注明）+",
            "主要财务指标（万元）·资产总额 money 万元",
            "负债总额 money 万元",
            "主要财务指标（万元）·销售收入 money 万元",
            "利润总额 money 万元",
            "职工总数（人） number 人",
            "其中：研发人员（人） number 人",
            "占职工总数比例（%） percent",
        ],
        id="a register with groups of figures",
    ),
    pytest.param(
        [
            table(
                ["评价指标", "分值", "评分标准", "得分"],
                ["科学性", "30", "数据可靠", ""],
                ["创新性", "40", "有新意", ""],
                ["实用性", "30", "可推广", ""],
                [Cell("总分", 3), ""],
            )
        ],
        ["评价指标 rows 3 评价指标:line/分值:line/评分标准:line/得分:number", "总分 number"],
        id="marks for criteria that the form prints",
    ),
    pytest.param(
        [
            table(
                ["借用人", "", "所在部门", ""],
                ["借用时间", "年  月  日", "归还时间", "年  月  日"],
                ["借用物品", Cell("", 3)],
                ["数量", "        台", "用途", ""],
                ["押金", "          元", "经办人签字", ""],
                ["部门负责人签字：", Cell("年  月  日", 3)],
            )
        ],
        [
            "借用人 line",
            "所在部门 line",
            "借用时间 date",
            "归还时间 date",
            "借用物品 line",
            "数量 number 台",
            "用途 line",
            "押金 money 元",
        ],
        id="units behind blanks, signatures beside",
    ),
    pytest.param(
        [
            table(
                [Cell("姓名：            性别：        出生年月：     年   月", 2)],
                ["单位：", "电话："],
                ["地址：|邮编：", "传真："],
            )
        ],
        [
            "姓名 line",
            "性别 line",
            "出生年月 month",
            "单位 line",
            "电话 phone",
            "地址 line",
            "邮编 line",
            "传真 phone",
        ],
        id="several pairs in a cell, labels alone in theirs",
    ),
    pytest.param(
        [
            table(["时间", "地点", "主持人"], ["", "", ""]),
            "会议议题：",
            "",
            table(
                ["序号", "议题", "汇报人", "时长（分钟）"],
                ["1", "", "", ""],
                ["2", "", "", ""],
                ["3", "", "", ""],
            ),
        ],
        [
            "时间 rows 1 时间:date/地点:line/主持人:line",
            "会议议题 line",
            "序号 rows 3 序号:line/议题:line/汇报人:line/时长（分钟）:number",
        ],
        id="a list of one row, a line between, a numbered list",
    ),
    pytest.param(
        [
            table(
                ["姓名", "", "曾用名", "", ""],
                ["性别", "", "民族", "", UP],
                ["出生日期", "", "籍贯", "", UP],
                ["文化程度", "", "婚姻状况", "", UP],
            )
        ],
        [
            "姓名 line",
            "曾用名 line",
            "照片 picture",
            "性别 line",
            "民族 line",
            "出生日期 date",
            "籍贯 line",
            "文化程度 line",
            "婚姻状况 line",
        ],
        id="a photo by its shape",
    ),
    pytest.param(
        [
            table(
                ["基|本|情|况", "姓名", "", "性别", ""],
                [UP, "学号", "", "学院", ""],
                [UP, "家庭住址", Cell("", 3)],
                ["申|请|理|由", Cell("||||||", 4)],
                ["辅导员|意见", Cell("||签名：     年  月  日", 4)],
            )
        ],
        [
            "基本情况·姓名 line",
            "性别 line",
            "基本情况·学号 line",
            "学院 line",
            "基本情况·家庭住址 line",
            "申请理由 text",
            "辅导员意见 text",
        ],
        id="upright labels over rows",
    ),
    pytest.param(
        [
            table(
                ["序号", "材料名称", "份数", "是否提交"],
                ["1", "身份证复印件", "", "□是 □否"],
                ["2", "学历证书复印件", "", "□是 □否"],
                ["3", "推荐信", "", "□是 □否"],
            )
        ],
        ["序号 rows 3 序号:line/材料名称:line/份数:line/是否提交:yes_no"],
        id="rows named by the form with boxes",
    ),
    pytest.param(
        [
            table(
                ["学习时间", "自   年   月   日|至   年   月   日", "学制", "____年"],
                ["实习起止日期", Cell("    年  月  日 —     年  月  日", 3)],
                ["工作年限", "     年", "月薪", "        元/月"],
            )
        ],
        [
            "学习时间 date_range",
            "学制 number 年",
            "实习起止日期 date_range",
            "工作年限 number 年",
            "月薪 money 元",
        ],
        id="ranges on two lines, units",
    ),
    pytest.param(
        [
            "Name（姓名）：__________   Nationality（国籍）：__________",
            table(
                ["Family Name 姓", "", "Given Name 名", ""],
                ["Passport No. 护照号码", Cell("", 3)],
                ["E-mail", "", "Tel.", ""],
            ),
        ],
        [
            "Name（姓名） line",
            "Nationality（国籍） line",
            "Family Name 姓 line",
            "Given Name 名 line",
            "Passport No. 护照号码 line",
            "E-mail email",
            "Tel phone",
        ],
        id="labels in two languages",
    ),
    pytest.param(
        [
            table(
                [Cell("单位：万元", 3)],
                ["科目", "申请经费", "自筹经费"],
                ["设备费", "", ""],
                ["材料费", "", ""],
                ["合计", "", ""],
            )
        ],
        [
            "科目 rows 万元 2 科目:line/申请经费:money/自筹经费:money",
            "合计·申请经费 money 万元",
            "合计·自筹经费 money 万元",
        ],
        id="a unit in a row of its own",
    ),
    pytest.param(
        [
            table(
                ["借款金额", "人民币（大写）：    拾    万    仟    佰    元整   ￥："],
                ["企业名称", "（盖章）"],
                ["营业收入", "2020年____万元，2021年____万元"],
                ["员工", "    人，其中本科以上    人"],
                ["职务/职称", ""],
            )
        ],
        [
            "借款金额 money",
            "企业名称 line",
            "营业收入·2020年 money 万元",
            "营业收入·2021年 money 万元",
            "员工 number 人",
            "员工·其中本科以上 number 人",
            "职务/职称 line",
        ],
        id="amounts in words, seals over names, figures beside a label",
    ),
    pytest.param(
        [table(["既往史", "病名", "肝病", "痢疾"], [UP, "患病时间", "", ""], ["备注", Cell("", 3)])],
        ["患病时间·肝病 date", "患病时间·痢疾 date", "备注 line"],
        id="a matrix of one row",
    ),
    pytest.param(
        [table(["科目", "金额（元）"], [Cell("设备清单见附表", 2)], ["合计", ""])],
        ["合计·金额（元） money 元"],
        id="a total below a row of words",
    ),
    pytest.param(
        [
            table(
                ["工作经历", "单位", "证明人"],
                [UP, "", ""],
                [UP, "", ""],
                [Cell("承诺属实", 3)],
                ["岗位", "", ""],
            )
        ],
        ["工作经历 rows 2 单位:line/证明人:line", "岗位 line"],
        id="a cell without label below a list",
    ),
]


@pytest.mark.parametrize(("form", "expected"), FORMS)
def test_places_are_found_as_a_person_would_list_them(form, expected):
    assert found(*form) == expected
