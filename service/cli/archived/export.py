"""The command that exports records: as a BagIt bag, or as a package for an archive."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress

from service.access.actors import Actors
from service.archive import Archive, ExportCount
from service.archive import export as export_bag
from service.cli.archive import archive_option, filters, opened, progress_line
from service.cli.audit_rows import audited, logged_of_each
from service.cli.terminal import echo, json_too, print_json, wants_json
from service.config import Settings
from service.errors import Bilingual, UsageError
from service.handover import records_package
from service.handover.classification import CLASSED_BY, SECRECIES, Classification
from service.handover.earlier_packages import EarlierPackage, classed_otherwise
from service.handover.package_count import PackageCount
from service.handover.selection import SHORT, Prospect, Selection, foresee, read_period

_BAGIT, _DAT46 = "bagit", "dat46"
_OF_PACKAGES = (*CLASSED_BY, "renumber", "period", "id", "usual", "dry_run")
_EARLIER = 10  # packages that are named
_UNKEPT = (
    "档案只读：新编的档号没有记入档案，请据移交目录补记 / "
    "the archive is read-only: new codes are in the package's list alone"
)


def _classified(function: Any) -> Any:
    """The options of packages for an archive."""
    for name, metavar, help in (
        ("--dry-run", None, "只说明移交什么，不生成 / only say what would be handed over"),
        ("--usual", None, "不含冻结的和 10 年以内的 / without what is on hold or kept for 10 years at most"),
        ("--period", "永久|YEARS", "只要这个保管期限的 / only what is kept so long"),
        ("--renumber", None, "与现分类不符的档号改编 / give new codes where the classification changed"),
        ("--secrecy", "|".join(SECRECIES), "密级 / level of secrecy"),
        ("--department-code", "CODE", "档号中的机构或问题代码 / its code in archival codes"),
        ("--department", "NAME", "机构或问题 / department or subject"),
        ("--fonds", "CODE", "全宗号 / fonds"),
    ):
        more = {"is_flag": True} if metavar is None else {"metavar": metavar}
        function = click.option(name, help=help, **more)(function)
    ids = click.option("--id", multiple=True, metavar="ID", help="只要这些编号 / only these ids")
    return ids(function)


@click.command()
@archive_option
@filters
@click.option("-o", "bag", type=click.Path(path_type=Path), metavar="BAG", help="新目录 / new folder")
@click.option("--tenant", metavar="T", help="只要这个租户 / only this tenant")
@click.option(
    "--profile",
    type=click.Choice([_BAGIT, _DAT46]),
    default=_BAGIT,
    help="dat46：电子档案移交包，须给出全宗号等 / package for an archive; needs --fonds and so on",
)
@_classified
@json_too
def export(folder: Path | None, bag: Path | None, profile: str, **options: Any) -> None:
    """导出为 BagIt 归档包，不用本服务也能读 / export as a BagIt bag, readable without the service."""
    selection = {name: options.pop(name) for name in ("year", "form", "tenant")}
    _refuse_misplaced(profile, options)
    if profile == _DAT46:
        _export_package(folder, bag, selection, options)
        return
    of = selection | {"tenant": selection["tenant"] or ""}
    with (
        opened(folder) as archive,
        audited(archive, "export", long=True, **of) as row,
        progress_line() as progress,
    ):
        place, fonds = _required(bag), Settings.from_env().fonds
        count = export_bag(archive, place, on_progress=_shown(progress), fonds=fonds, **selection)
        _log(archive, count, row)
    _report(count)


def _refuse_misplaced(profile: str, options: dict[str, Any]) -> None:
    given = [f"--{name.replace('_', '-')}" for name in _OF_PACKAGES if options[name]]
    if given and profile != _DAT46:
        raise UsageError(
            f"{'、'.join(given)} 只用于移交包，请加 --profile {_DAT46}。",
            f"{', '.join(given)} is of packages for an archive: add --profile {_DAT46}.",
        )


def _required(bag: Path | None) -> Path:
    if bag is None:
        raise UsageError("请用 -o 给出新目录。", "Give the new folder: -o.")
    return bag


def _shown(progress: Progress) -> Callable[[ExportCount | PackageCount], None]:
    """Shows the numbers in the progress line."""
    task = progress.add_task("导出 / exporting")
    return lambda seen: progress.update(task, description=_exported(seen))


def _export_package(
    folder: Path | None, bag: Path | None, selection: dict[str, Any], options: dict[str, Any]
) -> None:
    """Says what is to be said of the selection, then writes the package unless that is all."""
    period, of = read_period(options["period"] or ""), selection | {"tenant": selection["tenant"] or ""}
    chosen = Selection(selection, period, frozenset(options["id"]), options["usual"])
    with opened(folder) as archive:
        if options["dry_run"]:
            with audited(archive, "search", **of):
                seen = foresee(archive, chosen)
            _show_preview(seen, Actors.of(archive), options)
            return
        classification = Classification.given(Settings.from_env(), **_classed(options))
        place = _required(bag)
        with audited(archive, "export", long=True, **of) as row:
            if not wants_json():
                _say(foresee(archive, chosen), Actors.of(archive), options["usual"])
            with progress_line() as progress:
                shown, renumber = _shown(progress), options["renumber"]
                count = records_package.export(
                    archive, place, classification, shown, chosen, renumber=renumber
                )
            _log(archive, count, row)
        _report(count)


def _log(archive: Archive, count: ExportCount | PackageCount, row: dict[str, Any]) -> None:
    """Logs each record that left, and completes the row of the export."""
    logged_of_each(archive, count.keys, "export", count.logged_of_each)
    row["detail"] = count.logged


def _classed(options: dict[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in CLASSED_BY}


def _show_preview(seen: Prospect, actors: Actors, options: dict[str, Any]) -> None:
    """Says what would be handed over; on standard error, why the classification given would be refused."""
    if wants_json():
        print_json(seen.as_dict())
    else:
        items, left_out = seen.items, seen.left_out
        echo(f"将移交 {items} 件，不移交 {left_out} 件 / {items} items, {left_out} left out")
        _say(seen, actors, options["usual"])
    given = Classification.unchecked(Settings.from_env(), **_classed(options))
    if not options["renumber"] and (changed := classed_otherwise(seen.earlier, given)):
        echo(f"{changed.zh} / {changed.en}", err=True)


def _say(seen: Prospect, actors: Actors, usual: bool) -> None:
    """Says on standard error what is to be said of a selection, of which `usual` leaves some out."""
    where = Bilingual("在包内；加 --usual 则不含", "included unless --usual")
    if usual:
        where = Bilingual("不移交", "left out")
    for zh, en, names in (
        (f"已冻结（{where.zh}）", f"is on hold ({where.en})", seen.held),
        (
            f"保管期限不超过 {SHORT} 年（{where.zh}）",
            f"is kept {SHORT} years at most ({where.en})",
            seen.short,
        ),
        (
            "在未执行的销毁清册中，请先撤回清册，或不移交",
            "is in an open destruction list: withdraw the list first, or leave it out",
            seen.proposed,
        ),
        ("没有责任者，请在移交前补著录", "has no submitter: add it before handing over", seen.unnamed),
    ):
        for name in names:
            echo(f"“{name}”{zh} / '{name}' {en}", err=True)
    for package in seen.earlier[:_EARLIER]:
        echo(_handed_over(package, actors), err=True)
    if (more := len(seen.earlier) - _EARLIER) > 0:
        echo(f"更早的移交另有 {more} 次 / {more} earlier hand-overs", err=True)


def _handed_over(package: EarlierPackage, actors: Actors) -> str:
    """An earlier package with submissions of the selection, in words."""
    who, classed = actors.words(package.who), package.classed
    return (
        f"其中 {package.items} 件已移交过：北京时间 {package.in_china}，{who.zh}{classed.zh}，"
        f"包的校验值 {package.tagmanifest} / {package.items} handed over on {package.in_china} in China: "
        f"{who.en}{classed.en}, hash of the package as above"
    )


def _report(count: ExportCount | PackageCount) -> None:
    if wants_json():
        found = count.as_dict() if isinstance(count, PackageCount) else dataclasses.asdict(count)
        print_json({name: value for name, value in found.items() if name not in ("keys", "logged_of_each")})
        return
    echo(_exported(count))
    echo(f"包的校验值 {count.tagmanifest} / hash of the package as above")
    if isinstance(count, PackageCount) and count.left_out:
        echo(
            f"未移交 {count.left_out} 件（冻结或期限短） / {count.left_out} left out: on hold or short-lived"
        )
    if isinstance(count, PackageCount) and not count.kept:
        echo(_UNKEPT, err=True)


def _exported(count: ExportCount | PackageCount) -> str:
    zh, en = f"{count.records} 条记录", f"{count.records} records"
    if isinstance(count, PackageCount):
        zh, en = f"{count.items} 件，共 {count.records} 版", f"{count.items} items, {count.records} versions"
    return f"已导出 {zh}、{count.files} 个文件 / {en}, {count.files} files exported"
