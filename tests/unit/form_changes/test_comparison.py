"""What changed between two years' blanks: added, removed, renamed, moved, asked for otherwise."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from service.cli import main
from service.form_changes.comparison import compare
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
