"""What is in a package, counted while it is made."""

from dataclasses import dataclass, field

from service.handover.selection import Prospect


@dataclass
class PackageCount(Prospect):
    """The numbers in a package, in bytes for `size`, the keys of its records, and its `tagmanifest`.

    `years`, `periods` and `formats` are numbers of submissions, or files, of each; `renumbered` counts
    the submissions that had other codes before; `kept` is False if the archive cannot keep new codes;
    `logged_of_each` is what the audit log says of each record in the package.
    """

    records: int = 0
    files: int = 0
    size: int = 0
    kept: bool = True
    renumbered: int = 0
    tagmanifest: str = ""
    logged_of_each: str = ""
    years: dict[str, int] = field(default_factory=dict)
    periods: dict[str, int] = field(default_factory=dict)
    formats: dict[str, int] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)

    @property
    def logged(self) -> str:
        """What the audit log says of the package."""
        counts = f"items={self.items} records={self.records} files={self.files}"
        return f"profile=dat46 {counts} tagmanifest={self.tagmanifest}"
