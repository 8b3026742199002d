"""Which submissions are handed over, and what of them usually is not: said before anything is written."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import groupby, islice
from typing import Any

from service.archive import Archive, Record
from service.errors import UsageError
from service.handover.earlier_packages import EarlierPackage, EarlierPackages
from service.handover.item_name import ItemName
from service.retention import holds, list_entries, periods
from service.retention.periods import PERMANENT

SHORT = 10  # years: what is kept no longer usually stays with the office
_USUALLY_LEFT_OUT = ("held", "short")
NOTED = (*_USUALLY_LEFT_OUT, "proposed", "unnamed")  # of a prospect: the lists of submissions
_LISTED = 20  # ids in an error
_AT_ONCE = 200  # submissions


@dataclass(frozen=True)
class Selection:
    """Filters of `Archive.records`; `period` is 永久 or a number of years, "" for any; `ids` "" for any.

    With `usual`, what is on hold or kept for `SHORT` years at most is left out.
    """

    filters: Mapping[str, Any] = field(default_factory=dict)
    period: str = ""
    ids: frozenset[str] = frozenset()
    usual: bool = False

    @property
    def tenant(self) -> str | None:
        """The tenant whose submissions are chosen; None for all."""
        tenant: str | None = self.filters.get("tenant")
        return tenant


@dataclass
class Prospect:
    """How many submissions are handed over, and those about which something is to be said.

    `proposed` are those in a destruction list that is open; `missing` are ids that were asked for and are
    not in the archive, or not of that form, year, period; `earlier` are the packages in which submissions
    were handed over before, the latest first.
    """

    items: int = 0
    held: list[ItemName] = field(default_factory=list)
    short: list[ItemName] = field(default_factory=list)
    proposed: list[ItemName] = field(default_factory=list)
    unnamed: list[ItemName] = field(default_factory=list)
    left_out: int = 0
    missing: list[str] = field(default_factory=list)
    earlier: list[EarlierPackage] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """All for JSON; submissions of `NOTED` as ids, and with form and year as `held_items` and so on."""
        found = asdict(self)
        for name in NOTED:
            found[f"{name}_items"] = found[name]
            found[name] = [each["id"] for each in found[name]]
        return found


def read_period(text: str) -> str:
    """A period as `Selection` has it, of what a person wrote. Raises UsageError."""
    if not text.strip():
        return ""
    years = periods.read_years(text)
    return PERMANENT if years is None else str(years)


def submissions(archive: Archive, chosen: Selection, seen: Prospect) -> Iterator[list[Record]]:
    """Yields the versions, oldest first, of each submission chosen; notes in `seen` what is to be said."""
    with archive.reading() as connection:
        known, held = periods.by_edition(connection), holds.held(connection)
        proposed = list_entries.proposed(connection)
    found = archive.records(all_versions=True, **chosen.filters)
    missing = set(chosen.ids)
    for of, group in groupby(found, holds.submission):
        versions = list(group)
        years = periods.kept(versions[-1], known)
        if chosen.period and chosen.period != (PERMANENT if years is None else str(years)):
            continue
        if chosen.ids and of[-1] not in chosen.ids:
            continue
        missing.discard(of[-1])
        said = {
            "held": of in held,
            "short": years is not None and years <= SHORT,
            "proposed": of in proposed,
            "unnamed": not versions[-1].submitter,
        }
        if _note(seen, ItemName.of(of, chosen.tenant), said, chosen.usual):
            yield versions
    seen.missing = sorted(missing)


def _note(seen: Prospect, name: ItemName, said: Mapping[str, bool], usual: bool) -> bool:
    """Notes a submission and what is to be said of it; returns whether it is handed over."""
    left_out = usual and any(said[kind] for kind in _USUALLY_LEFT_OUT)
    for kind in _USUALLY_LEFT_OUT if left_out else NOTED:
        if said[kind]:
            getattr(seen, kind).append(name)
    if left_out:
        seen.left_out += 1
    else:
        seen.items += 1
    return not left_out


def foresee(archive: Archive, chosen: Selection) -> Prospect:
    """What would be handed over. Raises UsageError if ids are missing."""
    seen, earlier = Prospect(), EarlierPackages(chosen.tenant)
    found = submissions(archive, chosen, seen)
    while piece := list(islice(found, _AT_ONCE)):
        with archive.reading() as connection:
            earlier.note(connection, piece)
    if seen.missing:
        listed = "、".join(seen.missing[:_LISTED])
        raise UsageError(
            f"选定的范围里没有 {len(seen.missing)} 个编号：{listed}。请核对编号、表单、年度和保管期限。",
            f"{len(seen.missing)} ids are not in the selection: {listed}. Check ids, form, year and period.",
        )
    seen.earlier = earlier.latest_first()
    return seen
