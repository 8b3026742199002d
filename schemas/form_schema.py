"""Base classes of the forms' schemas: strict keys, rules, joint 字 limits, totals, what is expected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, post_load, validates_schema

from schemas import rule
from schemas.advice import Advice
from schemas.bilingual import Bilingual
from schemas.field_faults import FieldFault
from schemas.fields import Group
from schemas.remarks import Declarations
from schemas.rule import Rule
from schemas.rules import Total
from schemas.tree import ROW, members, texts, walk

PRINT = Bilingual("打印 PDF 文书（A4 纸）。", "Print the PDF on A4 paper.")
SIGN = Bilingual("按表上的要求签字、盖章。", "Sign and seal it where the form says.")


@validates_schema(skip_on_field_errors=False, pass_original=True)
def _check_rules(self: "FieldGroup", data: Any, original: Any, **kwargs: Any) -> None:
    if found := rule.faults(self, self.rules, original):
        raise ValidationError(found)


@post_load(pass_original=True)
def _complete(self: "FieldGroup", data: dict[str, Any], original: Any, **kwargs: Any) -> dict[str, Any]:
    if None not in data.values():
        return data
    found = rule.computed(self, original)
    return {**data, **{key: value for key, value in found.items() if data[key] is None}}


@dataclass(frozen=True)
class Limit:
    """A limit of `maximum` 字 for these top-level text fields together."""

    fields: tuple[str, ...]
    maximum: int


class FieldGroup(Schema):
    """A group of fields; unknown keys are faults."""

    #: What is demanded of several of its fields together.
    rules: ClassVar[tuple[Rule, ...]] = ()

    #: Marshmallow's hooks that check the rules and compute their totals.
    check_rules: ClassVar[Any]
    complete: ClassVar[Any]

    class Meta:
        unknown = RAISE
        register = False  # marshmallow would keep each class for ever

    error_messages: dict[str, Any] = {  # noqa: RUF012 - marshmallow declares it so
        "type": FieldFault("not_an_object"),
        "unknown": FieldFault("unknown_field"),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        rule.check(self, self.rules)

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if cls.rules:  # most groups have none, and marshmallow's hooks take time
            cls.check_rules, cls.complete = _check_rules, _complete


def named_rows(
    title: str,
    row: type[FieldGroup],
    names: Mapping[str, str | Bilingual],
    *,
    gloss: str = "",
    help: Bilingual | None = None,
) -> Group:
    """The rows of a table that the form fixes by name, labels by keys: a group with one of `row` for each.

    A label may have its English.
    """
    labels = {
        key: label if isinstance(label, Bilingual) else Bilingual(label, "") for key, label in names.items()
    }
    groups = {key: Group(label.zh, row, gloss=label.en) for key, label in labels.items()}
    rows = FieldGroup.from_dict(dict(groups), name=f"{row.__name__}Rows")
    return Group(title, rows, gloss=gloss, help=help)


@dataclass(frozen=True)
class Programme:
    """What several forms are for: its name, and what it is in two or three sentences."""

    name: Bilingual
    about: Bilingual


class FormSchema(FieldGroup):
    """One form: its fields in the official order."""

    #: What the form belongs to, if anything, and in a sentence what it is and who fills it in.
    programme: ClassVar[Programme | None] = None
    about: ClassVar[Bilingual] = Bilingual("", "")
    #: The English of printed texts that are no fields: captions, categories of scores, instructions.
    glosses: ClassVar[tuple[Bilingual, ...]] = ()

    limits: ClassVar[tuple[Limit, ...]] = ()
    #: Path of keys to the submitter's name, used in file names.
    submitter: ClassVar[tuple[str, ...]] = ("association_name",)
    #: What else a record is found by: names of texts, as `schemas.remarks` explains.
    searchable: ClassVar[tuple[str, ...]] = ()
    #: What a complete application has: names of fields, as `schemas.remarks` explains.
    expected: ClassVar[tuple[str, ...]] = ()
    #: What is unlikely in it.
    advice: ClassVar[tuple[Advice, ...]] = ()
    #: What the submitter does once it is archived, step by step.
    afterwards: ClassVar[tuple[Bilingual, ...]] = (
        PRINT,
        SIGN,
        Bilingual("送交受理单位。", "Send it to the office in charge."),
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        if deep := [path for path, _ in walk(self) if path.count(ROW) > 2]:
            name = ".".join(map(str, deep[0]))
            raise ValueError(f"{type(self).__name__}: rows within rows within rows: {name}")
        self.declared = Declarations(self, self.expected, self.advice, self.searchable)

    def english(self, printed: str) -> str:
        """The English of a printed text that is no field's; "" if the form gives none."""
        return next((each.en for each in self.glosses if each.zh == printed), "")

    def submitter_in(self, data: Any) -> str:
        """The submitter's name in a payload or a submission's data; "" if it is not given."""
        return next(texts(data, self.submitter), "")

    def searchable_in(self, data: Any) -> list[str]:
        """The texts in a payload that a record is found by, beside the submitter."""
        return [text for path in self.declared.searchable for text in texts(data, path)]

    def totals(self, data: dict[str, Any]) -> dict[str, Any]:
        """Totals computed from valid data: by default those of `Total`, but for tables; {} without any."""
        return _totals(self, data)


def _totals(schema: Schema, data: dict[str, Any]) -> dict[str, Any]:
    found = {each.at: data[each.at] for each in getattr(schema, "rules", ()) if isinstance(each, Total)}
    for key, field in members(schema):
        if field.inside is not None and not field.repeats:
            found[key] = _totals(field.inside, data[key])
    return {key: value for key, value in found.items() if value != {}}
