"""Checks a package that was received: the bag, the list, metadata by the schema, hashes, numbers."""

import csv
import filecmp
import hashlib
import io
import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from lxml import etree

from service import wordml
from service.archive import sm3
from service.archive.bagit_export import TAGMANIFEST, tagmanifest
from service.archive.verification.bag_check import check_bag
from service.handover.metadata import NAME, NAMESPACE, SCHEMA, schema
from service.handover.package_faults import PackageFault
from service.handover.package_notes import LIST, NOTES, REGISTER, SCHEMA_NAME

_NAMES = {"m": NAMESPACE}
_LONGEST = 64 * 1024**2  # bytes of the list
_LONGEST_METADATA = 8 * 1024**2  # bytes of the metadata of one item
_MOST_ITEMS = 1_000_000
_NUMBERS = re.compile(r"^(件数|文件数|字节数)：([0-9]{1,18})", re.MULTILINE)


@dataclass
class PackageCheck:
    """What was checked: items, files that metadata describe and their bytes, hashes by algorithm.

    `tagmanifest` is the hash of the package, "" if it cannot be read; `in_bag` counts the files in the bag's
    manifest, `sm3_unchecked` SM3 that this machine cannot compute; `own_schema` is
    False where the package brings another schema than that of this version, which was used.
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


def check(folder: Path, on_progress: Callable[[PackageCheck], None] = lambda found: None) -> PackageCheck:
    """Checks the package in a folder, or below it, where it must be alone. Raises OSError."""
    found = PackageCheck()
    root = _root(folder)
    beside = sorted(each.name for each in folder.iterdir() if each != root) if root != folder else []
    found.faults += [PackageFault("not_described", f"../{name}") for name in beside]
    if others := [path for path in _paths(root) if not stat.S_ISREG(path.lstat().st_mode)]:
        found.faults += [PackageFault("not_a_file", str(each.relative_to(root))) for each in others]
        return found  # nothing outside of the package is read, and no pipe is waited for
    found.tagmanifest = tagmanifest(root) if (root / TAGMANIFEST).is_file() else ""
    found.in_bag, faults = check_bag(root)
    found.faults += [PackageFault(*each) for each in faults]
    _check_items(root, found, on_progress)
    return found


def _root(folder: Path) -> Path:
    if (folder / "bagit.txt").exists():
        return folder
    below = [each.parent for each in folder.glob("*/bagit.txt") if not each.parent.is_symlink()]
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
    others = {each.name for each in there} - folders - {LIST, NOTES, REGISTER, SCHEMA_NAME}
    found.faults += [PackageFault("not_described", f"data/{name}") for name in sorted(others)]
    found.faults += _wrong_numbers(data / NOTES, found, rows)


def _rows(file: Path) -> list[tuple[str, str]] | None:
    """The folder and code of each row of the list; None if it cannot be read."""
    if not file.is_file() or file.stat().st_size > _LONGEST:
        return None
    try:
        text = io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")
        read = islice(csv.DictReader(text, strict=True), _MOST_ITEMS + 1)
        rows = [(row["目录"] or "", row["档号"] or "") for row in read]
    except (ValueError, csv.Error, KeyError):
        return None
    return rows if len(rows) <= _MOST_ITEMS else None


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
    except (etree.XMLSyntaxError, etree.DocumentInvalid) as error:
        return str(error)
    return root


def _check_file(file: Path, place: str, described: Any, found: PackageCheck) -> None:
    """Compares a file with its size and hashes."""
    found.files += 1
    found.size += (size := file.stat().st_size)
    if int(described.findtext("m:计算机文件大小", "", _NAMES)) != size:
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
    if not file.is_file() or file.stat().st_size > _LONGEST:
        yield PackageFault("count_differs", f"data/{NOTES}", "—")
        return
    counted = {"件数": found.items, "文件数": found.files, "字节数": found.size}
    noted = dict(_NUMBERS.findall(file.read_text(encoding="utf-8", errors="replace")))
    for name, number in counted.items():
        if noted.get(name) != str(number):
            yield PackageFault("count_differs", f"data/{NOTES}", f"{name} {noted.get(name, '—')} ≠ {number}")
