"""What a file was identified as: the result, with the record that it is of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from service.answers.payload_comparison import Difference
from service.archive import Archive, Record
from service.archive.additions.addition import SEALED, SIGNED, Addition
from service.errors import Bilingual
from service.extraction import ReadingWarning
from service.record_comparison.likely_records import LikelyRecord
from service.record_history.destruction_entries import DestroyedRecord
from service.sealed_copies.add_copy import Finding

SAME_FILE, CONTINUED, SAME_DATA = "same_file", "continued", "same_data"
OTHER_DATA, DESTROYED, UNKNOWN = "other_data", "destroyed", "unknown"
RESULTS = (SAME_FILE, CONTINUED, SAME_DATA, OTHER_DATA, DESTROYED, UNKNOWN)
MANIFEST = "manifest"
NOTHING = Bilingual("", "")


@dataclass(frozen=True)
class Identified:
    """What a file is: one of RESULTS, the record it is of if any, and the number of its newest version.

    `part` is what of the record it is, if it is archived: a part, MANIFEST, or the addition `addition`.
    `finding` is what was found of its signatures, `others` further records with the same file, `reason` why
    nothing is known, `likely` what it then may be of. `destroyed` is the record whose file it was, or with
    whose PDF it begins if `continued`, and `part` that file's name in the list; "" if only its data are those
    of the record. `form` is that of the data in it, if they were read. `uncompared` is the number of
    destroyed submissions that it may be of, whose content is not kept, of one of its `forms` if they are
    known. `attached`: what was compared are the data attached to a PDF, not its pages.
    """

    result: str
    sha256: str
    record: Record | None = None
    newest: int = 0
    part: str = ""
    addition: Addition | None = None
    finding: Finding | None = None
    others: Sequence[Record] = ()
    differences: Sequence[Difference] = ()
    doubts: Sequence[ReadingWarning] = ()
    reason: Bilingual = NOTHING
    destroyed: DestroyedRecord | None = None
    likely: Sequence[LikelyRecord] = ()
    form: str = ""
    forms: Collection[str] = ()
    uncompared: int = 0
    attached: bool = False
    continued: bool = False
    unverified: Bilingual = NOTHING
    unfinished: bool = False

    @property
    def file(self) -> str:
        """The name of the file of the record that it is, as routes and the audit log have it."""
        if self.addition is None:
            return self.part
        return SIGNED if self.addition.kind == SIGNED else f"{SEALED}-{self.addition.number}"

    @property
    def detail(self) -> str:
        """What the audit log says: the result, which file it is, the verdict on signatures, its hash."""
        named = {"file": self.file, "signatures": self._signatures, "sha256": self.sha256}
        return " ".join([self._logged, *(f"{name}={value}" for name, value in named.items() if value)])

    @property
    def _logged(self) -> str:
        """The result; of a destroyed record also whether its PDF is continued, or only its data are here."""
        if self.result != DESTROYED or (self.part and not self.continued):
            return self.result
        return f"{DESTROYED}_{'continued' if self.continued else 'data'}"

    @property
    def _signatures(self) -> str | None:
        """The verdict on the signatures; of a PDF that was continued also why there is none."""
        verdict = self.finding.verdict if self.finding else None
        if self.result == DESTROYED and self.continued:
            return "unverified"
        if self.result == CONTINUED:
            missing = (
                "unfinished" if self.unfinished else "none" if self.unverified == NOTHING else "unverified"
            )
            verdict = verdict or missing
        return verdict

    @property
    def unproved(self) -> bool:
        """Whether the archived PDF was continued, and no valid signature covers what its pages show now."""
        return self.finding.unproved if self.finding else self.result == CONTINUED

    @property
    def sealed_copy(self) -> Addition | None:
        """The sealed copy that it is, if it was added to its record as one."""
        return self.addition if self.addition and self.addition.kind == SEALED else None


def of_records(
    archive: Archive, result: str, digest: str, records: Collection[Record], **more: Any
) -> Identified:
    """The result for a file of these records, of which the newest is named first."""
    found = newest(records)
    others = sorted((each for each in records if each != found), key=lambda each: (each.id, each.version))
    return Identified(result, digest, found, archive.versions(found, 1)[0].version, others=others, **more)


def of_tenant(tenant: str | None, records: Collection[Record]) -> list[Record]:
    """Those of the tenant, if one is given."""
    return [each for each in records if tenant in (None, each.tenant)]


def newest(records: Collection[Record]) -> Record:
    """The newest of them."""
    return max(records, key=lambda each: (each.version, each.created))
