"""The forms' schemas, and the table of which schema each form has in each plan year."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.annex1 import Annex1
from schemas.annex2 import Annex2
from schemas.annex3 import Annex3
from schemas.base import FieldGroup, FormSchema, Limit
from schemas.faults import Fault

__all__ = ["EDITIONS", "EditionRow", "Fault", "FieldGroup", "FormSchema", "Limit"]


@dataclass(frozen=True)
class EditionRow:
    """One form in one plan year: its schema, its title, and where its layout comes from.

    `provenance` is "official", or "derived" where the layout of another year is assumed.
    """

    schema: type[FormSchema]
    title: str
    provenance: str


EDITIONS: dict[tuple[str, int], EditionRow] = {
    ("annex1", 2021): EditionRow(Annex1, "2021年“县级科协创新发展能力提升计划”项目指标", "official"),
    ("annex2", 2021): EditionRow(Annex2, "2021年度“县级科协创新发展能力提升计划”项目申报书", "official"),
    ("annex3", 2021): EditionRow(Annex3, "2021年度县级科协单项工作创新案例申报书", "official"),
}
