"""How long a submission is kept, whether it is on hold or to be destroyed, and its archival code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from service.access.actors import Actors
from service.archive import Archive, Record
from service.errors import Bilingual
from service.handover import archival_codes
from service.handover.archival_codes import ArchivalCode
from service.record_history import destruction_entries
from service.record_history.destruction_entries import DestroyedRecord
from service.retention import holds, list_entries, periods
from service.retention.destruction_list import DestructionList, DueRecord
from service.retention.holds import Hold, LiftedHold
from service.retention.periods import Period
from service.retention.retention_tables import PROPOSED
from service.submission import date_in_china, time_in_china

#: Why a submission may not be destroyed today.
HELD, PERMANENT, NOT_DUE = "hold", "permanent", "not_due"


@dataclass(frozen=True)
class Keeping:
    """What holds for all versions of a submission, by the newest one, whose number is `newest`.

    It is kept for `years` (None: for good), may be destroyed from `due` on; `listed` are the destruction
    lists that name this version and are not carried out.
    """

    newest: int
    years: int | None
    due: date | None
    ripe: bool
    hold: Hold | None
    lifted: Sequence[LiftedHold]
    code: ArchivalCode | None
    listed: Sequence[DestructionList]

    @property
    def last(self) -> date | None:
        """The last day of the period; None for what is kept for good."""
        return None if self.due is None else self.due - timedelta(days=1)


def period_of_destroyed(connection: Connection, found: DestroyedRecord) -> Period | None:
    """The period after which a record was destroyed; None for one of a tenant that was removed whole.

    `changed` and `who` are given if the period that was set last before has as many years.
    """
    if found.due is None:
        return None
    newest = list_entries.newest(connection, found.list.id, holds.submission(found))
    years = periods.years_until(found.due, newest)
    known = periods.set_before(connection, found.form, found.year, found.ended)
    return known if known and known.years == years else Period(found.form, found.year, years)


def bars(kept: Keeping, actors: Actors) -> Iterator[tuple[str, Bilingual]]:
    """Yields why a submission may not be destroyed today, by code and in words; nothing if it may."""
    if hold := kept.hold:
        who, since = actors.words(hold.who), f"{time_in_china(hold.since):%Y-%m-%d %H:%M}"
        yield (
            HELD,
            Bilingual(
                f"已冻结（{who.zh}，北京时间 {since}，依据：{hold.reason}）",
                f"on hold ({who.en}, {since} in China, reason: {hold.reason})",
            ),
        )
    if kept.due is None:
        yield PERMANENT, Bilingual("永久保管", "kept for good")
    elif kept.due > date_in_china():
        lifted = (
            Bilingual("，且须先解除冻结", ", and once the hold is lifted") if kept.hold else Bilingual("", "")
        )
        yield (
            NOT_DUE,
            Bilingual(f"未到期，{kept.due} 起方可销毁{lifted.zh}", f"not due before {kept.due}{lifted.en}"),
        )


def keeping(archive: Archive, record: Record) -> Keeping:
    """How long a record's submission is kept."""
    newest = archive.versions(record, 1)[0]
    with archive.reading() as connection:
        known = periods.by_edition(connection)
        hold, code = holds.find(connection, newest), archival_codes.find(connection, newest)
        lifted = holds.lifted(connection, record=newest)
        lists = [each.list for each in destruction_entries.of_record(connection, record.key)]
    found = DueRecord(newest, periods.due(newest, known), held=hold is not None)
    proposed = [each for each in lists if each.state == PROPOSED]
    years = periods.kept(newest, known)
    return Keeping(newest.version, years, found.due, found.ripe, hold, lifted, code, proposed)
