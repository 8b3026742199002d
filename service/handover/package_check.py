"""Checks a package that was received: the bag, the list, metadata by the schema, hashes, numbers."""

import csv
import filecmp
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from lxml import etree

from service import wordml
from service.archive import sm3
from service.archive.bagit_export import TAGMANIFEST, tagmanifest
from service.archive.verification.bag_check import check_bag
from service.handover.metadata import NAME, NAMESPACE, SCHEMA, schema
from service.handover.package_faults import PackageFault
from service.handover.package_notes import LIST, NOTES, REGISTER, SCHEMA_NAME

_NAMES = {"m": NAMESPACE}
_BAG = "bagit.txt"
_LONGEST, _LONGEST_LINE = 16 * 1024**2, 64 * 1024  # bytes of the list, and of one of its lines
_LONGEST_NOTES = 1024**2  # bytes
_LONGEST_METADATA = 8 * 1024**2  # bytes of the metadata of one item
_MOST_ITEMS = 100_000
_NUMBERS = re.compile(r"^(件数|文件数|字节数)：([0-9]{1,18})", re.MULTILINE)


@dataclass
class PackageCheck:
    """What was checked: items, files that metadata describe and their bytes, hashes by algorithm; the faults.

    `tagmanifest` is the hash of the package, "" if it cannot be read; `in_bag` counts the files in the bag's
    manifest, `sm3_unchecked` SM3 that this machine cannot compute; `own_schema` is
    False where the package brings no schema, or another than that of this version, which was used;
    `more_faults` counts those beyond `faults`.
    """

    tagmanifest: str = ""
    in_bag: int = 0
    items: int = 0
    files: int = 0
    size: int = 0
    sha256: int = 0
    sm3: int = 0
    sm3_unchecked: int = 0
    own_schema: bool = True
    faults: list[PackageFault] = field(default_factory=list)
    more_faults: int = 0

    @property
    def faults_count(self) -> int:
        """How many faults there are, also those that are not listed."""
        return len(self.faults) + self.more_faults


def check(folder: Path, on_progress: Callable[[PackageCheck], None] = lambda found: None) -> PackageCheck:
    """Checks the package in a folder, or below it, where it must be alone. Raises OSError."""
    found = PackageCheck()
    root = _root(folder)
    beside = sorted(each.name for each in folder.iterdir() if each != root) if root != folder else []
    found.faults += [PackageFault("not_described", f"../{name}") for name in beside]
    if others := [path for path in _paths(root) if not stat.S_ISREG(path.lstat().st_mode)]:
        found.faults += [PackageFault("not_a_file", str(each.relative_to(root))) for each in others]
        return found  # nothing outside of the package is read, and no pipe is waited for
    if not (root / _BAG).is_file():
        found.faults.append(PackageFault("not_a_bag", ""))
        return found
    if (root / TAGMANIFEST).is_file():
        found.tagmanifest = tagmanifest(root)
    else:
        found.faults.append(PackageFault("tagmanifest_missing", TAGMANIFEST))
    found.in_bag, faults = check_bag(root)
    found.faults += [PackageFault(*each) for each in faults]
    _check_items(root, found, on_progress)
    return found


def _root(folder: Path) -> Path:
    if (folder / _BAG).exists():
        return folder
    below = [each.parent for each in folder.glob(f"*/{_BAG}") if not each.parent.is_symlink()]
    return below[0] if len(below) == 1 else folder


def _paths(root: Path) -> Iterator[Path]:
    """Yields all files, and links to folders."""
    for above, folders, files in os.walk(root):
        yield from (Path(above, each) for each in files)
        yield from (path for each in folders if (path := Path(above, each)).is_symlink())


def _check_items(root: Path, found: PackageCheck, on_progress: Callable[[PackageCheck], None]) -> None:
    data = root / "data"
    if found.in_bag and not any((data / name).exists() for name in (SCHEMA_NAME, LIST, NOTES)):
        found.faults.append(PackageFault("not_a_package", ""))
        return
    if not (data / SCHEMA_NAME).is_file():
        found.faults.append(PackageFault("schema_missing", f"data/{SCHEMA_NAME}"))
        found.own_schema = False
    else:
        found.own_schema = filecmp.cmp(data / SCHEMA_NAME, SCHEMA, shallow=False)
    if (rows := _rows(data / LIST)) is None:
        found.faults.append(PackageFault("list_unreadable", f"data/{LIST}"))
    listed = dict(rows or ())
    there = list(data.iterdir()) if data.is_dir() else []
    folders = {each.name for each in there if each.is_dir()}
    for name in sorted(folders | listed.keys()):
        if rows is not None and name not in listed:
            found.faults.append(PackageFault("not_in_list", f"data/{name}"))
        if name in folders and (data / name / NAME).is_file():
            _check_item(root, name, listed.get(name, name), found)
        else:
            found.faults.append(PackageFault("metadata_missing", f"data/{name}/{NAME}"))
        on_progress(found)
    if not found.items:
        found.faults.append(PackageFault("no_items", "data"))
    others = {each.name for each in there} - folders - {LIST, NOTES, REGISTER, SCHEMA_NAME}
    found.faults += [PackageFault("not_described", f"data/{name}") for name in sorted(others)]
    found.faults += _wrong_numbers(data / NOTES, found, rows)


