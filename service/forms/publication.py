"""Published versions of editions: edition hashes, and the record of the published ones.

The record of a year is `docx_templates/<year>/editions.json`: by form, a list of `{"version", "hash"}`,
the oldest first.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from service.errors import TemplateFault

FILE = "editions.json"


@dataclass(frozen=True)
class Version:
    """One published version of an edition; `number` counts from 1, `hash` is the edition's hash."""

    number: int
    hash: str


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal; cached until its time or size changes."""
    about = path.stat()
    return _file_hash(path, about.st_mtime_ns, about.st_size)


def edition_hash(template_hash: str, demands: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of `demands` and the template's hash.

    Canonical: UTF-8, keys sorted by code point, no white space.
    """
    whole = {**demands, "template": template_hash}
    canonical = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def versions(folder: Path, form: str) -> tuple[Version, ...]:
    """The published versions of a form in the year's `folder`, the oldest first. Raises TemplateFault."""
    return record(folder).get(form, ())


def text(record: Mapping[str, tuple[Version, ...]]) -> str:
    """The record as file content."""
    written = {
        form: [{"version": version.number, "hash": version.hash} for version in published]
        for form, published in sorted(record.items())
    }
    return json.dumps(written, ensure_ascii=False, indent=2) + "\n"


def record(folder: Path) -> dict[str, tuple[Version, ...]]:
    """The whole record of the year's `folder`. Raises TemplateFault."""
    path = folder / FILE
    try:
        about = path.stat()
    except FileNotFoundError:
        return {}
    return dict(_record(path, about.st_mtime_ns, about.st_size))


@lru_cache(maxsize=64)
def _record(path: Path, modified: int, size: int) -> Mapping[str, tuple[Version, ...]]:
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        found = {
            form: tuple(Version(int(row["version"]), str(row["hash"])) for row in rows)
            for form, rows in written.items()
        }
        if any(
            [version.number for version in rows] != list(range(1, len(rows) + 1)) for rows in found.values()
        ):
            raise ValueError("versions do not count 1, 2, 3 …")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TemplateFault(
            f"版次发布记录 {path} 读不了：{error}。请从版本库恢复该文件。",
            f"The record of published editions {path} cannot be read: {error}. Restore it from git.",
        ) from error
    return found


@lru_cache(maxsize=256)
def _file_hash(path: Path, modified: int, size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
