"""Assesses the four properties of an archive from its verification, its audit log, and its documents."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from service.archive import Archive, Verification, VerificationFault
from service.audit.proof import Proof
from service.database.columns import iso
from service.four_properties import content, rows, security, usability
from service.four_properties.authenticity import authenticity
from service.four_properties.check import NONE, PASSED, PROPERTIES, RESULTS, Check, overall
from service.four_properties.integrity import integrity


@dataclass(frozen=True)
class Assessment:
    """The checks of an archive with what was found by `verify`."""

    place: str
    time: datetime
    program: str
    records: int
    files: int
    size: int
    log: Proof
    checks: Sequence[Check]
    faults: Sequence[VerificationFault]

    def of(self, property: str) -> list[Check]:
        """The checks of a property."""
        return [each for each in self.checks if each.property == property]

    @property
    def result(self) -> str:
        """The result of all checks."""
        return overall(self.checks)

    def as_dict(self) -> dict[str, Any]:
        """The assessment for JSON."""
        properties = [
            {
                "property": code,
                "name": name.zh,
                "result": overall(self.of(code)),
                "checks": [each.as_dict() for each in self.of(code)],
            }
            for code, name in PROPERTIES.items()
        ]
        return {
            "archive": self.place,
            "time": iso(self.time),
            "program": self.program,
            "records": self.records,
            "files": self.files,
            "size": self.size,
            "result": self.result,
            "result_name": RESULTS[self.result].zh,
            "properties": properties,
            "audit": self.log.as_dict(),
            "faults": [each.as_dict() for each in self.faults],
        }


def assess(
    archive: Archive, verified: Verification, faults: Sequence[VerificationFault], log: Proof, place: str
) -> Assessment:
    """The assessment after a verification that found `faults`; reads every document once more."""
    codes = Counter(each.code for each in faults)
    with archive.reading() as connection:
        counted = rows.count(connection)
    read = content.read_all(archive)
    checks = [
        *authenticity(verified, codes, log, counted),
        *integrity(verified, codes, counted),
        *usability.usability(read),
        *security.security(archive, read, counted.acts),
    ]
    program = f"kexie-forms {version('kexie-forms')}"
    totals = verified.records, verified.files, verified.size
    return Assessment(place, datetime.now(UTC), program, *totals, log, list(map(_judged, checks)), faults)


def _judged(check: Check) -> Check:
    """A check of nothing has passed nothing."""
    return replace(check, result=NONE) if check.result == PASSED and not check.count else check
