"""The failed items of an id, where no record has it: in which batches, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from service.archive import Archive
from service.batch.jobs import item_errors
from service.batch.jobs.job_tables import FAILED, LOADING, items, jobs
from service.errors import Bilingual, FieldError

_SEARCHED, _MOST = 500, 20  # batches, and items of an id in them
_NARROWER = ("name", "text", "since", "until", "state", "records")  # filters by which a record is not found


@dataclass(frozen=True)
class FailedId:
    """A failed item: its batch by public name, or by the key of a job of the command line; its errors."""

    batch: str
    hosted: bool
    form: str | None
    year: int | None
    errors: Sequence[FieldError]

    @property
    def text(self) -> Bilingual:
        """That the batch has the id, and no record came of it."""
        return Bilingual(
            f"批次 {self.batch} 中有此编号，未成功。", f"Batch {self.batch} has this id: it failed there."
        )


def failed_ids(archive: Archive, **filters: Any) -> list[FailedId]:
    """The failed items of the id that a search of `Archive.records` names, of its newest 500 batches.

    The newest first; nothing for a search without an id, or by more than form and year besides.
    """
    id = filters.get("id") or filters.get("holding") or ""
    if not id or not id.isprintable() or any(filters.get(name) is not None for name in _NARROWER):
        return []
    of_tenant = [jobs.c.tenant == filters["tenant"]] if filters.get("tenant") is not None else []
    newest = (
        select(jobs.c.id, jobs.c.key, jobs.c.public)
        .where(jobs.c.state != LOADING, *of_tenant)
        .order_by(jobs.c.id.desc())
    )
    batch = newest.limit(_SEARCHED).subquery()
    wanted = [items.c[name] == filters[name] for name in ("form", "year") if filters.get(name) is not None]
    own = and_(items.c.job == batch.c.id, items.c.submitter == id, *wanted)  # by index, which has no state
    found = select(batch.c.key, batch.c.public, items.c.form, items.c.year, items.c.state, items.c.errors)
    found = found.join(items, own).order_by(batch.c.id.desc(), items.c.position)
    with archive.reading() as connection:
        rows = connection.execute(found).all()
    failed = [row for row in rows if row.state == FAILED][:_MOST]
    return [
        FailedId(
            row.public or row.key, bool(row.public), row.form, row.year, item_errors.from_json(row.errors)
        )
        for row in failed
    ]
