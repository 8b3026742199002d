"""What the rows of the database say of an archive: acts logged, versions, submitters, signatures."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, Select, exists, func, select

from service.archive import index
from service.archive.additions import addition_table
from service.archive.additions.addition import SEALED
from service.archive.record_tables import RECORDS
from service.archive.search.search_table import SEARCH
from service.audit.audit_table import AUDIT
from service.four_properties.named import MOST, Instance, Wrong
from service.signatures.verdicts import VERDICTS


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
    wrong: Mapping[str, Wrong]  # what is to be explained, by the code of the check


def count(connection: Connection, tenant: str | None = None) -> Rows:
    """Counts the rows; names those of a tenant, if one is given."""
    logged = exists().where(AUDIT.c.record == RECORDS.c.key, AUDIT.c.action == "archive")
    unlogged = select(func.count()).select_from(RECORDS).where(~logged)
    columns = [RECORDS.c[name] for name in ("tenant", "form", "year", "id")]
    versions = select(func.count().label("n"), func.max(RECORDS.c.version).label("last"))
    each = versions.select_from(RECORDS).group_by(*columns).subquery()
    unnamed = select(func.count()).select_from(SEARCH).where(func.coalesce(SEARCH.c.submitter, "") == "")
    acts = select(func.count()).select_from(AUDIT)
    lost = acts.where(AUDIT.c.action == "rows_lost")
    unnamed_keys = select(RECORDS.c.key).join(SEARCH).where(func.coalesce(SEARCH.c.submitter, "") == "")
    unlogged_count, unnamed_count = _number(connection, unlogged), _number(connection, unnamed)
    named = partial(_records, connection, tenant)
    verdicts, unsound = _verdicts(connection, tenant)
    return Rows(
        unlogged_count,
        _number(connection, select(func.count()).select_from(each).where(each.c.n != each.c.last)),
        _number(connection, select(func.count()).select_from(each)),
        unnamed_count,
        _number(connection, acts),
        _number(connection, lost),
        verdicts,
        {
            "origin_logged": named(unlogged_count, select(RECORDS.c.key).where(~logged)),
            "submitters_present": named(unnamed_count, unnamed_keys),
            "signatures": unsound,
            "log_complete": _lost(connection),
        },
    )


def _number(connection: Connection, query: Select[tuple[int]]) -> int:
    return connection.execute(query).scalar_one()


def _records(connection: Connection, tenant: str | None, count: int, keys: Select[tuple[str]]) -> Wrong:
    """The first of `count` records whose keys are selected."""
    columns = [RECORDS.c[name] for name in ("tenant", "year", "form", "id", "version")]
    own = keys if tenant is None else keys.where(RECORDS.c.tenant == tenant)
    found = connection.execute(own.order_by(*columns).limit(MOST)).scalars().all()
    records = {each.key: each for each in index.by_keys(connection, found)}
    return Wrong(tenant, count, [Instance(records[key]) for key in found])


def _lost(connection: Connection) -> Wrong:
    wrong = Wrong(None)
    rows = select(AUDIT.c.seq).where(AUDIT.c.action == "rows_lost").order_by(AUDIT.c.seq)
    for seq in connection.execute(rows).scalars():
        wrong.add(Instance(None, f"审计日志第 {seq} 行"))
    return wrong


def _verdicts(connection: Connection, tenant: str | None) -> tuple[Counter[str | None], Wrong]:
    """How many sealed copies have each verdict, and those whose signatures are not known to be valid."""
    verdicts, unsound = Counter[str | None](), []
    for copy in addition_table.of_kind(connection, SEALED):
        verdict = copy.result.get("verdict")
        verdicts[verdict] += 1
        if verdict not in (None, "valid"):
            unsound.append((copy, verdict))
    wrong = Wrong(tenant)
    records = {
        each.key: each for each in index.by_keys(connection, sorted({copy.record for copy, _ in unsound}))
    }
    for copy, verdict in unsound:
        if copy.record in records:
            wrong.add(Instance(records[copy.record], copy.name, VERDICTS[verdict]))
        else:  # its record's row is gone, as `verify` reports: nobody knows whose it is
            wrong.count += 1
    return verdicts, wrong
