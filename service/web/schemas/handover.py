"""Schemas of the routes on hand-over and the four properties."""

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import pre_dump, validate
from marshmallow.fields import Boolean

from service.errors import Bilingual
from service.handover.check_worker import LISTED as FAULTS
from service.handover.classification import SECRECIES
from service.handover.earlier_packages import EarlierPackage
from service.handover.package_check import PackageCheck
from service.handover.package_faults import MESSAGES, PackageFault
from service.handover.selection import NOTED, Prospect, read_period
from service.web.http import json_fields
from service.web.http.auth import caller
from service.web.http.json_fields import (
    OfEdition,
    Parameter,
    Parameters,
    ResponseSchema,
    field,
    integer,
    text,
)
from service.web.schemas.actor_names import actors
from service.web.schemas.request_body import TEXT, YEAR, RequestBody, optional_year

IDS = 1_000
LISTED = 50  # ids of each kind in a response
_FLAG = Bilingual("应为 true 或 false。", "Must be true or false.")
_MANY = Bilingual(f"应为至多 {IDS} 个编号的数组。", f"Must be an array of up to {IDS} ids.")


def read_ids(name: str, value: str) -> frozenset[str]:
    """Parses ids between white space, commas or semicolons. Raises UsageError."""
    for separator in ",，;；、\r\n\t":
        value = value.replace(separator, " ")
    return frozenset(json_fields.read_printable(name, value).split())


class SelectionQuery(Parameters):
    """Query of what is handed over."""

    form = json_fields.printable_parameter("只要这个表单 / only this form")
    year = json_fields.year("只要这个年度 / only this year")
    period = Parameter(
        lambda _, value: read_period(value),
        "只要这个保管期限：永久或年数 / only what is kept so long: 永久 or years",
        "",
        type="string",
    )
    ids = Parameter(
        read_ids, "只要这些编号，以逗号分隔 / only these ids, separated by commas", frozenset(), type="string"
    )
    usual = json_fields.flag(
        "不含冻结的和 10 年以内的 / without what is on hold or kept for 10 years at most"
    )


class ExportQuery(Parameters):
    """Query of the records in a bag."""

    form = json_fields.printable_parameter("只要这个表单 / only this form")
    year = json_fields.year("只要这个年度 / only this year")


class PropertiesQuery(Parameters):
    """Query of the report on the four properties."""

    format = json_fields.choice("JSON，或 PDF/A / JSON, or PDF/A", ("json", "pdf"), "json", default="json")


class PackageBody(RequestBody):
    """What is handed over, and what the service cannot know of it."""

    names = {  # noqa: RUF012 - declared by the base
        "form": ("表单", TEXT),
        "year": ("年度", YEAR),
        "period": ("保管期限", TEXT),
        "ids": ("编号", _MANY),
        "usual": ("不含冻结的和 10 年以内的", _FLAG),
        "fonds": ("全宗号", TEXT),
        "department": ("机构或问题", TEXT),
        "department_code": ("机构或问题代码", TEXT),
        "secrecy": ("密级", TEXT),
        "renumber": ("改编档号", _FLAG),
    }
    form = text(OfEdition.FORM, load_default=None, allow_none=True)
    year = optional_year()
    period = text("永久", load_default="")
    ids = json_fields.list_of(
        text(),
        "只要这些编号 / only these ids",
        ["3201-0001"],
        load_default=list,
        validate=validate.Length(max=IDS),
    )
    usual = field(Boolean, True, load_default=False)
    fonds = text("X043", "全宗号，默认为设置 / default: the setting", load_default=None, allow_none=True)
    department = text("科普部", load_default=None, allow_none=True)
    department_code = text("KPB", load_default=None, allow_none=True)
    secrecy = text("公开", "、".join(SECRECIES), load_default=None, allow_none=True)
    renumber = field(Boolean, False, load_default=False)


class EarlierPackageSchema(ResponseSchema):
    """A package in which some of the submissions were handed over before: how many, and who made it."""

    tagmanifest = json_fields.digest()
    time = text("2021-03-09T08:00:00.123456Z")
    who = text("user:root", "须 audit:read，否则为空 / needs audit:read, else empty")
    who_name = text("", "密钥的备注名，没有则为空 / name of the key, empty without one")
    department = text("科普部", allow_none=True)
    secrecy = text("公开", allow_none=True)
    items = integer(12)

    @pre_dump
    def _named(self, package: EarlierPackage, **_: Any) -> dict[str, Any]:
        who = package.who if "audit:read" in caller().scopes else ""
        return {**vars(package), "who": who, "who_name": actors().name(who)}


