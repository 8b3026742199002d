"""Prints what changed between two years' blanks of a form."""

from service.blank_forms.place import Place
from service.cli.terminal import echo
from service.form_changes.blank_comparison import Comparison, Stayed
from service.form_changes.next_edition import NextEdition
from service.form_changes.units import UnitChange

_WORDS = {
    "kind": "类型 / kind",
    "unit": "单位 / unit",
    "options": "选项 / options",
    "limits": "字数 / limit",
    "columns": "栏 / columns",
    "names": "行 / rows",
}


def show(found: Comparison) -> None:
    """The changes, one a line: + added, - removed, ~ renamed, > moved, ! asked for otherwise."""
    for place in found.added:
        echo(f"+ {_place(place)}")
    for place in found.removed:
        echo(f"- {_place(place)}")
    for each in found.renamed:
        echo(f"~ {_place(each.old)} → {_place(each.new)}")
    for each in found.moved:
        echo(f"> {_place(each.old)} → {each.new.where.words}")
    for each in found.changed:
        echo(f"! {_place(each.new)}：{'；'.join(_aspect(each, name) for name in each.changed)}")
    for unit in found.unit_changes:
        _show_unit(unit)
    counts = len(found.added), len(found.removed), len(found.renamed), len(found.moved), len(found.changed)
    echo(
        f"增加 {counts[0]}（+），删去 {counts[1]}（-），改名 {counts[2]}（~），移动 {counts[3]}（>），"
        f"要求有变 {counts[4]}（!）；保留 {len(found.stayed)}。"
    )
    echo(
        f"{counts[0]} added (+), {counts[1]} removed (-), {counts[2]} renamed (~), {counts[3]} moved (>), "
        f"{counts[4]} asked for otherwise (!); {len(found.stayed)} stayed."
    )


def show_rest(made: NextEdition) -> None:
    """The keys of new fields, and what the command could not do."""
    for each in made.changes.fields:
        if each.was is None:
            echo(f"+ {each.field.title}  {'.'.join(each.path)}")
    for gone in made.changes.unplaced:
        echo(f"? {gone.field.title}  {'.'.join(gone.path)}：没有认出它在空白表上的位置，请在模板中放入标签，")
        echo("    或从数据模式中去掉。 / Not recognised on the blanks: put its tag in, or leave it out.")
    for label in made.by_hand:
        echo(
            f"? {label}：它的类由代码生成，请手工改数据模式。 / Its class is made by code: change it by hand."
        )


def _place(place: Place) -> str:
    return f"{place.where.words}  {place.label}  {place.kind}"


def _aspect(each: Stayed, name: str) -> str:
    return f"{_WORDS[name]} {_value(each.old, name)} → {_value(each.new, name)}"


def _value(place: Place, name: str) -> str:
    if name == "columns":
        return "、".join(each.label for each in place.columns) or "–"
    if name == "limits":
        return _limits(*place.limits)
    value = getattr(place, name)
    return (value if isinstance(value, str) else "、".join(value)) or "–"


def _limits(least: int, most: int) -> str:
    if least and most:
        return f"{least}–{most} 字"
    return f"不超过 {most} 字" if most else f"不少于 {least} 字" if least else "不限"


def _show_unit(change: UnitChange) -> None:
    """The warning that data made before count another unit."""
    times = change.times and f"（相差 {change.times} 倍）"
    times_en = change.times and f" ({change.times} times)"
    echo(
        f"! {change.label}：单位由 {change.old} 改为 {change.new}{times}。"
        f"以前的数据是 {change.old} 数，沿用前请换算。"
    )
    echo(
        f"    The unit is {change.new}, not {change.old}{times_en}: data made before are in {change.old}; "
        "convert them before they are used again."
    )
