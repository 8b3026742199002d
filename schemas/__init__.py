"""The forms' schemas, and the table of which schema each form has in each plan year."""

from __future__ import annotations

from schemas.base import FieldGroup, FormSchema, Limit
from schemas.faults import Fault
from schemas.table import EditionRow, TableFault

__all__ = ["EditionRow", "Fault", "FieldGroup", "FormSchema", "Limit", "TableFault"]
