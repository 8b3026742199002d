"""Questions answered by boxes in invented blank forms: label, kind, options."""

from __future__ import annotations

import pytest

from tests.helpers.forms.blank_forms import Cell, found, table

FORMS = [
    pytest.param(
        [
            "申报类别：□A类 □B类 □其他______",
            "是否为首次申报：是□ 否□",
            "成果形式（可多选）：□论文 □专利 □其他（      ）",
        ],
        ["申报类别 choice A类/B类/其他+", "是否为首次申报 yes_no 是/否", "成果形式 choices 论文/专利/其他+"],
        id="boxes in front, behind, with another",
    ),
    pytest.param(
        ["项目类别", "□ 基础研究", "□ 应用研究", "□ 其他：______"],
        ["项目类别 choice 基础研究/应用研究/其他+"],
        id="options line by line",
    ),
    pytest.param(
        [
            table(
                ["性别", "□男 □女", "婚姻状况", "未婚□ 已婚□"],
                ["是否党员", "□是|□否", "证件", "身份证□ 护照□ 其他□____"],
                ["政治面貌：□党员  □团员  □群众   民族：______", Cell("学历：□本科 □硕士 □博士", 3)],
            )
        ],
        [
            "性别 choice 男/女",
            "婚姻状况 choice 未婚/已婚",
            "是否党员 yes_no 是/否",
            "证件 choice 身份证/护照/其他+",
            "政治面貌 choice 党员/团员/群众",
            "民族 line",
            "学历 choice 本科/硕士/博士",
        ],
        id="boxes in cells, with a label behind them",
    ),
    pytest.param(
        ["级别：（  ）国家级 （  ）省级 （  ）市级", "性别：男（ ） 女（ ）"],
        ["级别 choice 国家级/省级/市级", "性别 choice 男/女"],
        id="brackets as boxes",
    ),
    pytest.param(["单位性质：口国有 口民营 口外资"], ["单位性质 choice 国有/民营/外资"], id="口 as a box"),
    pytest.param(
        ["邮政编码：□□□□□□", "身份证号：□□□□□□□□□□□□□□□□□□"],
        ["邮政编码 line", "身份证号 id_number"],
        id="a box a character",
    ),
    pytest.param(
        [
            "推荐类别：（请在相应□内打√）",
            "□ 优秀学生    □ 优秀干部    □ 先进集体",
            "姓名_________  性别______  年龄______",
            "联系方式：手机______________  邮箱______________",
        ],
        [
            "推荐类别 choice 优秀学生/优秀干部/先进集体",
            "姓名 line",
            "性别 line",
            "年龄 number",
            "手机 phone",
            "邮箱 email",
        ],
        id="a hint in front of boxes",
    ),
    pytest.param(
        [
            table(
                ["项目类型|（可多选）", "□基础研究 □应用研究|□试验发展 □其他________"],
                ["所属领域", "○电子信息 ○生物医药 ○新材料"],
                ["学位", "□ 学士|□ 硕士|□ 博士"],
            )
        ],
        [
            "项目类型（可多选） choices 基础研究/应用研究/试验发展/其他+",
            "所属领域 choice 电子信息/生物医药/新材料",
            "学位 choice 学士/硕士/博士",
        ],
        id="boxes on two lines of a cell",
    ),
    pytest.param(
        [table(["房屋类型", "□商品房 □保障房", "□存量房"], ["用途", "□自住", "", ""])],
        ["房屋类型 choice 商品房/保障房/存量房", "用途 yes_no"],
        id="options in two cells",
    ),
]


@pytest.mark.parametrize(("form", "expected"), FORMS)
def test_places_are_found_as_a_person_would_list_them(form, expected):
    assert found(*form) == expected
