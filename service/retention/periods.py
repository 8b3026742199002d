"""Retention periods by form and year, and the day from which a submission may be destroyed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import Connection, delete, exists, insert, select

from service.archive import NO_TENANT, Record, index
from service.archive.record_tables import RECORDS
from service.audit import audit_chain
from service.audit.event import Actor, Event
from service.errors import Bilingual, UsageError
from service.retention.reason import require_reason
from service.retention.retention_tables import EVERY_YEAR, PERIOD_CHANGES, PERIODS
from service.retention.time_page import TimePage
from service.submission import date_in_china

PERMANENT = "永久"
_SHORTER = Bilingual("缩短保管期限的依据", "a shorter period")
_FIRST = Bilingual(
    "缩短保管期限的依据：此前未设定即永久保管，且已有档案",
    "a shorter period: none was set, so the records that are archived are kept for good",
)


@dataclass(frozen=True)
class Period:
    """How many years the records of a form are kept; `years` None is for good (永久).

    `changed` and `who` are when and by whom it was set, of one that is set.
    """

    form: str
    year: int
    years: int | None
    changed: datetime | None = None
    who: str | None = None

    @property
    def logged(self) -> str:
        """What the audit log says of it."""
        return "permanent" if self.years is None else f"{self.years} years"

    def __str__(self) -> str:
        if self.years is None:
            return "永久 / permanent"
        return f"{self.years}年 / {self.years} {'year' if self.years == 1 else 'years'}"


@dataclass(frozen=True)
class PeriodChange:
    """A period that was set: when, by whom, why; `before` and `years` None are for good.

    `first` says that none was set before, which is for good too.
    """

    form: str
    year: int
    changed: datetime
    before: int | None
    years: int | None
    who: str
    reason: str
    first: bool


def read_years(text: str) -> int | None:
    """How many years, None for good, of what a person wrote: 30, 30年 or 永久. Raises UsageError."""
    years = text.strip().removesuffix("年")
    if years in (PERMANENT, "permanent"):
        return None
    if not (years.isascii() and years.isdecimal() and 1 <= int(years) <= 999):
        raise UsageError(
            "保管期限应为年数（如 10、30）或“永久”。",
            "A period is a number of years (10, 30), or permanent.",
        )
    return int(years)


def periods(connection: Connection) -> list[Period]:
    """All periods, by form and year; `year` 0 holds for the years without their own."""
    rows = connection.execute(select(PERIODS).order_by(PERIODS.c.form, PERIODS.c.year))
    return [Period(**row._asdict()) for row in rows]


def set_before(connection: Connection, form: str, year: int, moment: datetime) -> Period | None:
    """The period that held for a form and year at a moment, with who set it; None if none was noted."""
    noted = [Period(each.form, each.year, each.years, each.changed, each.who) for each in changes(connection)]
    earlier = [
        (each.year != EVERY_YEAR, each.changed, each)
        for each in (*noted, *periods(connection))
        if each.form == form and each.year in (year, EVERY_YEAR) and each.changed and each.changed <= moment
    ]
    return max(earlier, key=lambda found: found[:2])[2] if earlier else None


def reason_for(connection: Connection, period: Period) -> str:
    """Why a period was set; "" if that was not noted."""
    wanted = (period.form, period.year, period.changed)
    noted = (each for each in changes(connection) if (each.form, each.year, each.changed) == wanted)
    return next((each.reason for each in noted), "")


def set_period(
    connection: Connection, period: Period, actor: Actor, reason: str = "", tenant: str = NO_TENANT
) -> None:
    """Sets a period, in place of an earlier one; the audit log says so, among the rows of `tenant`.

    Raises UsageError without a reason for a period shorter than the one before; where none was set, for any
    number of years once the archive has such records, which are kept for good.
    """
    index.lock_all(connection)  # a destruction checks the periods
    now = datetime.now(UTC)
    done = replace(period, changed=now, who=actor.who)
    _note_change(connection, done, reason)
    same = (PERIODS.c.form == period.form) & (PERIODS.c.year == period.year)
    connection.execute(delete(PERIODS).where(same))
    connection.execute(insert(PERIODS), vars(done))
    form, year = period.form, period.year or None
    event = Event(actor, "retention_set", tenant, form=form, year=year, detail=period.logged, time=now)
    audit_chain.note(connection, event)


def _note_change(connection: Connection, period: Period, reason: str) -> None:
    """Notes that a period is the first, or takes the place of another one, of the year or of every year."""
    known, form = by_edition(connection), period.form
    earlier = next((key for key in ((form, period.year), (form, EVERY_YEAR)) if key in known), None)
    first, before = earlier is None, known[earlier] if earlier else None
    if not first and before == period.years:
        return
    shorter = period.years is not None and (before is None or period.years < before)
    if shorter and (not first or _archived(connection, period)):
        require_reason(reason, _FIRST if first else _SHORTER)
    done = {"before": before, "first": first, "reason": reason}
    connection.execute(insert(PERIOD_CHANGES), {**vars(period), **done})


def _archived(connection: Connection, period: Period) -> bool:
    """Whether the archive has a record of a period's form and year."""
    of = {"form": period.form} | ({} if period.year == EVERY_YEAR else {"year": period.year})
    return connection.execute(select(exists(select(RECORDS.c.key).filter_by(**of)))).scalar_one()


def changes(connection: Connection) -> list[PeriodChange]:
    """The periods that were set, the oldest first; of the first ones those that were noted."""
    rows = connection.execute(select(PERIOD_CHANGES).order_by(PERIOD_CHANGES.c.changed))
    return [PeriodChange(**row._asdict()) for row in rows]


def changes_page(connection: Connection, page: TimePage) -> tuple[list[PeriodChange], datetime | None]:
    """A page of `changes`, and where the next one begins."""
    rows, behind = page.rows(connection, select(PERIOD_CHANGES), PERIOD_CHANGES.c.changed)
    return [PeriodChange(**row._asdict()) for row in rows], behind


def due(record: Record, known: Mapping[tuple[str, int], int | None]) -> date | None:
    """The day from which a submission may be destroyed, of its newest version; None is never.

    The period begins with the year after that of archiving, in China.
    """
    years = kept(record, known)
    return None if years is None else date(date_in_china(record.created).year + 1 + years, 1, 1)


def kept(record: Record, known: Mapping[tuple[str, int], int | None]) -> int | None:
    """How many years a submission is kept; None is for good."""
    own = (record.form, record.year)
    return known[own] if own in known else known.get((record.form, EVERY_YEAR))


def years_until(due: str | None, archived: datetime) -> int | None:
    """How many years are between archiving and the day of `due`, in ISO 8601; None of None."""
    return None if due is None else date.fromisoformat(due).year - date_in_china(archived).year - 1


def by_edition(connection: Connection) -> dict[tuple[str, int], int | None]:
    """The periods as `due` takes them."""
    return {(each.form, each.year): each.years for each in periods(connection)}
