"""What makes documents on this machine, looked up once in a process."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from service import conversion
from service.archive.manifest import Makers, canonical
from service.config import Settings


def makers(settings: Settings) -> Makers:
    """Versions and fonts; takes about 0.3 s the first time."""
    return _makers(settings.soffice, settings.font_dirs, settings)


@lru_cache(maxsize=4)
def _makers(soffice: str, folders: tuple[Path, ...], settings: Settings) -> Makers:
    status = conversion.status(settings)
    seen = {}
    for family, (file, index) in sorted(status.gate.faces.items()):
        seen[family] = [_hash(file), index]
    fonts = {
        "faces": status.faces,
        "sha256": hashlib.sha256(canonical(seen)).hexdigest(),
    }
    return Makers(version("kexie-forms"), version("docxtpl"), status.version, fonts)


@lru_cache(maxsize=256)
def _hash(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
