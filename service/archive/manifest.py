"""The manifest of a record as JSON: its identity, the tool versions, the hashes of its files."""

import functools
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from service.archive.record import PARTS, Entry, StoredFile
from service.archive.sm3 import sm3
from service.conversion import lone_lines
from service.database.column_types import iso

NAMES = {"payload": "报文.json", "docx": "申报书.docx", "pdf": "申报书.pdf", "original": "原件"}
FILE_NAME = "manifest.json"
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:kexie-forms:record")


@dataclass(frozen=True)
class ToolVersions:
    """Tool versions, the font face behind each official font name with one hash of all, and the engine.

    `engine` has the hashes of all that makes a PDF of a .docx (`conversion.engine`).
    """

    service: str
    docxtpl: str
    libreoffice: str | None
    fonts: Mapping[str, Any]
    engine: Mapping[str, str] | None = None

    def of(self, parts: Mapping[str, object]) -> dict[str, Any]:
        """The versions for a record with these parts; tools that were not used are None."""
        return {
            "service": self.service,
            "docxtpl": self.docxtpl if "docx" in parts else None,
            "libreoffice": self.libreoffice if "pdf" in parts else None,
            "fonts": self.fonts if "pdf" in parts else None,
            "engine": self.engine if "pdf" in parts else None,
        }


def canonical(value: Any) -> bytes:
    """Canonical, readable JSON in UTF-8: the same bytes for the same value."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False)
    # A payload key in a warning may contain a lone surrogate, which UTF-8 cannot encode.
    return (text + "\n").encode("utf-8", "backslashreplace")


@functools.lru_cache(maxsize=64)  # the manifest and the row of a record have it
def record_key(tenant: str, form: str, year: int, id: str, version: int) -> str:
    """The name of a version in URLs: a UUID of version 5 (RFC 9562), always the same."""
    return str(uuid.uuid5(_NAMESPACE, json.dumps([tenant, form, year, id, version])))


def file_name(part: str, original_name: str | None) -> str:
    """The file name of a part. An original keeps its suffix: it may be a .doc, .odt or .wps."""
    if part != "original":
        return NAMES[part]
    ending = PurePath(original_name or "").suffix.lower()
    return NAMES[part] + (ending if _ENDING.fullmatch(ending) else "")


def compose(
    entry: Entry,
    version: int,
    files: Mapping[str, StoredFile],
    versions: ToolVersions,
    *,
    with_sm3: bool = False,
) -> bytes:
    """The manifest of `entry` as `version`, also with SM3 of each file if wanted."""
    return canonical(
        {
            "key": record_key(entry.tenant, entry.form, entry.year, entry.id, version),
            "tenant": entry.tenant,
            "form": entry.form,
            "year": entry.year,
            "id": entry.id,
            "version": version,
            "created": iso(entry.created),
            "edition": dict(entry.edition),
            "made_by": {**versions.of(files), **_typesetting(entry)},
            "original_name": entry.original_name,
            **({"reason": entry.reason} if entry.reason else {}),
            "files": [
                {
                    "part": part,
                    "name": file_name(part, entry.original_name),
                    "sha256": files[part].sha256,
                    **({"sm3": sm3([entry.files[part]])} if with_sm3 else {}),
                    "size": files[part].size,
                }
                for part in PARTS
                if part in files
            ],
            "warnings": [dict(warning) for warning in entry.warnings],
        }
    )


def _typesetting(entry: Entry) -> dict[str, int]:
    """The rules by which the pages of a PDF were set; absent for those that earlier versions knew alone."""
    named = "pdf" in entry.files and entry.rules != lone_lines.AS_CONVERTED
    return {"typesetting": entry.rules} if named else {}


def rules(made_by: Mapping[str, Any]) -> int:
    """The rules of typesetting that a manifest's `made_by` names."""
    return int(made_by.get("typesetting", lone_lines.AS_CONVERTED))
