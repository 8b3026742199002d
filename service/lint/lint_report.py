"""The lint report: faults of an edition with their positions, and notes."""

from dataclasses import asdict, dataclass
from typing import Any

from service.catalog import Edition
from service.errors import Bilingual
from service.template_tags.lint_fault import LintFault


@dataclass(frozen=True)
class LintReport:
    """All faults of an edition, and notes that are no faults."""

    edition: Edition
    faults: tuple[LintFault, ...]
    notes: tuple[Bilingual, ...]

    def as_dict(self) -> dict[str, Any]:
        """The report for JSON."""
        return {
            "form": self.edition.form,
            "year": self.edition.year,
            "faults": [fault.as_dict() for fault in self.faults],
            "notes": [asdict(note) for note in self.notes],
        }
