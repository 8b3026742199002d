"""Where an archive lies: its database, its objects."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from service.config import Settings

INDEX = "index.sqlite"


@dataclass(frozen=True)
class Places:
    """Where an archive lies: the URL of its database, and folder or URL of its objects."""

    database: str
    objects: Path | str


def places(settings: Settings, folder: Path | None = None) -> Places:
    """Where the archive in `folder` lies, or the one of the settings."""
    root = (folder or settings.archive).absolute()
    local = f"sqlite:///{root / INDEX}"
    if folder is not None:
        return Places(local, root)
    return Places(settings.database_url or local, settings.objects_url or root)
