"""Base classes of the forms' schemas: strict keys, joint 字 limits, computed totals, what is expected."""

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import RAISE, Schema

from schemas.advice import Advice
from schemas.field_faults import FieldFault
from schemas.remarks import Declarations


@dataclass(frozen=True)
class Limit:
    """A limit of `maximum` 字 for these top-level text fields together."""

    fields: tuple[str, ...]
    maximum: int


class FieldGroup(Schema):
    """A group of fields; unknown keys are faults."""

    class Meta:
        unknown = RAISE

    error_messages: dict[str, Any] = {  # noqa: RUF012 - marshmallow declares it so
        "type": FieldFault("not_an_object"),
        "unknown": FieldFault("unknown_field"),
    }


class FormSchema(FieldGroup):
    """One form: its fields in the official order."""

    limits: ClassVar[tuple[Limit, ...]] = ()
    #: Path of keys to the submitter's name, used in file names.
    submitter: ClassVar[tuple[str, ...]] = ("association_name",)
    #: What a complete application has: names of fields, as `schemas.remarks` explains.
    expected: ClassVar[tuple[str, ...]] = ()
    #: What is unlikely in it.
    advice: ClassVar[tuple[Advice, ...]] = ()

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.declared = Declarations(self, self.expected, self.advice)

    def totals(self, data: dict[str, Any]) -> dict[str, Any]:
        """Totals computed from valid data; {} if the form has none."""
        return {}
