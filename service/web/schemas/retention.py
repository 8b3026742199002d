"""Schemas of the routes on retention and destruction."""

from typing import Any

from marshmallow import pre_dump, validate
from marshmallow.fields import UUID, Boolean, Date, Integer

from service.errors import Bilingual
from service.record_history.keeping import HELD, NOT_DUE, PERMANENT, Keeping, bars
from service.retention.reason import LENGTH, is_reason
from service.retention.retention_tables import EVERY_YEAR
from service.web.http import json_fields
from service.web.http.json_fields import OfEdition, Page, Parameters, ResponseSchema, field, integer, text
from service.web.schemas.actor_names import actors, key_name
from service.web.schemas.destruction import DestructionSchema, next_page
from service.web.schemas.records import KEY
from service.web.schemas.request_body import TEXT, YEAR, RequestBody, optional_year, where

_REASON = Bilingual(f"应为一行文字，不超过 {LENGTH} 字。", f"Must be one line of up to {LENGTH} characters.")
_YEARS = Bilingual("应为 1 至 999 的年数；永久为 null。", "Must be 1 to 999 years; null for good.")
_RECORDS = Bilingual("应为清册中的条数。", "Must be the number of records in the list.")


def _reason() -> Any:
    about = "依据，一行 / the reason, one line"
    return text("云财审〔2031〕7号", about, required=True, validate=where(is_reason), maxLength=LENGTH)


class HoldBody(RequestBody):
    """Why a record is put on hold."""

    names = {"reason": ("依据", _REASON)}  # noqa: RUF012 - declared by the base
    reason = _reason()


class LiftQuery(Parameters):
    """Why a hold is lifted."""

    reason = json_fields.Parameter(
        json_fields.read_printable,
        "解除的依据，必填 / why it is lifted; needed",
        "",
        type="string",
    )


class PeriodBody(RequestBody):
    """How long the records of a form are kept."""

    names = {  # noqa: RUF012 - declared by the base
        "form": ("表单", TEXT),
        "year": ("年度", YEAR),
        "years": ("保管年数", _YEARS),
        "reason": ("依据", _REASON),
    }
    form = text(OfEdition.FORM, required=True)
    year = optional_year(None, "不写即各年度 / default: every year")
    years = field(
        Integer,
        30,
        "null 为永久 / null: for good",
        strict=True,
        required=True,
        allow_none=True,
        validate=validate.Range(1, 999),
    )
    reason = text(
        "云财审〔2031〕7号",
        "缩短期限的依据，缩短时必填，没有则答 400 usage：未设定的为永久，已有档案的表单第一次设定年数也是"
        "缩短 / why the period is shorter, needed for one that is, else 400 usage: without a period records "
        "are kept for good, so the first years of a form that has archived records are shorter too",
        load_default="",
        validate=where(lambda reason: not reason or is_reason(reason)),
        maxLength=LENGTH,
    )


class ProposalBody(RequestBody):
    """Which of the records that are due are to be destroyed, and why."""

    names = {  # noqa: RUF012 - declared by the base
        "form": ("表单", TEXT),
        "year": ("年度", YEAR),
        "id": ("编号", TEXT),
        "reason": ("事由", _REASON),
    }
    form = text(OfEdition.FORM, load_default=None, allow_none=True)
    year = optional_year()
    id = text(None, load_default=None, allow_none=True)
    reason = _reason()


class CountBody(RequestBody):
    """The number of records that are destroyed, as a check."""

    names = {"records": ("条数", _RECORDS)}  # noqa: RUF012 - declared by the base
    records = field(Integer, 12, strict=True, required=True, validate=validate.Range(0, 10**9))


class DueQuery(Page):
    """Query of the records that are due."""

    form = json_fields.printable_parameter("只要这个表单 / only this form")
    year = json_fields.year("只要这个年度 / only this year")
    id = json_fields.printable_parameter("只要这个编号 / only this id")


class HoldSchema(ResponseSchema):
    """A hold on all versions of a submission."""

    form = text(OfEdition.FORM)
    year = integer(OfEdition.YEAR)
    id = text("3201-0001")
    since = json_fields.timestamp_field()
    who = text("key:0123456789ab")
    who_name = key_name("who")
    reason = text("云财审〔2031〕7号")


