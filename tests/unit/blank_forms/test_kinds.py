"""The table of words says the kind of each of its own examples, and of none of its counter-examples."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from service.blank_forms import kinds

TABLE = tomllib.loads(Path(kinds.__file__).with_name("kinds.toml").read_text(encoding="utf-8"))
ROWS = [(row["name"], label) for row in TABLE["kind"] for label in row["examples"]]
OTHERS = [(row["name"], label) for row in TABLE["kind"] for label in row.get("not", [])]


@pytest.mark.parametrize(("kind", "label"), ROWS)
def test_each_example_of_the_table_has_its_kind(kind, label):
    assert kinds.of_label(label) == kind


@pytest.mark.parametrize(("kind", "label"), OTHERS)
def test_no_counter_example_of_the_table_has_its_kind(kind, label):
    assert kinds.of_label(label) != kind


@pytest.mark.parametrize(
    ("text", "kind", "unit"),
    [
        ("万元", "money", "万元"),
        ("元，其中", "money", "元"),
        ("%", "percent", "%"),
        ("人次", "number", "人次"),
        ("个月", "number", "个月"),
        ("平方米", "number", "平方米"),
        ("M2", "number", "M2"),
        ("项目主要购置", "", ""),
        ("名称", "", ""),
        ("年度", "", ""),
        ("部门", "", ""),
        ("", "", ""),
    ],
)
def test_units_are_whole_words(text, kind, unit):
    assert kinds.unit_at(text) == (kind, unit)


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("项目简介（不超过200字）", (0, 200)),
        ("摘要（800字以内）", (0, 800)),
        ("作品简介（200-300字）", (200, 300)),
        ("自我评价（不少于500字）", (500, 0)),
        ("限1000字", (0, 1000)),
        ("项目名称", (0, 0)),
    ],
)
def test_limits_are_read_from_the_label(text, limits):
    assert kinds.limits(text) == limits


@pytest.mark.parametrize(
    ("label", "printed", "lines", "kind"),
    [
        ("姓名", "", 5, "line"),
        ("工作单位", "", 12, "text"),
        ("主要事迹", "", 1, "line"),
        ("主要事迹", "", 4, "text"),
        ("主要事迹（300字以内）", "", 1, "text"),
        ("意向", "", 1, "line"),
        ("意向", "", 3, "text"),
        ("经费", "", 8, "text"),
        ("经费（元）", "", 8, "money"),
        ("时间", "年  月  日", 1, "date"),
        ("时间", "年  月", 1, "month"),
        ("时间", "年  月至  年  月", 1, "date_range"),
        ("费用", "  元", 1, "money"),
        ("联系电话", "", 1, "phone"),
    ],
)
def test_kind_by_label_print_and_room(label, printed, lines, kind):
    assert kinds.decide(label, printed, lines) == kind
