"""A fault of a template: what is wrong at which place."""

from dataclasses import asdict, dataclass
from typing import Any

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
