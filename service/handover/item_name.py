"""How an item is named for people: its id is unique only within tenant, form and year."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ItemName:
    """A submission, in words its form, year and id; `tenant` is "" if it is known, and else comes first."""

    tenant: str
    form: str
    year: int
    id: str

    @classmethod
    def of(cls, submission: Sequence[Any], tenant: str | None) -> "ItemName":
        """The name of a tenant, form, year and id among those of `tenant`, or of all if None."""
        own, form, year, id = submission
        return cls(own if tenant is None else "", form, year, id)

    def __str__(self) -> str:
        of = f"{self.form} {self.year} {self.id}"
        return f"{self.tenant} {of}" if self.tenant else of
