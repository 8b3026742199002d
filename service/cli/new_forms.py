"""The commands that make a form of a blank document."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from service.cli import changes_table
from service.cli.terminal import CommandGroup, echo, json_too, print_json, read, wants_json
from service.config import Settings
from service.errors import TemplateFault
from service.form_authoring import blank_form, new_form
from service.form_authoring.drafts import zipped_form
from service.form_authoring.form_plan import FormPlan, PlannedField
from service.form_authoring.new_form import NewForm
from service.form_changes import blank_comparison
from service.lint.lint_report import LintReport

_FOLDER = "forms"


into_folder = click.option(
    "--into",
    metavar="DIR",
    help="表单目录，默认 KEXIE_FORMS 的第一个，没有则为 ./forms / folder of forms",
)


@click.group(name="form", cls=CommandGroup)
def form() -> None:
    """由空白表新建表单，安装下载的表单 / make a form of a blank document, install a downloaded one."""


@form.command()
@click.argument("name", metavar="NAME")
@click.option("--year", type=int, required=True, metavar="Y", help="计划年度 / plan year")
@click.option(
    "--blank", required=True, metavar="FILE", help="空白表：.docx、.doc、.wps、.odt、.rtf / the blank form"
)
@into_folder
@click.option("--dry-run", is_flag=True, help="只列出找到的位置，不写文件 / list the places, write nothing")
@json_too
def new(name: str, year: int, blank: str, into: str | None, dry_run: bool) -> None:
    """由空白表建立可用的表单：模板、数据模式、样例等 / a working form from a blank document."""
    settings = Settings.from_env()
    found = blank_form.read(read(blank), settings)
    if dry_run:
        if wants_json():
            print_json({"slots": [place.as_dict() for place in found.places]})
        else:
            _print_places(blank_form.planned(found))
        return
    made = new_form.make(name, year, found, _folder(into, settings))
    if wants_json():
        print_json(_as_dict(name, year, made))
    else:
        _print(name, year, made, _folder(into, settings))
    if made.report.faults:
        sys.exit(TemplateFault.exit_code)


@form.command()
@click.argument("file", metavar="FILE.zip")
@into_folder
@json_too
def add(file: str, into: str | None) -> None:
    """安装页面“由空白表新建表单”下载的 ZIP / install a form downloaded as a ZIP.

    其中的数据模式是 Python 代码，只安装可信的 / its schema is code: install only what you trust.
    """
    root = _folder(into, Settings.from_env())
    added = zipped_form.add(read(file), root)
    if wants_json():
        print_json(
            {
                "form": added.form,
                "year": added.year,
                "title": added.title,
                "files": [str(path) for path in added.files],
                "faults": [fault.as_dict() for fault in added.report.faults],
            }
        )
    else:
        _print_files(added.files)
        _print_state(added.form, added.year, added.title, added.report, root)
    if added.report.faults:
        sys.exit(TemplateFault.exit_code)


@form.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@json_too
def compare(old: str, new: str) -> None:
    """两个年度的空白表相比：增加、删去、改名、移动的栏目 / what changed between two blanks."""
    settings = Settings.from_env()
    olds, news = (blank_form.read(read(each), settings).places for each in (old, new))
    found = blank_comparison.compare(olds, news)
    if wants_json():
        print_json(found.as_dict())
    else:
        changes_table.show(found)


def _folder(into: str | None, settings: Settings) -> Path:
    """The folder of forms to write into."""
    known = settings.forms[0] if settings.forms else Path(_FOLDER)
    return (Path(into) if into else known).absolute()


def _as_dict(name: str, year: int, made: NewForm) -> dict[str, object]:
    return {
        "form": name,
        "year": year,
        "title": made.title,
        "files": [str(path) for path in made.files],
        "fields": [
            {"key": ".".join(path), "type": field.type.name, **field.place.as_dict()}
            for path, field in made.plan.fields()
        ],
        "faults": [fault.as_dict() for fault in made.report.faults],
    }


def _print(name: str, year: int, made: NewForm, folder: Path) -> None:
    _print_files(made.files)
    _print_places(made.plan)
    _print_state(name, year, made.title, made.report, folder)


def _print_files(files: Iterable[Path]) -> None:
    for path in files:
        echo(path)


def _print_state(name: str, year: int, title: str, report: LintReport, folder: Path) -> None:
    """What lint finds, and how to use the form."""
    for fault in report.faults:
        echo(f"✗ {fault.text.zh}\n  {fault.text.en}")
    state = ("lint 有故障，请按上面逐条改正", "lint found faults, listed above") if report.faults else None
    zh, en = state or ("lint 无故障", "lint is clean")
    echo(f"“{title}”已建成表单 {name} {year}，{zh}。下一步：export KEXIE_FORMS={folder}，再运行")
    echo(f"Made the form {name} {year}; {en}. Next: export KEXIE_FORMS={folder}, then")
    sample = folder / "samples" / str(year) / f"{name}.full.json"
    echo(f"  kexie-forms render {name} --year {year} {sample} -o {name}.docx -o {name}.pdf --prove")


def _print_places(plan: FormPlan) -> None:
    """The table of all places, doubtful ones first."""
    rows = sorted(plan.fields(), key=lambda row: not row[1].place.doubt)
    doubtful = sum(bool(field.place.doubt) for _, field in rows)
    for path, field in rows:
        place = field.place
        mark = "?" if place.doubt else "✓"
        echo(f"{mark} {place.where.words}  {place.label}  {_type(field)}  {'.'.join(path)}")
        if place.reason:
            echo(f"    {place.reason.zh}\n    {place.reason.en}")
    echo(f"共 {len(rows)} 处，其中 {doubtful} 处存疑（?），请先核对。")
    echo(f"{len(rows)} places, {doubtful} of them doubtful (?): check those first.")


def _type(field: PlannedField) -> str:
    """The type with what it holds: the words of options, the labels of columns."""
    inside = [each.words for each in field.type.options] or [each.title for each in field.columns]
    return f"{field.type.name}（{'、'.join(inside)}）" if inside else field.type.name
