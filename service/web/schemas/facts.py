"""Schemas of the routes of facts that a form takes over."""

from typing import Any

from marshmallow import ValidationError, validates_schema
from marshmallow.fields import UUID, Dict, String

from service.errors import Bilingual
from service.web.http import json_fields
from service.web.http.json_fields import OfEdition, Parameters, ResponseSchema, field, integer, text
from service.web.schemas.request_body import RequestBody

_KEY = "6f1f2b0e-6a44-5b0e-9d0e-3d2f3c1b7a55"
_VALUES = {OfEdition.POINTER: "云泽县科学技术协会"}


class SourcesQuery(Parameters):
    submitter = json_fields.printable_parameter("申报单位名称含有的文字 / substring of the submitter's name")


class SourceSchema(ResponseSchema):
    """A record whose facts can be taken over."""

    record = field(UUID, _KEY, attribute="record.key")
    form = text(OfEdition.FORM, attribute="record.form")
    year = integer(OfEdition.YEAR, attribute="record.year")
    id = text("3201-0001", attribute="record.id")
    created = json_fields.timestamp_field(attribute="record.created")
    title = text(OfEdition.TITLE)
    submitter = text("云泽县科学技术协会")


class SourcesSchema(ResponseSchema):
    records = json_fields.list_of(SourceSchema)


class FactsBody(RequestBody):
    """Where the facts are: a record, or what was filled in of a form."""

    names = {  # noqa: RUF012 - declared by the base
        "record": ("档案", Bilingual("应为档案的键。", "Must be the key of a record.")),
        "form": (
            "表单",
            Bilingual("不用档案时，应为表单的名称。", "Must be the name of a form, if there is no record."),
        ),
        "year": ("年度", Bilingual("不用档案时，应为年度。", "Must be a year, if there is no record.")),
        "values": (
            "所填内容",
            Bilingual(
                "不用档案时，应为对象，各栏都是文字。",
                "Must be an object whose values are texts, if there is no record.",
            ),
        ),
    }
    record = text(_KEY, "档案的键；或者用 form、year、values / key of a record; or form, year and values")
    form = text(OfEdition.FORM)
    year = integer(OfEdition.YEAR, strict=True)
    values = field(
        Dict, _VALUES, "各栏所填的文字，按 JSON Pointer / what each field holds, as text", None, String()
    )

    @validates_schema
    def _one_source(self, body: dict[str, Any], **_: Any) -> None:
        filled = {"form", "year", "values"}
        wrong = filled & body.keys() if "record" in body else filled - body.keys()
        if wrong:
            raise ValidationError({name: ["invalid"] for name in wrong})


class FactSchema(ResponseSchema):
    """A field that can take over a value."""

    pointer = text(OfEdition.POINTER)
    label = text(OfEdition.LABEL)
    text = text("云泽县科学技术协会", "值，供人看 / the value, for people")
    values = field(Dict, _VALUES, "表单控件的值 / the values of the form's controls", None, String())


class FactsSchema(ResponseSchema):
    facts = json_fields.list_of(FactSchema)
