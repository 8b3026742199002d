"""What changed between two years' blanks: added, removed, renamed, moved, asked for otherwise."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from service.cli import main
from service.form_changes.blank_comparison import compare
from service.form_changes.units import UnitChange
from tests.helpers.docx_builder import docx
from tests.helpers.forms.blank_forms import Cell, paragraph, places, table

OLD = [
    "一、申请人",
    table(["姓名", "", "性别", "□男 □女"], ["手机", "", "邮政编码", ""], ["通讯地址", Cell("", 3)]),
    "二、项目",
    table(["项目名称", Cell("", 3)], ["起止时间", "", "申请经费（元）", ""]),
    "三、成员",
    table(["姓名", "单位"], ["", ""], ["", ""]),
]


def changes(old, new):
    found = compare(places(*old), places(*new))
    return {
        "added": [each.label for each in found.added],
        "removed": [each.label for each in found.removed],
        "renamed": [(each.old.label, each.new.label) for each in found.renamed],
        "moved": [each.new.label for each in found.moved],
        "changed": [(each.new.label, each.changed) for each in found.changed],
    }


def only(**found):
    return {"added": [], "removed": [], "renamed": [], "moved": [], "changed": [], **found}


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        pytest.param(OLD, only(), id="nothing"),
        pytest.param(
            [
                *OLD[:1],
                table(
                    ["姓  名", "", "性别", "□男 □女"],
                    ["手机号码", "", "微信号", ""],
                    ["通讯地址", Cell("", 3)],
                ),
                *OLD[2:],
            ],
            only(added=["微信号"], removed=["邮政编码"], renamed=[("手机", "手机号码")]),
            id="one renamed, one for another",
        ),
        pytest.param(
            [
                *OLD[:1],
                table(
                    ["性别", "□男 □女", "姓名", ""], ["手机", "", "邮政编码", ""], ["通讯地址", Cell("", 3)]
                ),
                *OLD[2:],
            ],
            only(moved=["姓名"]),
            id="two change places",
        ),
        pytest.param(
            [
                *OLD[:1],
                table(["姓名", "", "性别", "□男 □女"], ["手机", "", "邮政编码", ""]),
                "二、项目",
                table(
                    ["项目名称", Cell("", 3)],
                    ["起止时间", "", "申请经费（万元）", ""],
                    ["通讯地址", Cell("", 3)],
                ),
                "三、成员",
                table(["姓名", "单位", "电话"], ["", "", ""], ["", "", ""]),
            ],
            only(
                renamed=[("申请经费（元）", "申请经费（万元）")],
                moved=["通讯地址"],
                changed=[("申请经费（万元）", ("unit",)), ("成员", ("columns",))],
            ),
            id="under another heading, another unit, one more column",
        ),
        pytest.param(
            OLD[:2], only(removed=["项目名称", "起止时间", "申请经费（元）", "成员"]), id="sections gone"
        ),
    ],
)
def test_changes_are_what_a_person_would_say(new, expected):
    assert changes(OLD, new) == expected


def test_labels_that_are_printed_twice_are_distinguished_by_their_headings():
    one = ["一、甲方", table(["名称", "", "电话", ""]), "二、乙方", table(["名称", "", "电话", ""])]
    two = ["一、乙方", table(["名称", "", "电话", ""]), "二、丙方", table(["名称", "", "电话", ""])]
    found = compare(places(*one), places(*two))
    assert [(each.old.group, each.new.group, each.new.label) for each in found.stayed] == [
        ("甲方", "丙方", "名称"),
        ("甲方", "丙方", "电话"),
        ("乙方", "乙方", "名称"),
        ("乙方", "乙方", "电话"),
    ]


def test_the_command_lists_the_changes(tmp_path):
    paths = tmp_path / "old.docx", tmp_path / "new.docx"
    for path, labels in zip(paths, (("姓名", "邮编"), ("姓名", "微信")), strict=True):
        path.write_bytes(docx(paragraph("申请表") + table(*([label, ""] for label in labels))))
    printed = CliRunner().invoke(main, ["form", "compare", *map(str, paths)])
    assert printed.exit_code == 0, printed.output
    assert printed.output.splitlines()[:2] == ["+ 表1第2行第2格  微信  line", "- 表1第2行第2格  邮编  line"]
    found = json.loads(CliRunner().invoke(main, ["form", "compare", *map(str, paths), "--json"]).output)
    assert [each["label"] for each in found["added"]] == ["微信"]
    assert found["stayed"] == 1


def test_limits_and_units_are_said_in_words(tmp_path):
    for name, limit, unit, parts in (("old", "300", "元", "千元"), ("new", "500", "万元", "公里")):
        body = table([f"主要事迹（{limit}字以内）", Cell("||", 3)], [f"申请经费（{unit}）", Cell("", 3)])
        body += table(["项目", f"支出（{parts}）"], ["", ""], ["", ""])
        (tmp_path / f"{name}.docx").write_bytes(docx(body))
    arguments = ["form", "compare", str(tmp_path / "old.docx"), str(tmp_path / "new.docx")]
    shown = CliRunner().invoke(main, arguments).output
    assert "不超过 300 字 → 不超过 500 字" in shown
    assert (
        "申请经费（万元）：单位由 元 改为 万元（相差 10000 倍）。以前的数据是 元 数，沿用前请换算。" in shown
    )
    found = json.loads(CliRunner().invoke(main, [*arguments, "--json"]).output)["unit_changes"]
    assert {"label": "申请经费（万元）", "from": "元", "to": "万元", "divide_by": 10000} in found


@pytest.mark.parametrize(
    ("old", "new", "times"),
    [("元", "亿元", 10**8), ("万元", "元", 1e-4), ("千米", "米", 1e-3), ("人", "户", None)],
)
def test_a_unit_has_its_multiple(old, new, times):
    found = UnitChange("栏目", old, new).as_dict()
    assert found.get("divide_by") == times
