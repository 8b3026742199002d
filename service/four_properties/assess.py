"""Assesses the four properties of an archive from its verification, its audit log, and its documents."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from service.access.actors import Actors
from service.archive import Archive, Verification, VerificationFault
from service.audit.chain_proof import Proof
from service.database.column_types import iso
from service.errors import Bilingual
from service.four_properties import content, database_findings, properties
from service.four_properties.check import RESULTS, Check, overall, with_names
from service.four_properties.properties import PROPERTIES, Findings
from service.version import VERSION


@dataclass(frozen=True)
class Assessment:
    """The checks of an archive with what was found by `verify`; `who` had them made."""

    place: str
    fonds: str
    who: str
    made_by: Bilingual
    time: datetime
    program: str
    records: int
    files: int
    size: int
    log: Proof
    checks: Mapping[str, Sequence[Check]]  # by property
    faults: Sequence[VerificationFault]

    @property
    def result(self) -> str:
        """The result of all checks."""
        return overall(chain.from_iterable(self.checks.values()))

    def as_dict(self) -> dict[str, Any]:
        """The assessment for JSON."""
        properties = [
            {
                "property": code,
                "name": PROPERTIES[code].zh,
                "result": overall(checks),
                "checks": [each.as_dict() for each in checks],
            }
            for code, checks in self.checks.items()
        ]
        return {
            "archive": self.place,
            "fonds": self.fonds or None,
            "who": self.who,
            "made_by": self.made_by.zh,
            "made_by_en": self.made_by.en,
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
    archive: Archive,
    verified: Verification,
    faults: Sequence[VerificationFault],
    log: Proof,
    place: str,
    on_progress: Callable[[object], None] = lambda seen: None,
    *,
    who: str,
    fonds: str = "",
    tenant: str | None = None,
) -> Assessment:
    """The assessment after a verification that found `faults`; reads every document once more.

    `who` has it made, as the audit log names them; of a `tenant`'s records alone what is wrong is named.
    """
    with archive.reading() as connection:
        counted = database_findings.count(connection, tenant)
    codes = Counter(each.code for each in faults)
    read = content.read_all(archive, on_progress, tenant)
    found = Findings(verified, codes, log, counted, read)
    wrong = {**counted.wrong, **read.wrong}
    checks = {
        properties.AUTHENTICITY: properties.authenticity(found),
        properties.INTEGRITY: properties.integrity(found),
        properties.USABILITY: properties.usability(found),
        properties.SECURITY: properties.security(archive, found),
    }
    named = {code: with_names(each, wrong) for code, each in checks.items()}
    made_by = Actors.of(archive, tenant).words(who)
    program = f"kexie-forms {VERSION}"
    totals = verified.records, verified.files, verified.size
    now = datetime.now(UTC)
    return Assessment(place, fonds, who, made_by, now, program, *totals, log, named, faults)
