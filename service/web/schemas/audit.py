"""Schemas of the audit log's route."""

from collections.abc import Callable
from datetime import datetime

from service.audit import audit_search
from service.audit.audit_search import HASH_WORDS
from service.audit.chain_proof import MESSAGES
from service.audit.event import ACTIONS
from service.errors import UsageError
from service.web.http import json_fields
from service.web.http.json_fields import (
    OfEdition,
    Page,
    Parameter,
    Parameters,
    ResponseSchema,
    integer,
    text,
)
from service.web.http.parameters import in_zh

_KEY = "6f1f2b0e-6a44-5b0e-9d0e-3d2f3c1b7a55"


def read_action(name: str, value: str) -> str:
    """Parses an act. Raises UsageError."""
    if value not in ACTIONS:
        known = ", ".join(ACTIONS)
        raise UsageError(
            f"没有这种操作，{in_zh(name)}可选：{known}。", f"Unknown act; {name} takes: {known}."
        )
    return value


def read_moment(read: Callable[[str], datetime]) -> Callable[[str, str], datetime]:
    """Makes a parser of a date or time, which raises UsageError."""

    def parsed(name: str, value: str) -> datetime:
        try:
            return read(value)
        except ValueError as error:
            raise UsageError(
                f"{in_zh(name)}应为日期或时间，如 2021-03-09 或 2021-03-09T08:00。",
                f"{name} must be a date or time, as 2021-03-09 or 2021-03-09T08:00.",
            ) from error

    return parsed


def read_sha256(name: str, value: str) -> str:
    """Parses a hash, its first digits, or the id of a destruction list. Raises UsageError."""
    try:
        return audit_search.read_sha256(value)
    except ValueError as error:
        raise UsageError(f"{in_zh(name)}应为{HASH_WORDS.zh}。", f"{name} must be {HASH_WORDS.en}.") from error


def read_seq(name: str, value: str) -> int:
    """Parses the number of a row. Raises UsageError."""
    if not (value.isascii() and value.isdecimal() and len(value) < 19):
        raise UsageError(
            f"{in_zh(name)}应为上一页 next 中的值。", f"{name} must be that of the previous page's next."
        )
    return int(value)


class AuditFilters(Parameters):
    """Query of the rows that are listed."""

    action = Parameter(read_action, "只要这种操作 / only this act", type="string", enum=list(ACTIONS))
    who = json_fields.printable_parameter(
        "只要此密钥（编号或名称）或用户（user:…）/ only this key (id or name) or user (user:…)"
    )
    record = json_fields.printable_parameter(
        "只要这一版（记录号），各版用 form、year、id / only this version (its key); all: form, year, id"
    )
    form = json_fields.printable_parameter("只要这个表单 / only this form")
    year = json_fields.year("只要这个年度 / only this year")
    id = json_fields.printable_parameter("只要这个编号 / only this id")
    batch = json_fields.printable_parameter("只要这个批次 / only this batch")
    sha256 = Parameter(
        read_sha256,
        "只要写有这个校验值的：导出的包（tagmanifest）、清单、存入或核对过的文件；或这份销毁清册的 / only "
        "rows with this hash: of an exported package (its tagmanifest), a manifest, a file that was added or "
        "identified; or with this destruction list (its id)",
        type="string",
    )
    since = Parameter(
        read_moment(audit_search.read_since),
        "从此日或此时起，不写时区即北京时间 / from this day or time on; in China's time without a zone",
        data_key="from",
        type="string",
    )
    until = Parameter(
        read_moment(audit_search.read_until),
        "到此日（含）或此时止 / to the end of this day, or to this time",
        data_key="to",
        type="string",
    )


class AuditFileQuery(AuditFilters):
    """Query of the rows as a file."""

    format = json_fields.choice("文件的格式 / kind of file", ("csv", "ndjson"), "csv", default="csv")


class AuditQuery(AuditFilters, Page):
    """Query of the audit log."""

    after = Parameter(
        read_seq, "上一页 next 中的值 / cursor from the previous page", type="string", pattern="^[0-9]{1,18}$"
    )


class AuditRowSchema(ResponseSchema):
    """A row of the audit log, with all that its hash is made of, and names, which are not part of it."""

    seq = integer(17, "行号，从 1 起 / number of the row, from 1", minimum=1)
    time = text("2021-03-09T08:00:00.123456Z")
    who = text("key:0123456789ab", "密钥的编号、用户等 / a key's id, a user and so on")
    origin = text("10.1.2.0/24", "来源网段或主机 / network of the address, or host")
    action = text("download", enum=list(ACTIONS))
    tenant = text("云泽县科协")
    form = text(OfEdition.FORM, allow_none=True)
    year = integer(OfEdition.YEAR, allow_none=True)
    id = text("3201-0001", allow_none=True)
    version = integer(1, allow_none=True)
    record = text(_KEY, "记录号 / the record's key", allow_none=True)
    manifest = text("0" * 64, "清单的校验值 / SHA-256 of the record's manifest", allow_none=True)
    batch = text(None, allow_none=True)
    detail = text("pdf", allow_none=True)
    result = text("ok", "ok、begun、same 或错误的 code / ok, begun, same, or the code of an error")
    name = text("档案室张", "密钥的备注名 / name of the key", allow_none=True)
    submitted_by = text(None, "批次的提交人 / who submitted the batch", allow_none=True)
    submitted_by_name = text(None, "其密钥的备注名 / name of that key", allow_none=True)
    with_id = text(
        "3201-0001", "比较的另一条记录的编号 / id of the record that it was compared with", allow_none=True
    )
    with_version = integer(1, "其版本 / its version", allow_none=True)
    previous = json_fields.digest()
    hash = json_fields.digest()


class AuditLogSchema(ResponseSchema):
    rows = json_fields.list_of(AuditRowSchema, "新的在前 / the latest first")
    next = text(None, allow_none=True)


class ChainFaultSchema(ResponseSchema):
    """The first broken row."""

    code = text("changed", enum=list(MESSAGES))
    seq = integer(17, minimum=1)
    message = json_fields.message()


class ProofSchema(ResponseSchema):
    """What the chain of the whole log came to."""

    rows = integer(17, "完好的行数 / rows that hold", minimum=0)
    hash = json_fields.digest()
    verified = json_fields.timestamp_field()
    fault = json_fields.nested(ChainFaultSchema, allow_none=True)
