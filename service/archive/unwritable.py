"""The error of an archive that cannot be written."""

from __future__ import annotations

from service.errors import ArchiveUnwritable


def unwritable(where: str, said: str) -> ArchiveUnwritable:
    """The error that `where` cannot be written, as the system said."""
    return ArchiveUnwritable(
        f"档案写不进：{where}（{said}）。请腾出磁盘空间，或检查该目录能否写入。",
        f"The archive cannot be written: {where} ({said}). Free space on that disk, or see that "
        "the folder may be written.",
    )