def _rows(file: Path) -> list[tuple[str, str]] | None:
    """The folder and code of each row of the list; None if it cannot be read."""
    if not file.is_file() or file.stat().st_size > _LONGEST:
        return None
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            read = islice(csv.DictReader(_lines(text), strict=True), _MOST_ITEMS + 1)
            rows = [(row["目录"] or "", row["档号"] or "") for row in read]
    except (ValueError, csv.Error, KeyError):
        return None
    return rows if len(rows) <= _MOST_ITEMS else None


def _lines(text: TextIO) -> Iterator[str]:
    """Yields the lines, without blank ones. Raises ValueError for one that is too long."""
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise ValueError(len(line))
        if not line.isspace():
            yield line


def _check_item(root: Path, name: str, listed_code: str, found: PackageCheck) -> None:
    folder, place = root / "data" / name, f"data/{name}/{NAME}"
    found.items += 1
    described = _described(folder / NAME)
    if isinstance(described, str):
        found.faults.append(PackageFault("metadata_invalid", place, described))
        return
    code = described.find("m:档号", _NAMES).get("值")
    if not code == name == listed_code:
        found.faults.append(PackageFault("code_differs", place, code or ""))
    files = {each.get("路径"): each for each in described.iterfind(".//m:计算机文件", _NAMES)}
    there = {path.relative_to(folder).as_posix() for path in _paths(folder)} - {NAME}
    for path, each in files.items():
        if path in there:  # no path of a stranger is opened, only those that were found
            _check_file(folder / path, f"data/{name}/{path}", each, found)
        else:
            found.faults.append(PackageFault("described_missing", f"data/{name}/{path}"))
    found.faults += [
        PackageFault("not_described", f"data/{name}/{path}") for path in sorted(there - set(files))
    ]


def _described(file: Path) -> Any:
    """The metadata in a file; if they are not valid, why."""
    if file.stat().st_size > _LONGEST_METADATA:
        return f"> {_LONGEST_METADATA:,}"
    try:
        root = wordml.parse(file.read_bytes())
        schema().assertValid(root)
    except etree.LxmlError as error:
        return str(error)
    return root


def _check_file(file: Path, place: str, described: Any, found: PackageCheck) -> None:
    """Compares a file with its size and hashes."""
    found.files += 1
    found.size += (size := file.stat().st_size)
    if described.findtext("m:计算机文件大小", "", _NAMES).strip().lstrip("0") != str(size).lstrip("0"):
        found.faults.append(PackageFault("size_differs", place))
    for value in described.iterfind("m:校验值", _NAMES):
        own = value.get("算法") == "SHA-256"
        if not own and not sm3.available():
            found.sm3_unchecked += 1
            continue
        name = "sha256" if own else "sm3"
        setattr(found, name, getattr(found, name) + 1)
        with file.open("rb") as content:
            if hashlib.file_digest(content, name).hexdigest() != value.text:
                found.faults.append(PackageFault(f"{name}_differs", place))


def _wrong_numbers(file: Path, found: PackageCheck, rows: Sequence[object] | None) -> Iterator[PackageFault]:
    """Yields where the list, or the notes, have other numbers than the package."""
    if rows is not None and len(rows) != found.items:
        yield PackageFault("count_differs", f"data/{LIST}", f"件数 {len(rows)} ≠ {found.items}")
    if not file.is_file() or file.stat().st_size > _LONGEST_NOTES:
        yield PackageFault("count_differs", f"data/{NOTES}", "—")
        return
    counted = {"件数": found.items, "文件数": found.files, "字节数": found.size}
    text = file.read_text(encoding="utf-8", errors="replace")
    for name, number in counted.items():
        noted = {each[2] for each in _NUMBERS.finditer(text) if each[1] == name}
        if noted != {str(number)}:
            detail = f"{name} {'、'.join(sorted(noted)) or '—'} ≠ {number}"
            yield PackageFault("count_differs", f"data/{NOTES}", detail)