class BarSchema(ResponseSchema):
    """Why a submission may not be destroyed today."""

    code = text(NOT_DUE, enum=[HELD, PERMANENT, NOT_DUE])
    message = json_fields.message("未到期，2052-01-01 起方可销毁")


class HoldsSchema(ResponseSchema):
    holds = json_fields.list_of(HoldSchema)
    next = next_page()


class PeriodSchema(ResponseSchema):
    form = text(OfEdition.FORM)
    year = integer(None, "null 为各年度 / null: every year", allow_none=True)
    years = integer(30, "null 为永久 / null: for good", allow_none=True)
    changed = json_fields.timestamp_field(allow_none=True)
    who = text("key:0123456789ab", "何人设定 / who set it", allow_none=True)
    who_name = key_name("who")

    @pre_dump
    def _every_year(self, period: Any, **_: Any) -> dict[str, Any]:
        return {**vars(period), "year": None if period.year == EVERY_YEAR else period.year}


class PeriodsSchema(ResponseSchema):
    periods = json_fields.list_of(PeriodSchema)


class PeriodChangeSchema(PeriodSchema):
    """A period that was set."""

    before = integer(50, "此前的年数，null 为永久 / years before; null: for good", allow_none=True)
    changed = json_fields.timestamp_field()
    who = text("key:0123456789ab")
    reason = text("云财审〔2031〕7号", "可能为空 / may be empty")
    first = field(Boolean, False, "此前未设定，即永久 / none was set before, which is for good")


class LiftedHoldSchema(HoldSchema):
    """A hold that was lifted."""

    lifted = json_fields.timestamp_field()
    lifted_by = text("key:0123456789ab")
    lifted_by_name = key_name("lifted_by")
    lifted_because = text("审计结束")


class RetentionChangesSchema(ResponseSchema):
    """What was changed, the latest first."""

    periods = json_fields.list_of(PeriodChangeSchema)
    holds = json_fields.list_of(LiftedHoldSchema)
    next = next_page()


class DueSchema(ResponseSchema):
    """A submission that may be destroyed, by its newest version."""

    key = field(UUID, KEY, attribute="record.key")
    form = text(OfEdition.FORM, attribute="record.form")
    year = integer(OfEdition.YEAR, attribute="record.year")
    id = text("3201-0001", attribute="record.id")
    version = integer(1, attribute="record.version")
    submitter = text("云泽县科学技术协会", "报文中的名称 / name in the payload", attribute="record.submitter")
    created = json_fields.timestamp_field(attribute="record.created")
    due = field(Date, "2032-01-01")


class DuesSchema(ResponseSchema):
    records = json_fields.list_of(DueSchema)
    more = field(Boolean, False, "还有更多 / whether there are more")


class RetentionSchema(ResponseSchema):
    """How long a record is kept, whether it is on hold, and its archival code."""

    years = integer(30, "null 为永久 / null: for good", allow_none=True)
    due = field(
        Date,
        "2052-01-01",
        "此日起可以销毁 / may be destroyed from this day on",
        allow_none=True,
    )
    last = field(Date, "2051-12-31", "保管期限的最后一天 / last day of the period", allow_none=True)
    ripe = json_fields.field(Boolean, False)
    barred_by = json_fields.list_of(
        BarSchema, "目前不得销毁的原因，空即可以 / why it may not be destroyed now; nothing if it may"
    )
    hold = json_fields.nested(HoldSchema, allow_none=True)
    lifted_holds = json_fields.list_of(LiftedHoldSchema, attribute="lifted", example=[])
    destruction_lists = json_fields.list_of(
        DestructionSchema, "列有它、尚未执行的清册 / lists with it, not carried out", [], attribute="listed"
    )
    code = text("X043-WS·2021-D30-KPB-0001", "档号 / archival code", allow_none=True)

    @pre_dump
    def _with_bars(self, kept: Keeping, **_: Any) -> dict[str, Any]:
        barred = [{"code": code, "message": words} for code, words in bars(kept, actors())]
        return {**vars(kept), "last": kept.last, "barred_by": barred}
