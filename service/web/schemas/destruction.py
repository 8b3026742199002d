"""Schemas of destruction lists."""

from typing import Any

from marshmallow import pre_dump
from marshmallow.fields import UUID, Boolean

from service.audit import audit_search
from service.retention.destruction_list import DestructionList
from service.retention.retention_tables import DESTROYED, PROPOSED, WITHDRAWN
from service.web.http import json_fields
from service.web.http.json_fields import (
    OfEdition,
    Page,
    Parameter,
    Parameters,
    ResponseSchema,
    field,
    integer,
    text,
)
from service.web.http.urls import link
from service.web.schemas.actor_names import key_name
from service.web.schemas.audit import read_moment
from service.web.schemas.records import KEY, LIST


class TimePageQuery(Page):
    """Query of a list in the order of its times."""

    after = Parameter(
        read_moment(audit_search.read_since),
        "上一页 next 中的值 / cursor from the previous page",
        type="string",
        format="date-time",
    )


def next_page() -> Any:
    """The address of the next page."""
    return text(None, "下一页的地址，没有则为 null / address of the next page", allow_none=True)


class ListPath(Parameters):
    list = text(LIST, "清册号 / the list's id", required=True)


class ListFileQuery(Parameters):
    format = json_fields.format_of("xlsx", "csv")


class DestructionSchema(ResponseSchema):
    """A destruction list (销毁清册)."""

    id = text(LIST)
    state = text(PROPOSED, enum=[PROPOSED, DESTROYED, WITHDRAWN])
    reason = text("保管期限届满")
    proposed = json_fields.timestamp_field()
    proposed_by = text("key:0123456789ab")
    proposed_by_name = key_name("proposed_by")
    ended = json_fields.timestamp_field(allow_none=True)
    ended_by = text("key:ba9876543210", allow_none=True)
    ended_by_name = key_name("ended_by")
    url = text(f"/api/v1/records/destructions/{LIST}")

    @pre_dump
    def _with_address(self, found: DestructionList, **_: Any) -> dict[str, Any]:
        return {**vars(found), "url": link("destruction.destruction", list=found.id)}


class ListedSchema(ResponseSchema):
    """A record of a destruction list."""

    record = field(UUID, KEY)
    form = text(OfEdition.FORM)
    year = integer(OfEdition.YEAR)
    id = text("3201-0001")
    title = text(OfEdition.TITLE)
    version = integer(1)
    created = json_fields.timestamp_field()
    due = text("2032-01-01", allow_none=True)
    years = integer(
        10,
        "保管期限的年数，整个租户移除的为 null / years of the period; null where a tenant is removed whole",
        allow_none=True,
    )
    manifest = json_fields.digest()
    files = json_fields.mapping({"pdf": ["0" * 64, 90210]}, "校验值和字节数 / SHA-256 and size of each file")


class WholeDestructionSchema(DestructionSchema):
    """A destruction list with its records."""

    records = json_fields.list_of(ListedSchema, attribute="entries")
    others = field(Boolean, False, "还有其他租户的档案，不列出 / it has records of other tenants, not listed")


class DestructionsSchema(ResponseSchema):
    destructions = json_fields.list_of(DestructionSchema)
    next = next_page()
