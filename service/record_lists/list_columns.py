"""The columns of a list of records."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service import catalog
from service.archive import Record
from service.submission import time_in_china

Value = str | int | datetime | None


@dataclass(frozen=True)
class Column:
    """A column: its heading, its width in characters, and its value for what a row lists."""

    heading: str
    width: int
    value: Callable[[Any], Value]


def title(record: Record) -> str:
    """The title of a record's form; the form's key if the service no longer has that edition."""
    return title_of(record.form, record.year)


def title_of(form: str, year: int) -> str:
    """The title of a form in a year; its key if the service does not have it."""
    edition = catalog.find(form, year)
    return edition.title if edition else form


def _pdf(record: Record) -> str:
    return record.files["pdf"].sha256 if "pdf" in record.files else ""


COLUMNS = (
    Column("年度", 8, lambda record: record.year),
    Column("编号", 28, lambda record: record.id),
    Column("名称", 28, lambda record: record.submitter),
    Column("题名", 28, title),
    Column("版本", 6, lambda record: record.version),
    Column("归档时间", 18, lambda record: time_in_china(record.created)),
    Column("页数", 6, lambda record: record.pages),
    Column("提醒", 6, lambda record: record.warnings),
    Column("清单 SHA-256", 68, lambda record: record.manifest),
    Column("PDF SHA-256", 68, _pdf),
    Column("表单", 12, lambda record: record.form),
    Column("租户", 12, lambda record: record.tenant),
    Column("记录号", 38, lambda record: record.key),
)
