"""The location of an archive: its database and its objects."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url

from service.config import Settings

INDEX = "index.sqlite"


@dataclass(frozen=True)
class ArchiveLocation:
    """The URL of an archive's database, and the folder or URL of its objects."""

    database: URL
    objects: Path | str


def locate(settings: Settings, folder: Path | None = None) -> ArchiveLocation:
    """The location of the archive in `folder`, or of that in the settings."""
    root = (folder or settings.archive).absolute()
    local = URL.create("sqlite", database=str(root / INDEX))  # paths may contain ?, # and %
    if folder is not None:
        return ArchiveLocation(local, root)
    database = make_url(settings.database_url) if settings.database_url else local
    return ArchiveLocation(database, settings.objects_url or root)
