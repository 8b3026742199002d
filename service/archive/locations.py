"""Where an archive lies: its database, its objects."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url

from service.config import Settings

INDEX = "index.sqlite"


@dataclass(frozen=True)
class ArchiveLocation:
    """Where an archive lies: the URL of its database, and folder or URL of its objects."""

    database: URL
    objects: Path | str


def locate(settings: Settings, folder: Path | None = None) -> ArchiveLocation:
    """Where the archive in `folder` lies, or the one of the settings."""
    root = (folder or settings.archive).absolute()
    local = URL.create("sqlite", database=str(root / INDEX))  # whatever a path holds, ?, # and % too
    if folder is not None:
        return ArchiveLocation(local, root)
    database = make_url(settings.database_url) if settings.database_url else local
    return ArchiveLocation(database, settings.objects_url or root)
