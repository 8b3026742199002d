"""The commands on editions: lint, new, publish."""

import sys

import click

from service import catalog
from service import lint as linting
from service.cli import changes_table
from service.cli.terminal import CommandGroup, echo, json_too, print_json, read, wants_json
from service.config import Settings
from service.editions import authoring
from service.errors import TemplateFault, UsageError
from service.form_changes import next_edition
from service.lint.lint_report import LintReport


@click.command(name="lint")
@click.argument("form", metavar="[FORM]", required=False)
@click.option("--year", type=int, metavar="Y", help="计划年度，默认全部 / plan year (default: all)")
@json_too
def lint(form: str | None, year: int | None) -> None:
    """模板与数据模式、官方文本对照 / compare templates with schema and official text."""
    reports = [linting.check(edition) for edition in catalog.matching(form, year)]
    if wants_json():
        print_json([report.as_dict() for report in reports])
    else:
        for report in reports:
            _print_report(report)
    if any(report.faults for report in reports):
        sys.exit(TemplateFault.exit_code)


def _print_report(report: LintReport) -> None:
    checked, many = report.edition, len(report.faults)
    name = f"{checked.form} {checked.year}"
    if many:
        echo(f"✗ {name}：{many} 处故障 / {many} fault(s)")
        for fault in report.faults:
            echo(f"  {fault.text.zh}\n  {fault.text.en}")
        return
    version = f"第 {checked.version} 版 / version {checked.version}"
    notes = "".join(f"；{note.zh} / {note.en}" for note in report.notes)
    echo(f"✓ {name}：无故障 / clean；{version}；{checked.provenance_text}{notes}")


@click.group(name="edition", cls=CommandGroup)
def edition() -> None:
    """新年度的版次，发布版本 / create and publish editions."""


@edition.command()
@click.argument("year", type=int, metavar="YEAR")
@click.option(
    "--from", "source", type=int, required=True, metavar="YEAR2", help="照哪一年 / year to copy from"
)
@click.option("--blank", metavar="FILE", help="新一年的空白表 / the form's new blank")
@click.option("--form", metavar="FORM", help="空白表是哪一份表单的 / the form of the blank")
@json_too
def new(year: int, source: int, blank: str | None, form: str | None) -> None:
    """照另一年新建版次，或由新的空白表建立 / a year's editions from another's, or of a blank."""
    if blank is not None:
        _of_blank(year, source, blank, form)
        return
    if form is not None:
        raise UsageError("--form 与 --blank 同用。", "--form goes with --blank.")
    made = [authoring.shown(path) for path in authoring.new(year, source)]
    if wants_json():
        print_json({"year": year, "from": source, "files": made})
        return
    for path in made:
        echo(path)
    echo(
        f"{year} 年的版次已建好（推定，沿用 {source} 年）。请改模板和样例文字，运行 kexie-forms lint，"
        f"再用 kexie-forms edition publish {year} 发布。"
    )
    echo(
        f"Created the editions of {year} (derived from {source}). Edit templates and the samples' texts, "
        f"run `kexie-forms lint`, then `kexie-forms edition publish {year}`."
    )


def _of_blank(year: int, source: int, blank: str, form: str | None) -> None:
    made = next_edition.make(year, source, read(blank), form, Settings.from_env())
    if wants_json():
        print_json({"form": made.form, "year": year, "from": source, **made.as_dict()})
    else:
        for path in made.files:
            echo(authoring.shown(path))
        changes_table.show(made.changes.comparison)
        changes_table.show_rest(made)
        _print_report(made.report)
    if made.report.faults:
        sys.exit(TemplateFault.exit_code)


@edition.command()
@click.argument("year", type=int, metavar="YEAR")
@click.argument("form", metavar="[FORM]", required=False)
@json_too
def publish(year: int, form: str | None) -> None:
    """把当前内容记为新的版本 / publish the current content as the next version."""
    done = authoring.publish(year, form)
    if wants_json():
        print_json([{**one.edition.summary(), "new": one.new} for one in done])
        return
    for one in done:
        zh, en = ("已发布", "published") if one.new else ("没有变化，仍为", "unchanged, still")
        echo(f"{one.edition.form} {year}：{zh}第 {one.version} 版 / {en} version {one.version}")
