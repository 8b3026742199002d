"""Creates the editions of a new year and publishes versions, in the folders of the forms."""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from schemas import edition_table
from service import catalog, lint
from service.catalog import Edition
from service.editions import atomic_folders, year_change
from service.errors import TemplateFault, UsageError
from service.forms import publication
from service.forms.form_folder import BUILT_IN, FormFolder
from service.forms.publication import Version

_SAMPLES = ("*.json", "*.ndjson")


@dataclass(frozen=True)
class Published:
    """An edition's latest version; `new` if it was published just now."""

    edition: Edition
    version: int
    new: bool


def new(to: int, source: int) -> list[Path]:
    """Creates the editions that the plan year `to` lacks, with the layout, schemas and samples of `source`.

    Writes templates, samples and the tables' rows, each form's in its own folder, all of them or none;
    returns their paths. Raises UsageError if the year has all or nothing can be written, UnknownYear if
    `source` has no edition.
    """
    contents: dict[Path, dict[str, bytes]] = {}
    files: dict[Path, bytes] = {}
    for folder, forms in _lacking(to, source).items():
        is_begun = folder.templates(to).exists()  # by an edition of a new blank
        for place, made in _copies(folder, forms, source, to, is_begun):
            if is_begun:
                files |= {place / name: content for name, content in made.items()}
            else:
                contents[place] = made
        rows = [row for _, row in edition_table.rows(folder.table)]
        old = [row for row in rows if row["year"] == source and row["form"] in forms]
        table = edition_table.text([*rows, *(_row(row, source, to) for row in old)])
        files[folder.table] = table.encode()
    files = dict(sorted(files.items(), key=lambda each: each[0].name == BUILT_IN.table.name))  # tables last
    _write(contents, files)
    catalog.reload()
    return [*(folder / name for folder, made in contents.items() for name in made), *files]


def _copies(
    folder: FormFolder, forms: set[str], source: int, to: int, is_begun: bool
) -> Iterator[tuple[Path, dict[str, bytes]]]:
    """The new year's folders of templates and samples, with their files."""
    templates = [folder.templates(source) / f"{form}.docx" for form in sorted(forms)]
    samples = [path for kind in _SAMPLES for path in sorted(folder.samples(source).glob(kind))]
    samples = [path for path in samples if not is_begun or path.name.partition(".")[0] in forms]
    yield folder.templates(to), _all_made(templates, year_change.template, source, to)
    yield folder.samples(to), _all_made(samples, year_change.sample, source, to)


def publish(of: int, form: str | None = None) -> list[Published]:
    """Records the current content of the year's editions, or of one form's, as their next version.

    An unchanged edition keeps its version. Raises UnknownForm, UnknownYear, UsageError if nothing can be
    written, TemplateFault if lint reports a fault.
    """
    editions = _changeable(catalog.matching(form, of))
    for edition in editions:
        _clean(edition)
    done = [Published(edition, edition.version, not edition.published) for edition in editions]
    records = {one.edition.folder: publication.record(one.edition.folder.templates(of)) for one in done}
    for one in done:
        if one.new:
            record, name = records[one.edition.folder], one.edition.form
            record[name] = (*record.get(name, ()), Version(one.version, one.edition.edition_hash))
    changed = dict.fromkeys(one.edition.folder for one in done if one.new)
    files = {each.templates(of) / publication.FILE: publication.text(records[each]) for each in changed}
    _write({}, {path: text.encode() for path, text in files.items()})
    return done


def shown(path: Path) -> str:
    """A path for users: relative to the checkout, where it is in it."""
    root = BUILT_IN.root
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def _changeable(editions: Iterable[Edition]) -> list[Edition]:
    """Those of the editions that can be changed. Raises UsageError if none can."""
    found = [edition for edition in editions if edition.folder.changeable]
    if not found:
        raise UsageError(
            "本软件是安装包，不能修改自带的版次。请在源码目录（git clone）里运行此命令，改好后重新安装。",
            "This is an installed package, whose own editions cannot be changed. Run the command in a "
            "checkout (git clone), then reinstall.",
        )
    return found


def _lacking(to: int, source: int) -> dict[FormFolder, set[str]]:
    """The folders with editions of `source`, and the forms of which that of `to` can be made there."""
    editions = catalog.editions()
    if to not in edition_table.YEARS:
        raise UsageError(f"年度“{to}”应为四位数字。", f"Year '{to}' must be four digits.")
    old = _changeable(catalog.matching(None, source))
    done = {edition.form: edition.folder for edition in editions if edition.year == to}
    others = [each for each in old if done.get(each.form, each.folder) is not each.folder]
    lacking: dict[FormFolder, set[str]] = {}
    for edition in old:
        if edition.form not in done:
            lacking.setdefault(edition.folder, set()).add(edition.form)
    if others:
        folder = done[others[0].form]
        raise UsageError(
            f"{others[0].form} {to} 已在 {folder} 中，一份表单一个年度只能有一个版次。",
            f"{others[0].form} {to} exists in {folder}; a form has one edition a year.",
        )
    if not lacking:
        raise UsageError(
            f"{to} 年的版次已经存在，直接修改 {old[0].folder.templates(to)} 即可。",
            f"The editions of {to} exist already: edit {old[0].folder.templates(to)}.",
        )
    for folder, forms in lacking.items():
        _check_free(to, folder, forms, folder in done.values())
    return lacking


def _check_free(to: int, folder: FormFolder, forms: set[str], is_begun: bool) -> None:
    """Raises UsageError if files are where the editions would be made."""
    templates, samples = folder.templates(to), folder.samples(to)
    paths = [templates, samples]
    if is_begun:
        paths = [templates / f"{form}.docx" for form in forms]
        paths += [samples / f"{form}.{name}.json" for form in forms for name in ("minimal", "full")]
    for path in (each for each in paths if each.exists()):
        raise UsageError(
            f"{path} 已经存在，但版次表里没有 {to} 年。请先移走它。",
            f"{path} exists already, without a row of {to} in the table: move it away first.",
        )


def _all_made(
    paths: Sequence[Path], make: Callable[[bytes, int, int], bytes], source: int, to: int
) -> dict[str, bytes]:
    return {path.name: _made(path, make, source, to) for path in paths}


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


def _write(folders: dict[Path, dict[str, bytes]], files: dict[Path, bytes]) -> None:
    try:
        atomic_folders.write(folders, files)
    except OSError as error:
        raise atomic_folders.unwritable(error) from error
