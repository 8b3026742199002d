"""Which records and files a check is not content with: how many there are, and the first ones by name."""

from dataclasses import dataclass, field
from typing import Any

from service.archive import Record
from service.errors import Bilingual

MOST = 50  # that are named


@dataclass(frozen=True)
class Instance:
    """A record, one of its files, or (without a record) a place of the archive; and why, if one can say."""

    record: Record | None
    file: str = ""
    why: Bilingual | None = None

    @property
    def words(self) -> str:
        """It in Chinese, as the report names it."""
        of = f"编号 {self.record.id} 第 {self.record.version} 版" if self.record else ""
        named = " ".join(filter(None, (of, self.file)))
        return f"{named}（{self.why.zh}）" if self.why else named

    def as_dict(self) -> dict[str, Any]:
        """It for JSON."""
        names = ("key", "form", "year", "id", "version")
        return {
            **{name: getattr(self.record, name, None) for name in names},
            "file": self.file or None,
            "why": self.why and self.why.zh,
        }


@dataclass
class Wrong:
    """How many records or files are wrong, and the first of them that a tenant may see (None: of all)."""

    tenant: str | None
    count: int = 0
    first: list[Instance] = field(default_factory=list)

    def add(self, instance: Instance) -> None:
        """Counts one more."""
        self.count += 1
        record = instance.record
        if len(self.first) < MOST and self.tenant in (None, record.tenant if record else self.tenant):
            self.first.append(instance)

    @property
    def left(self) -> int:
        """The number of those that are not named."""
        return self.count - len(self.first)
