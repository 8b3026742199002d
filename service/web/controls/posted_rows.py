"""The rows of tables that a posted form has, by the names of its fields."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from service.errors import UsageError

_NUMBER = re.compile("/([0-9]{1,3})(?=/)")
_TABLES = 2  # on the way to a field: a row has tables, whose rows have none
_MOST = 20_000  # rows of all tables, blank ones included


def rows_of(name: str) -> Iterator[tuple[str, int]]:
    """The rows in which a field is, each as the pointer of its table and its number, from 0."""
    for match in islice(_NUMBER.finditer(name), _TABLES):
        yield name[: match.start()], int(match[1])


def row_counts(posted: Iterable[str]) -> dict[str, int]:
    """How many rows of each table were posted, by its pointer, blank ones included.

    Raises UsageError for more rows than a page can show.
    """
    counts: dict[str, int] = {}
    total = 0
    for table, number in (row for name in posted for row in rows_of(name)):
        if (more := number + 1 - counts.get(table, 0)) > 0:
            counts[table] = number + 1
            total += more
            if total > _MOST:
                raise UsageError(
                    f"提交的行太多：各表合计最多 {_MOST} 行（含空行）。请减少后重新提交。",
                    f"Too many rows: all tables have at most {_MOST}, blank ones included. Send fewer.",
                )
    return counts
