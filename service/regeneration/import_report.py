"""The report of an import: its entry for each file, and its summary."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row

from service.batch.documents.document_ids import printable
from service.batch.jobs import item_errors
from service.batch.jobs.job_tables import DONE
from service.errors import FieldError, KexieError
from service.regeneration.document_folder import PASSED_OVER, PassedOver
from service.regeneration.import_documents import READING
from service.regeneration.report_files import ReportColumn, ReportEntry, ReportKind, ReportSummary

NAMES = {
    "archived": ("已归档", "archived"),
    "skipped": ("此前已归档", "archived before"),
    "unreadable": ("无法读取", "unreadable"),
    "invalid": ("不合要求", "invalid"),
    "duplicate": ("编号重复", "same id"),
    "failed": ("失败", "failed"),
    PASSED_OVER: ("略过", "passed over"),
}
_PASSED_OVER_SHOWN = 20  # files in the text; all are in the other reports
_UNREADABLE = {"unreadable_document", "unrecognised_form", "document_refused", "unknown_form", "unknown_year"}


def _entry(row: Row[Any]) -> ReportEntry:
    known = {"file": row.place, "form": row.form or None, "year": row.year, "id": row.submitter}
    nothing: ReportEntry = {"warnings": [], "layout": [], "errors": [], "key": row.record}
    if row.state == DONE:
        return {**known, **nothing, **json.loads(row.errors), "key": row.record}
    errors = item_errors.from_json(row.errors)
    return {
        **known,
        **nothing,
        "state": _state(errors),
        "warnings": [_warning(each) for each in errors if each.code.startswith(READING)],
        "errors": [each.as_dict() for each in errors if not each.code.startswith(READING)],
    }


def _warning(error: FieldError) -> ReportEntry:
    place, _, message = error.message.zh.partition("：")
    code = error.code.removeprefix(READING)
    return {"kind": "reading", **error.as_dict(), "code": code, "place": place, "message": message}


def _state(errors: Sequence[FieldError]) -> str:
    codes = {error.code for error in errors}
    if codes & {"duplicate_id"}:
        return "duplicate"
    if codes & _UNREADABLE:
        return "unreadable"
    return "failed" if codes & _codes(KexieError) else "invalid"


def _codes(kind: type[KexieError]) -> set[str]:
    return {kind.code}.union(*(_codes(below) for below in kind.__subclasses__()))


def _kinds(entry: ReportEntry) -> Iterator[tuple[str, str]]:
    """Yields a line for each file that was not archived."""
    if entry["errors"]:
        zh, en = NAMES[entry["state"]]
        first = entry["errors"][0]
        yield (
            f"{entry['file']}：{zh}，{first['label']}：{first['message']}",
            f"{entry['file']}: {en} ({first['code']})",
        )


def _lines(found: Sequence[ReportEntry]) -> str:
    """Warnings, differences or errors as text, one per line."""
    return "\n".join(
        "：".join(str(each[key]) for key in ("pointer", "label", "place", "message") if each.get(key))
        for each in found
    )


KIND = ReportKind(
    "import",
    "导入",
    (
        ReportColumn("文件", 40, lambda entry: entry["file"]),
        ReportColumn("表单", 10, lambda entry: entry["form"]),
        ReportColumn("年度", 8, lambda entry: entry["year"]),
        ReportColumn("编号", 30, lambda entry: entry["id"]),
        ReportColumn("结果", 12, lambda entry: NAMES[entry["state"]][0]),
        ReportColumn("错误", 70, lambda entry: _lines(entry["errors"])),
        ReportColumn("读取提醒", 70, lambda entry: _lines(entry["warnings"])),
        ReportColumn("版式差异", 70, lambda entry: _lines(entry["layout"])),
        ReportColumn("记录号", 40, lambda entry: entry["key"]),
    ),
    _entry,
    _kinds,
)


def lines(summary: ReportSummary) -> list[str]:
    """The summary in Chinese and English, each with the files that were not archived."""
    count = summary.states
    total = sum(count.values())
    states = [(names, count[state]) for state, names in NAMES.items() if count[state]]
    kinds = summary.kinds.most_common()
    return [
        f"共 {total} 个文件：{'，'.join(f'{names[0]} {number}' for names, number in states)}。",
        *(f"  {zh}" for _, _, zh, _ in (key for key, _ in kinds)),
        f"{total} files: {', '.join(f'{number} {names[1]}' for names, number in states)}.",
        *(f"  {en}" for _, _, _, en in (key for key, _ in kinds)),
        *_others(summary.passed_over or ()),
    ]


def _others(found: Sequence[PassedOver]) -> Iterator[str]:
    """Yields lines for the files that were passed over."""
    if not found:
        return
    yield f"另有 {len(found)} 个文件略过 / {len(found)} other files were passed over:"
    for each in found[:_PASSED_OVER_SHOWN]:
        yield f"  {printable(each.path)}：{each.reason}"
    if (more := len(found) - _PASSED_OVER_SHOWN) > 0:
        yield f"  ……还有 {more} 个，见 import.json / {more} more: see import.json"
