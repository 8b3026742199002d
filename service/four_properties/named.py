"""Which records and files a check is not content with: how many there are, and the first ones by name."""

from dataclasses import dataclass, field
from typing import Any

from service.archive import Record
from service.errors import Bilingual

MOST = 50  # that are named


def in_words(record: Record) -> str:
    """A record in Chinese: ids are unique only within form and year."""
    return f"{record.form} {record.year} 编号 {record.id} 第 {record.version} 版"


@dataclass(frozen=True)
class Instance:
    """A record, one of its files, or (without a record) a place of the archive; and why, if one can say."""

    record: Record | None
    file: str = ""
    why: Bilingual | None = None

    @property
    def words(self) -> str:
        """It in Chinese, as the report names it."""
        named = " ".join(filter(None, (in_words(self.record) if self.record else "", self.file)))
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
