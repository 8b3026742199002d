"""How long a submission is kept, whether it is on hold or to be destroyed, and its archival code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from service.archive import Archive, Record
from service.handover import archival_codes
from service.handover.archival_codes import ArchivalCode
from service.record_history import destruction
from service.retention import holds, periods
from service.retention.destruction_list import DestructionList, DueRecord
from service.retention.holds import Hold, LiftedHold
from service.retention.retention_tables import PROPOSED


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


def keeping(archive: Archive, record: Record) -> Keeping:
    """How long a record's submission is kept."""
    newest = archive.versions(record, 1)[0]
    with archive.reading() as connection:
        known = periods.by_edition(connection)
        hold, code = holds.find(connection, newest), archival_codes.find(connection, newest)
        lifted = holds.lifted(connection, record=newest)
        lists = [each.list for each in destruction.of_record(connection, record.key)]
    found = DueRecord(newest, periods.due(newest, known), held=hold is not None)
    proposed = [each for each in lists if each.state == PROPOSED]
    years = periods.kept(newest, known)
    return Keeping(newest.version, years, found.due, found.ripe, hold, lifted, code, proposed)
