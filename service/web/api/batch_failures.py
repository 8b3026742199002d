"""A page of the failed items of a batch."""

import re

from service.archive import Archive
from service.batch.hosted.http_batch import HttpBatch
from service.batch.jobs.failures import Failure, failures
from service.errors import UsageError


def page(
    archive: Archive, batch: HttpBatch, after: str | None, limit: int
) -> tuple[list[Failure], int | None]:
    """Up to `limit` failed items after position `after`, and the next cursor.

    Raises UsageError if `after` is not a position.
    """
    if after is not None and not re.fullmatch("[0-9]{1,9}", after):
        raise UsageError("after 应取自上一页的 next。", "after must be `next` of the previous page.")
    behind = -1 if after is None else int(after)
    found = list(failures(archive, batch.job, behind, limit + 1))
    return found[:limit], found[limit - 1].position if len(found) > limit else None
