"""The forms' schemas, and the table of editions."""

from schemas.edition_table import EditionRow, TableFault
from schemas.field_faults import FieldFault
from schemas.form_schema import FieldGroup, FormSchema, Limit

__all__ = ["EditionRow", "FieldFault", "FieldGroup", "FormSchema", "Limit", "TableFault"]
