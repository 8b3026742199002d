"""The lint report: faults of an edition with their positions, and notes."""

from dataclasses import asdict, dataclass
from typing import Any

from service.catalog import Edition
from service.errors import Bilingual

WHOLE = Bilingual("整个模板", "the template as a whole")


@dataclass(frozen=True)
class LintFault:
    """A fault: stable code, position, text found there, and message."""

    code: str
    place: Bilingual
    shown: str
    message: Bilingual

    @property
    def text(self) -> Bilingual:
        """The fault in one line."""
        return Bilingual(
            f"{self.place.zh}：{self.shown} – {self.message.zh}",
            f"{self.place.en}: {self.shown} – {self.message.en}",
        )

    def as_dict(self) -> dict[str, Any]:
        """The fault for JSON, in both languages."""
        return asdict(self)


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
