"""The failed items of batches that a search may mean, of which there is no record: where, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, select

from service.archive import Archive
from service.archive.record_tables import RECORDS
from service.archive.search import search_text
from service.archive.search.abbreviations import spellings
from service.batch.jobs import item_errors
from service.batch.jobs.job_tables import FAILED, LOADING, items, jobs
from service.errors import Bilingual, FieldError
from service.submission import time_in_china

_SEARCHED, _MOST, _READ = 500, 20, 200  # batches, items that are named, items whose data are read
_NARROWER = ("since", "until", "state", "records")  # filters by which a record is not found
_ITEM = ("form", "year", "submitter", "payload", "document", "errors")


@dataclass(frozen=True)
class FailedItem:
    """A failed item: its batch by public name, or by the key of a job of the command line; its errors.

    `submitter` is its submitter's name, "" if its data have none or cannot be read.
    """

    batch: str
    hosted: bool
    created: datetime
    form: str | None
    year: int | None
    id: str
    submitter: str
    errors: Sequence[FieldError]

    @property
    def text(self) -> Bilingual:
        """That the batch has the item, and no record came of it."""
        zh, en = (f"（{self.submitter}）", f" ({self.submitter})") if self.submitter else ("", "")
        when = f"{time_in_china(self.created):%Y-%m-%d %H:%M}"
        return Bilingual(
            f"{when} 的批次 {self.batch} 中有编号“{self.id}”{zh}，未成功。",
            f"Batch {self.batch} of {when} (China) has the id '{self.id}'{en}: it failed there.",
        )

    @property
    def reasons(self) -> list[Bilingual]:
        """Its errors with the labels of their fields."""
        return [
            Bilingual(f"{each.label}：{each.message.zh}", f"{each.label}: {each.message.en}")
            for each in self.errors
        ]


def failed_items(archive: Archive, **filters: Any) -> list[FailedItem]:
    """The failed items that a search of `Archive.records` means, of its newest 500 batches, the newest first.

    Those alone of which no record was made since. Found by their id; or by name and text, as records are,
    among their newest 200. Nothing for a search without these, or by more than form and year besides.
    """
    id = filters.get("id") or filters.get("holding") or ""
    texts = [filters.get(name) or "" for name in ("name", "text")]
    if not (id or any(texts)) or any(filters.get(name) is not None for name in _NARROWER):
        return []
    if not id.isprintable():
        return []
    wanted = [items.c[name] == filters[name] for name in ("form", "year") if filters.get(name) is not None]
    if id:  # by index, which has no state
        wanted.append(items.c.submitter == id)
    else:
        wanted.append(items.c.state == FAILED)
    rows = _rows(archive, wanted, filters.get("tenant"), None if id else _READ)
    found = [_item(row) for row in rows if row.state == FAILED and _holds(row, *texts)]
    return found[:_MOST]


def _rows(
    archive: Archive, wanted: list[ColumnElement[bool]], tenant: str | None, limit: int | None
) -> Sequence[Row[Any]]:
    of_tenant = [jobs.c.tenant == tenant] if tenant is not None else []
    newest = select(jobs.c.id, jobs.c.key, jobs.c.public, jobs.c.created, jobs.c.tenant)
    newest = newest.where(jobs.c.state != LOADING, *of_tenant).order_by(jobs.c.id.desc())
    batch = newest.limit(_SEARCHED).subquery()
    found = select(batch.c.key, batch.c.public, batch.c.created, items.c.state)
    found = found.add_columns(*(items.c[name] for name in _ITEM))
    archived = exists().where(
        RECORDS.c.tenant == batch.c.tenant,
        RECORDS.c.form == items.c.form,
        RECORDS.c.year == items.c.year,
        RECORDS.c.id == items.c.submitter,
    )
    found = found.join(items, and_(items.c.job == batch.c.id, *wanted)).where(~archived)
    with archive.reading() as connection:
        return connection.execute(found.order_by(batch.c.id.desc(), items.c.position).limit(limit)).all()


def _texts(row: Row[Any]) -> search_text.SearchText:
    """What an item's data say; nothing for a document, or for data that were not read."""
    data = row.payload if row.document is None else None
    return search_text.of(row.form, row.year, {} if data is None else {"payload": data})


def _holds(row: Row[Any], name: str, text: str) -> bool:
    """Whether an item has all parts of a name and of a text, long or abbreviated, as a record has them."""
    if not name and not text:
        return True
    columns = _texts(row).columns(row.submitter or "")
    return all(
        any(each in columns[column] for each in spellings(part))
        for column, given in (("name", name), ("text", text))
        for part in search_text.parts(given)
    )


def _item(row: Row[Any]) -> FailedItem:
    return FailedItem(
        row.public or row.key,
        bool(row.public),
        datetime.fromtimestamp(row.created, UTC),
        row.form,
        row.year,
        row.submitter or "",
        _texts(row).submitter,
        item_errors.from_json(row.errors),
    )
