"""The records that a batch made."""

from typing import Any

from sqlalchemy import Select, or_, select

from service.archive import Archive
from service.batch.jobs.job_tables import items, jobs
from service.errors import UnknownBatch


def records_of(archive: Archive, batch: str, tenant: str | None = None) -> Select[Any]:
    """The query of the keys of a batch's records, by its public name or the key of its job.

    Raises UnknownBatch, also for a batch of another tenant than the given one.
    """
    named = or_(jobs.c.public == batch, jobs.c.key == batch)
    wanted = select(jobs.c.id).where(named, *([] if tenant is None else [jobs.c.tenant == tenant]))
    with archive.reading() as connection:
        job = connection.scalar(wanted) if batch.isalnum() else None
    if job is None:
        raise UnknownBatch(
            f"没有批次“{batch}”。批次的编号在它的页面地址末尾，命令行的在 batch --json 的 job 中。",
            f"No batch '{batch}'. Its id ends the address of its page; of a command it is `job` of --json.",
        )
    return select(items.c.record).where(items.c.job == job, items.c.record.is_not(None))