class ItemSchema(ResponseSchema):
    """The form, year and id of a submission."""

    form = text(OfEdition.FORM)
    year = integer(2021)
    id = text("3201-0001")


class ProspectSchema(ResponseSchema):
    """What would be handed over, and what is to be said of it: how many, and the first ids of each kind."""

    items = integer(12)
    left_out = integer(0)
    held_count = integer(1)
    held = json_fields.list_of(text("3201-0001"), f"冻结的，前 {LISTED} 件 / on hold, the first {LISTED}")
    short_count = integer(1)
    short = json_fields.list_of(
        text("3201-0002"),
        f"保管期限不超过 10 年的，前 {LISTED} 件 / kept for 10 years at most, the first {LISTED}",
    )
    proposed_count = integer(1)
    proposed = json_fields.list_of(
        text("3201-0002"),
        f"在未执行的销毁清册中的，前 {LISTED} 件 / in a destruction list that is open, the first {LISTED}",
    )
    unnamed_count = integer(1)
    unnamed = json_fields.list_of(
        text("3201-0003"), f"没有责任者的，前 {LISTED} 件 / without submitter, the first {LISTED}"
    )
    held_items = json_fields.list_of(ItemSchema, "同 held，附表单和年度 / as held, with form and year")
    short_items = json_fields.list_of(ItemSchema, "同 short / as short")
    proposed_items = json_fields.list_of(ItemSchema, "同 proposed / as proposed")
    unnamed_items = json_fields.list_of(ItemSchema, "同 unnamed / as unnamed")
    earlier_count = integer(1)
    earlier = json_fields.list_of(
        EarlierPackageSchema,
        f"此前的移交包，最近的 {LISTED} 个 / packages in which they were before, the latest {LISTED}",
    )

    @pre_dump
    def _counted(self, seen: Prospect, **_: Any) -> dict[str, Any]:
        counts = {f"{name}_count": len(getattr(seen, name)) for name in (*NOTED, "earlier")}
        listed = {name: each[:LISTED] for name, each in seen.as_dict().items() if isinstance(each, list)}
        return {**vars(seen), **listed, "earlier": seen.earlier[:LISTED], **counts}


class ReceivedPackageForm(Parameters):
    """The form with a package that was received."""

    limit = "sealed_limit"
    file = field(Upload, None, "移交包（zip） / a package for an archive, a zip", required=True)


class PackageFaultSchema(ResponseSchema):
    """A fault of a package, and where it is."""

    code = text("metadata_invalid", enum=list(MESSAGES))
    file = text(
        "data/X043-WS·2021-Y-KPB-0001/元数据.xml", "包内的路径，空为整个包 / its path, empty for the whole"
    )
    detail = text("")
    message = json_fields.message("元数据不符合方案")

    @pre_dump
    def _in_words(self, fault: PackageFault, **_: Any) -> dict[str, Any]:
        return {**vars(fault), "message": fault.message}


class PackageCheckSchema(ResponseSchema):
    """What was checked of a package, and its faults."""

    valid = field(Boolean, True)
    tagmanifest = text("0" * 64, "包的校验值，读不出为空 / hash of the package, empty if it cannot be read")
    in_bag = integer(12, "包的清单中的文件数 / files in the manifest of the bag")
    items = integer(3)
    files = integer(9, "元数据描述的文件数 / files that metadata describe")
    size = integer(123456, "其字节数 / their bytes")
    sha256 = integer(9, "核对的 SHA-256 数 / SHA-256 that were checked")
    sm3 = integer(9, "核对的 SM3 数 / SM3 that were checked")
    sm3_unchecked = integer(0, "本机不能核对的 SM3 数 / SM3 that this machine cannot check")
    own_schema = field(
        Boolean, True, "包里的元数据方案是不是本版本的 / whether its schema is that of this version"
    )
    faults_count = integer(0)
    faults = json_fields.list_of(PackageFaultSchema, f"前 {FAULTS} 处 / the first {FAULTS}")

    @pre_dump
    def _counted(self, found: PackageCheck, **_: Any) -> dict[str, Any]:
        return {**vars(found), "faults_count": found.faults_count, "valid": not found.faults}
