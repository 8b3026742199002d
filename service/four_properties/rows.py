"""What the rows of the database say of an archive: acts logged, versions, submitters, signatures."""

import json
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, Select, exists, func, select

from service.archive.additions.addition import SEALED
from service.archive.additions.addition_table import ADDITIONS
from service.archive.record_tables import RECORDS
from service.archive.search.search_table import SEARCH
from service.audit.audit_table import AUDIT


@dataclass(frozen=True)
class Rows:
    """Numbers of rows; `verdicts` are those of the sealed copies when they were added, None for unsigned."""

    unlogged: int  # records whose archiving the log does not have
    gaps: int  # submissions that lack a version
    submissions: int
    unnamed: int  # records without the submitter's name
    acts: int  # rows of the audit log
    lost: int  # those of them that say that others were lost
    verdicts: Counter[str | None]


def count(connection: Connection) -> Rows:
    """Counts the rows."""
    logged = exists().where(AUDIT.c.record == RECORDS.c.key, AUDIT.c.action == "archive")
    unlogged = select(func.count()).select_from(RECORDS).where(~logged)
    columns = [RECORDS.c[name] for name in ("tenant", "form", "year", "id")]
    versions = select(func.count().label("n"), func.max(RECORDS.c.version).label("last"))
    each = versions.select_from(RECORDS).group_by(*columns).subquery()
    unnamed = select(func.count()).select_from(SEARCH).where(func.coalesce(SEARCH.c.submitter, "") == "")
    acts = select(func.count()).select_from(AUDIT)
    lost = acts.where(AUDIT.c.action == "rows_lost")
    return Rows(
        _number(connection, unlogged),
        _number(connection, select(func.count()).select_from(each).where(each.c.n != each.c.last)),
        _number(connection, select(func.count()).select_from(each)),
        _number(connection, unnamed),
        _number(connection, acts),
        _number(connection, lost),
        _verdicts(connection),
    )


def _number(connection: Connection, query: Select[tuple[int]]) -> int:
    return connection.execute(query).scalar_one()


def _verdicts(connection: Connection) -> Counter[str | None]:
    rows = connection.execute(select(ADDITIONS.c.result).where(ADDITIONS.c.kind == SEALED)).scalars()
    return Counter(json.loads(row).get("verdict") for row in rows)
