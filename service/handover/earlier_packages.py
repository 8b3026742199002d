"""Earlier packages with the same submissions, after the audit log: when, by whom, classed how."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from service.archive import Record
from service.audit.audit_table import AUDIT
from service.audit.event import OK
from service.errors import Bilingual, UsageError
from service.handover.classification import Classification
from service.handover.item_name import ItemName
from service.retention import holds
from service.submission import time_in_china

_DETAIL = re.compile(r"profile=dat46 tagmanifest=([0-9a-f]{64})(?: secrecy=(\S+) department=(.+))?")
_KEPT = 80  # characters of a department in a row, which holds 200
_LISTED = 5  # packages, and submissions of each, in an error


@dataclass
class EarlierPackage:
    """A package with some of the submissions; `time` as the log has it (UTC, ISO 8601).

    `department` and `secrecy` are None where an earlier version of the service did not log them; `items` is
    the number of the submissions that are in it, `last` has those of them that no later package has.
    """

    tagmanifest: str
    time: str
    who: str
    department: str | None
    secrecy: str | None
    items: int = 0
    last: list[ItemName] = field(default_factory=list)

    @property
    def in_china(self) -> str:
        """The day and minute at which it was made, in China."""
        return f"{time_in_china(datetime.fromisoformat(self.time)):%Y-%m-%d %H:%M}"

    @property
    def classed(self) -> Bilingual:
        """Its department and level of secrecy in words, after a comma; empty where they are not known."""
        if self.department is None:
            return Bilingual("", "")
        return Bilingual(
            f"，机构或问题 {self.department}，密级 {self.secrecy}",
            f", department {self.department}, secrecy {self.secrecy}",
        )

    def classed_otherwise(self, now: Classification) -> Iterator[Bilingual]:
        """Yields in words what was another department or level of secrecy than is given now."""
        if now.department and self.department not in (None, now.department[:_KEPT]):
            change = f"{self.department} → {now.department}"
            yield Bilingual(f"机构或问题 {change}", f"department {change}")
        if now.secrecy and self.secrecy not in (None, now.secrecy):
            yield Bilingual(f"密级 {self.secrecy} → {now.secrecy}", f"secrecy {self.secrecy} → {now.secrecy}")


def logged(tagmanifest: str, classification: Classification) -> str:
    """What the audit log says of each record in a package."""
    classed = f"secrecy={classification.secrecy} department={classification.department[:_KEPT]}"
    return f"profile=dat46 tagmanifest={tagmanifest} {classed}"


class EarlierPackages:
    """The packages with submissions, of `tenant` or of all, that are noted piece by piece."""

    def __init__(self, tenant: str | None) -> None:
        self._tenant = tenant
        self._found: dict[str, EarlierPackage] = {}

    def note(self, connection: Connection, submissions: Sequence[Sequence[Record]]) -> None:
        """Finds the packages with any version of these submissions."""
        records = {each.key: each for versions in submissions for each in versions}
        packages: dict[holds.Submission, dict[str, None]] = defaultdict(dict)
        exported = (
            AUDIT.c.action == "export",
            AUDIT.c.result == OK,
            AUDIT.c.detail.startswith("profile=dat46"),
        )
        rows = select(AUDIT).where(AUDIT.c.record.in_(records), *exported).order_by(AUDIT.c.seq)
        for row in connection.execute(rows):
            if detail := _DETAIL.fullmatch(row.detail):
                package, secrecy, department = detail.groups()
                self._found.setdefault(
                    package, EarlierPackage(package, row.time, row.who, department, secrecy)
                )
                of = packages[holds.submission(records[row.record])]
                of.pop(package, None)
                of[package] = None
        for submission, in_these in packages.items():
            for package in in_these:
                self._found[package].items += 1
            self._found[[*in_these][-1]].last.append(ItemName.of(submission, self._tenant))

    def latest_first(self) -> list[EarlierPackage]:
        """All that were found."""
        return sorted(self._found.values(), key=lambda each: each.time, reverse=True)


def refuse_classed_otherwise(earlier: Iterable[EarlierPackage], now: Classification) -> None:
    """Raises UsageError if submissions were last handed over under another department or level of secrecy."""
    if changed := classed_otherwise(earlier, now):
        raise UsageError(changed.zh, changed.en)


def classed_otherwise(earlier: Iterable[EarlierPackage], now: Classification) -> Bilingual | None:
    """Which submissions were last handed over under another department or level of secrecy, if any."""
    found = [(each, words) for each in earlier if each.last and (words := [*each.classed_otherwise(now)])]
    if not found:
        return None
    count = sum(len(package.last) for package, _ in found)
    zh = [
        f"{_names(each, '、')}（{each.in_china} 移交：{'，'.join(of.zh for of in words)}）"
        for each, words in found
    ]
    en = [
        f"{_names(each, ', ')} (on {each.in_china} in China: {', '.join(of.en for of in words)})"
        for each, words in found
    ]
    return Bilingual(
        f"有 {count} 件上次移交时的机构或密级与现在给出的不同：{'；'.join(zh[:_LISTED])}。"
        "请核对；确要改变，请选“改编档号”（--renumber）：档号与现在的分类相符的，仍用原号。",
        f"{count} were last handed over under another department or secrecy: {'; '.join(en[:_LISTED])}. "
        "Check them, or confirm the change with --renumber: codes of today's classification stay.",
    )


def _names(package: EarlierPackage, between: str) -> str:
    more = "…" if len(package.last) > _LISTED else ""
    return between.join(map(str, package.last[:_LISTED])) + more
