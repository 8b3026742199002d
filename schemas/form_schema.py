"""What every form's schema shares: strict keys, joint 字 limits, computed totals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import RAISE, Schema

from schemas.field_faults import FieldFault


@dataclass(frozen=True)
class Limit:
    """At most `maximum` 字 in these top-level text fields together."""

    fields: tuple[str, ...]
    maximum: int


class FieldGroup(Schema):
    """Fields that belong together on the form; keys that it does not have are faults."""

    class Meta:
        unknown = RAISE

    error_messages: dict[str, Any] = {  # noqa: RUF012 - marshmallow declares it so
        "type": FieldFault("not_an_object"),
        "unknown": FieldFault("unknown_field"),
    }


class FormSchema(FieldGroup):
    """One form: its fields in the official order."""

    limits: ClassVar[tuple[Limit, ...]] = ()
    #: Keys that lead to the field which names the submitter, as in a document's file name.
    submitter: ClassVar[tuple[str, ...]] = ("association_name",)

    def totals(self, data: dict[str, Any]) -> dict[str, Any]:
        """What the form's rules compute from valid data; {} where there is nothing to compute."""
        return {}
