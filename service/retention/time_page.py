"""Pages of the lists that are in the order of their times."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, Select


@dataclass(frozen=True)
class TimePage:
    """Up to `limit` rows behind a time, by default from the beginning: the oldest or the latest first.

    Rows of the same time are on one page, even beyond the limit.
    """

    limit: int
    after: datetime | None = None
    latest: bool = False

    def rows(
        self, connection: Connection, wanted: Select[Any], moment: Column[Any]
    ) -> tuple[Sequence[Row[Any]], datetime | None]:
        """The rows, and the time behind which the next page is; None if there is none."""
        if self.after is not None:
            wanted = wanted.where(moment < self.after if self.latest else moment > self.after)
        wanted = wanted.order_by(moment.desc() if self.latest else moment)
        first = connection.execute(wanted.limit(self.limit + 1)).all()
        last = self.last(getattr(row, moment.name) for row in first)
        if last is None:
            return first, None
        within = connection.execute(wanted.where(moment >= last if self.latest else moment <= last)).all()
        beyond = wanted.where(moment < last if self.latest else moment > last).limit(1)
        return within, last if connection.execute(beyond).first() else None

    def last(self, times: Iterable[datetime]) -> datetime | None:
        """The time of the last row that is on the page; None if all are."""
        inorder = sorted(times, reverse=self.latest)
        return inorder[self.limit - 1] if len(inorder) > self.limit else None
