"""A destruction list (销毁清册) as a file: a row for each record, with what holds for all."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from service.access.actors import Actors
from service.errors import Bilingual
from service.record_lists import list_files
from service.record_lists.list_columns import Column
from service.retention.destruction_list import DestructionList
from service.retention.retention_tables import DESTROYED, PROPOSED, WITHDRAWN
from service.submission import time_in_china

TITLE = "销毁清册"
STATES = {
    PROPOSED: Bilingual("已提出，未销毁", "Proposed"),
    DESTROYED: Bilingual("已销毁", "Destroyed"),
    WITHDRAWN: Bilingual("已撤回", "Withdrawn"),
}


@dataclass(frozen=True)
class _ListRow:
    """A record of a destruction list, with its number in the list."""

    of: DestructionList
    actors: Actors
    number: int
    entry: dict[str, Any]

    def by(self, who: str | None) -> str:
        """Who acted, in words."""
        return self.actors.words(who).zh if who else ""


def _rows(found: DestructionList, actors: Actors) -> Iterator[_ListRow]:
    for number, entry in enumerate(found.entries, 1):
        yield _ListRow(found, actors, number, entry)


def _in_china(moment: datetime | None) -> datetime | None:
    return time_in_china(moment) if moment else None


def _files(row: _ListRow) -> str:
    return "\n".join(f"{name} {digest}" for name, (digest, _) in row.entry["files"].items())


COLUMNS = (
    Column("序号", 6, lambda row: row.number),
    Column("编号", 28, lambda row: row.entry["id"]),
    Column("题名", 28, lambda row: row.entry["title"]),
    Column("年度", 8, lambda row: row.entry["year"]),
    Column("版本", 6, lambda row: row.entry["version"]),
    Column("归档时间", 18, lambda row: time_in_china(row.entry["created"])),
    Column("可销毁日", 12, lambda row: row.entry["due"] or ""),
    Column("保管期限", 10, lambda row: f"{years}年" if (years := row.entry["years"]) else ""),
    Column("清单 SHA-256", 68, lambda row: row.entry["manifest"]),
    Column("文件 SHA-256", 76, _files),
    Column("清册号", 14, lambda row: row.of.id),
    Column("状态", 14, lambda row: STATES[row.of.state].zh),
    Column("事由", 28, lambda row: row.of.reason),
    Column("提出人", 20, lambda row: row.by(row.of.proposed_by)),
    Column("提出时间", 18, lambda row: time_in_china(row.of.proposed)),
    Column("批准执行人", 20, lambda row: row.by(row.of.ended_by) if row.of.state == DESTROYED else ""),
    Column("销毁时间", 18, lambda row: _in_china(row.of.ended) if row.of.state == DESTROYED else None),
    Column("表单", 12, lambda row: row.entry["form"]),
    Column("租户", 12, lambda row: row.entry["tenant"]),
    Column("记录号", 38, lambda row: row.entry["record"]),
)


def as_file(found: DestructionList, actors: Actors, format: str, temporary: Path) -> bytes:
    """The list in "xlsx" or "csv", with who acted in words; temporary files are in the folder `temporary`.

    Raises OSError.
    """
    made = io.BytesIO()
    list_files.write(_rows(found, actors), format, made, temporary, COLUMNS, TITLE)
    return made.getvalue()
