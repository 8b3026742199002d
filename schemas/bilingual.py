"""One sentence in the two languages of the service."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bilingual:
    """One sentence in the two languages of the service."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} {self.en}"

    def of(self, lang: str) -> str:
        """The sentence in `lang`, "zh" or "en"."""
        return self.en if lang == "en" else self.zh
