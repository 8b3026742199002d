"""The forms' schemas, and the table of which schema each form has in each plan year."""

from __future__ import annotations

from schemas.edition_table import EditionRow, TableFault
from schemas.field_faults import FieldFault
from schemas.form_schema import FieldGroup, FormSchema, Limit

__all__ = ["EditionRow", "FieldFault", "FieldGroup", "FormSchema", "Limit", "TableFault"]
