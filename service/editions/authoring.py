"""Creates the editions of a new year and publishes versions, in a checkout (`kexie-forms edition`)."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from schemas import edition_table
from service import catalog, lint, publication
from service.catalog import Edition, samples_folder, templates_folder
from service.editions import atomic_folders, year_change
from service.errors import TemplateFault, UnknownYear, UsageError
from service.publication import Version

_SAMPLES = ("*.json", "*.ndjson")
_YEARS = range(1900, 3000)


@dataclass(frozen=True)
class Published:
    """An edition's latest version; `new` if it was published just now."""

    edition: Edition
    version: int
    new: bool


def new(to: int, source: int) -> list[Path]:
    """Creates the editions of the plan year `to` with the layout, schemas and samples of `source`.

    Writes templates, samples and the table's rows, all of them or none; returns their paths. Raises
    UsageError if the year exists or nothing can be written, UnknownYear if `source` has no edition.
    """
    _checkout()
    _check(to, source)
    rows = edition_table.rows(edition_table.TABLE)
    old = [row for row in rows if row["year"] == source]
    templates = [templates_folder(source) / f"{row['form']}.docx" for row in old]
    samples = [path for pattern in _SAMPLES for path in sorted(samples_folder(source).glob(pattern))]
    folders = {
        templates_folder(to): {
            path.name: _made(path, year_change.template, source, to) for path in templates
        },
        samples_folder(to): {path.name: _made(path, year_change.sample, source, to) for path in samples},
    }
    _write(folders, edition_table.TABLE, edition_table.text([*rows, *(_row(row, source, to) for row in old)]))
    catalog.editions.cache_clear()
    return [*(folder / name for folder, made in folders.items() for name in made), edition_table.TABLE]


def publish(of: int, form: str | None = None) -> list[Published]:
    """Records the current content of the year's editions, or of one form's, as their next version.

    An unchanged edition keeps its version. Raises UnknownForm, UnknownYear, UsageError if nothing can be
    written, TemplateFault if lint reports a fault.
    """
    _checkout()
    editions = lint.chosen(form, of)
    for edition in editions:
        _clean(edition)
    folder = templates_folder(of)
    record = publication.record(folder)
    done = [Published(edition, edition.version, not edition.published) for edition in editions]
    for one in done:
        if one.new:
            version = Version(one.version, one.edition.edition_hash)
            record[one.edition.form] = (*record.get(one.edition.form, ()), version)
    if any(one.new for one in done):
        _write({}, folder / publication.FILE, publication.text(record))
    return done


def shown(path: Path) -> str:
    """A path relative to the checkout, for users."""
    root = catalog.root()
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def _checkout() -> None:
    if not catalog.is_checkout():
        raise UsageError(
            "本软件是安装包，不能修改版次。请在源码目录（git clone）里运行此命令，改好后重新安装。",
            "This is an installed package, whose editions cannot be changed. Run the command in a checkout "
            "(git clone), then reinstall.",
        )


def _check(to: int, source: int) -> None:
    years = sorted({edition.year for edition in catalog.editions()})
    if to not in _YEARS:
        raise UsageError(f"年度“{to}”应为四位数字。", f"Year '{to}' must be four digits.")
    if source not in years:
        raise UnknownYear(
            f"没有 {source} 年的版次，现有：{'、'.join(map(str, years))}。",
            f"No edition of {source}; available: {', '.join(map(str, years))}.",
        )
    if to in years:
        raise UsageError(
            f"{to} 年的版次已经存在，直接修改 {templates_folder(to)} 即可。",
            f"The editions of {to} exist already: edit {templates_folder(to)}.",
        )
    for folder in (templates_folder(to), samples_folder(to)):
        if folder.exists():
            raise UsageError(
                f"{folder} 已经存在，但版次表里没有 {to} 年。请先移走它。",
                f"{folder} exists already, without a row of {to} in the table: move it away first.",
            )


def _made(path: Path, make: Callable[[bytes, int, int], bytes], source: int, to: int) -> bytes:
    try:
        return make(path.read_bytes(), source, to)
    except (OSError, ValueError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise TemplateFault(
            f"{shown(path)} 读不了，什么也没有改动：{error}。请先从版本库恢复它。",
            f"{shown(path)} cannot be read, and nothing was changed: {error}. Restore it from git first.",
        ) from error


def _row(row: dict[str, Any], source: int, to: int) -> dict[str, Any]:
    title = year_change.text(row["title"], source, to)
    return {**row, "year": to, "title": title, "provenance": "derived", "from": source}


def _clean(edition: Edition) -> None:
    faults = [fault for fault in lint.check(edition).faults if fault.code != lint.CHANGED]
    if faults:
        name = f"{edition.form} {edition.year}"
        raise TemplateFault(
            f"{name} 有 {len(faults)} 处故障，不能发布。请先运行 kexie-forms lint 并逐条改正。",
            f"{name} has {len(faults)} fault(s) and cannot be published: run kexie-forms lint, correct each.",
        )


def _write(folders: dict[Path, dict[str, bytes]], path: Path, text: str) -> None:
    try:
        atomic_folders.write(folders, path, text.encode())
    except OSError as error:
        raise UsageError(
            f"写不了，什么也没有改动：{error}。请检查源码目录的写入权限和磁盘空间。",
            f"Cannot write, and nothing was changed: {error}. Check the checkout's rights and free space.",
        ) from error
