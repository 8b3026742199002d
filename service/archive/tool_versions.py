"""The tool versions and fonts of this machine, looked up once per process."""

import hashlib
from importlib.metadata import version
from pathlib import Path

from service import conversion
from service.archive.manifest import ToolVersions, canonical
from service.config import Settings
from service.conversion import engine
from service.forms.form_folder import font_folders
from service.version import VERSION

_known: dict[tuple[str, tuple[Path, ...]], ToolVersions] = {}


def current_tool_versions(settings: Settings) -> ToolVersions:
    """Looks up versions and fonts; takes about 0.5 s the first time."""
    if found := _known.get((settings.soffice, font_folders(settings))):
        return found
    status = conversion.status(settings)
    faces = status.font_check.faces.items()
    seen = {family: [engine.content_hash(file), index] for family, (file, index) in faces}
    fonts = {"faces": status.faces, "sha256": hashlib.sha256(canonical(seen)).hexdigest()}
    made = engine.engine(settings, status.version, uno=status.uno) if status.version else None
    found = ToolVersions(VERSION, version("docxtpl"), status.version, fonts, made)
    remember(settings, found)
    return found


def remember(settings: Settings, found: ToolVersions) -> None:
    """Stores what this or another process of this machine has looked up with the same settings."""
    if found.libreoffice:  # else it may be installed later
        _known[settings.soffice, font_folders(settings)] = found
