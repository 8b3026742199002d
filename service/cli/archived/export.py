"""The command that exports records: as a BagIt bag, or as a package for an archive."""

import dataclasses
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress

from service.archive import Archive, ExportCount
from service.archive import export as export_bag
from service.cli.archive import archive_option, filters, opened, progress_line
from service.cli.audit_rows import audited
from service.cli.terminal import echo, json_too, print_json, wants_json
from service.config import Settings
from service.errors import UsageError
from service.handover import package
from service.handover.classification import SECRECIES, Classification
from service.handover.package import PackageCount

_BAGIT, _DAT46 = "bagit", "dat46"
_OF_PACKAGES = ("fonds", "department", "department_code", "secrecy", "renumber")


def _classified(function: Any) -> Any:
    """The options of packages for an archive."""
    for name, metavar, help in (
        ("--renumber", None, "与现分类不符的档号改编 / give new codes where the classification changed"),
        ("--secrecy", "|".join(SECRECIES), "密级 / level of secrecy"),
        ("--department-code", "CODE", "档号中的机构或问题代码 / its code in archival codes"),
        ("--department", "NAME", "机构或问题 / department or subject"),
        ("--fonds", "CODE", "全宗号 / fonds"),
    ):
        more = {"is_flag": True} if metavar is None else {"metavar": metavar}
        function = click.option(name, help=help, **more)(function)
    return function


@click.command()
@archive_option
@filters
@click.option(
    "-o", "bag", required=True, type=click.Path(path_type=Path), metavar="BAG", help="新目录 / new folder"
)
@click.option("--tenant", metavar="T", help="只要这个租户 / only this tenant")
@click.option(
    "--profile",
    type=click.Choice([_BAGIT, _DAT46]),
    default=_BAGIT,
    help="dat46：电子档案移交包，须给出全宗号等 / package for an archive; needs --fonds and so on",
)
@_classified
@json_too
def export(folder: Path | None, bag: Path, profile: str, **options: Any) -> None:
    """导出为 BagIt 归档包，不用本服务也能读 / export as a BagIt bag, readable without the service."""
    selection = {name: options.pop(name) for name in ("year", "form", "tenant")}
    _refuse_misplaced(profile, options)
    renumber = options.pop("renumber")
    classification = Classification.given(Settings.from_env(), **options) if profile == _DAT46 else None
    of = selection | {"tenant": selection["tenant"] or ""}
    with (
        opened(folder) as archive,
        audited(archive, "export", long=True, **of) as row,
        progress_line() as progress,
    ):
        count = (
            _package(archive, bag, classification, progress, renumber=renumber, **selection)
            if classification
            else _bag(archive, bag, progress, **selection)
        )
        profiled = f"profile={profile} " if classification else ""
        row["detail"] = f"{profiled}records={count.records} files={count.files}"
    _report(count)


def _refuse_misplaced(profile: str, options: dict[str, Any]) -> None:
    given = [f"--{name.replace('_', '-')}" for name in _OF_PACKAGES if options[name]]
    if given and profile != _DAT46:
        raise UsageError(
            f"{'、'.join(given)} 只用于移交包，请加 --profile {_DAT46}。",
            f"{', '.join(given)} is of packages for an archive: add --profile {_DAT46}.",
        )


def _bag(archive: Archive, bag: Path, progress: Progress, **selection: Any) -> ExportCount:
    task = progress.add_task("导出 / exporting")
    return export_bag(
        archive,
        bag,
        on_progress=lambda seen: progress.update(task, description=_exported(seen)),
        **selection,
    )


def _package(
    archive: Archive, bag: Path, classification: Classification, progress: Progress, **selection: Any
) -> PackageCount:
    task = progress.add_task("导出 / exporting")
    return package.export(
        archive,
        bag,
        classification,
        lambda seen: progress.update(task, description=_exported(seen)),
        **selection,
    )


def _report(count: ExportCount | PackageCount) -> None:
    if wants_json():
        print_json(dataclasses.asdict(count))
        return
    echo(_exported(count))
    for id in count.unnamed if isinstance(count, PackageCount) else ():
        echo(f"“{id}”没有责任者，请在移交前补著录 / '{id}' has no submitter: add it before handing over")


def _exported(count: ExportCount | PackageCount) -> str:
    zh = f"已导出 {count.records} 条记录、{count.files} 个文件"
    return f"{zh} / {count.records} records, {count.files} files exported"
