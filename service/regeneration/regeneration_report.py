"""The report of a regeneration: its entry for each record, and its summary."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from service.archive import Archive
from service.batch.jobs import item_errors
from service.batch.jobs.job_tables import DONE
from service.errors import Bilingual
from service.regeneration.inference import CONVERTED, INFERRED, REASONS, Tally
from service.regeneration.inference import NAMES as PDFS
from service.regeneration.regenerate import converted
from service.regeneration.regeneration_job import record_fields
from service.regeneration.report_files import ReportColumn, ReportEntry, ReportKind, ReportSummary

NAMES = {
    "identical": ("一致", "identical"),
    "changed": ("有变化", "changed"),
    "failed": ("失败", "failed"),
}
_PARTS = {
    "edition": ("版次", "edition"),
    "text": ("文字", "text"),
    "layout": ("版式", "layout"),
    "fonts": ("字体", "fonts"),
    "pages": ("页面", "pages"),
    "engine": ("生成程序", "engine"),
}
_MOST = 40  # kinds of changes in the text
_DOUBT = Bilingual(
    "抽查发现不同，指纹不可信：其余的也都重新转换了。",
    "The sample differed, so fingerprints are not trusted: all others were converted too.",
)
_NAMED = 20  # sampled records in the text


def kind(archive: Archive, tally: Tally) -> ReportKind:
    """The report on records of this archive, which counts them in the tally."""
    return ReportKind("regeneration", "重新生成", _COLUMNS, _entries(archive, tally), _kinds, tally.as_dict)


def _entries(archive: Archive, tally: Tally) -> Callable[[Row[Any]], ReportEntry]:
    def entry(row: Row[Any]) -> ReportEntry:
        report = {**json.loads(row.errors), "errors": []} if row.state == DONE else _failed(archive, row)
        tally.add(report)
        return report

    return entry


def _failed(archive: Archive, row: Row[Any]) -> ReportEntry:
    nothing: ReportEntry = {"parts": [], "pages": [], "changes": [], "new_version": None, "pictures": []}
    return {
        "state": "failed",
        **record_fields(archive.get(row.submitter)),
        **nothing,
        **converted(None, None, json.loads(row.payload)["way"]),
        "errors": [
            {**error.as_dict(), "message": asdict(error.message)}
            for error in item_errors.from_json(row.errors)
        ],
    }


def _kinds(entry: ReportEntry) -> Iterator[tuple[str, str]]:
    if entry["state"] == "identical":
        return
    for change in entry["changes"]:
        yield _change(change, "zh"), _change(change, "en")
    for error in entry["errors"]:
        yield f"失败：{error['label']} {error['message']['zh']}", f"failed: {error['message']['en']}"


def _change(change: ReportEntry, lang: str) -> str:
    part = dict(zip(("zh", "en"), _PARTS[change["part"]], strict=True))
    colon = {"zh": "：", "en": ": "}[lang]
    return f"{part[lang]} | {change['place'][lang]}{colon}{change['message'][lang]}"


def _errors(entry: ReportEntry) -> str:
    return "\n".join(
        f"{error['pointer']} {error['label']}：{error['message']['zh']}".strip() for error in entry["errors"]
    )


_COLUMNS = (
    ReportColumn("年度", 8, lambda entry: entry["year"]),
    ReportColumn("表单", 10, lambda entry: entry["form"]),
    ReportColumn("编号", 24, lambda entry: entry["id"]),
    ReportColumn("版本", 8, lambda entry: entry["version"]),
    ReportColumn("结果", 10, lambda entry: NAMES[entry["state"]][0]),
    ReportColumn("变化部分", 24, lambda entry: "、".join(_PARTS[part][0] for part in entry["parts"])),
    ReportColumn("变化", 80, lambda entry: "\n".join(_change(change, "zh") for change in entry["changes"])),
    ReportColumn("错误", 60, _errors),
    ReportColumn("新版本", 10, lambda entry: entry["new_version"]),
    ReportColumn("PDF", 12, lambda entry: entry["pdf"] and PDFS[entry["pdf"]].zh),
    ReportColumn("转换原因", 24, lambda entry: entry["reason"] and REASONS[entry["reason"]].zh),
    ReportColumn("图片", 50, lambda entry: "\n".join(entry["pictures"])),
    ReportColumn("记录号", 40, lambda entry: entry["key"]),
)


def lines(summary: ReportSummary, *, dry_run: bool, tally: Tally) -> list[str]:
    """The summary in Chinese and English: the changes with their numbers of records, most frequent first."""
    ways_zh, ways_en = _ways(tally)
    count = summary.states
    total = sum(count.values())
    zh, en = (
        ("试运行，未归档", "nothing archived: dry run")
        if dry_run
        else ("已存为新版本", "archived as new versions")
    )
    zh, en = (f"（{zh}）", f" ({en})") if count["changed"] else ("", "")
    kinds = summary.kinds.most_common(_MOST)
    same, changed, failed = (count[state] for state in NAMES)
    return [
        f"共 {total} 条：一致 {same}，有变化 {changed}{zh}，失败 {failed}。",
        *ways_zh,
        *_editions(summary, 0),
        *(f"  {form} {year}  {what}（{number} 条）" for (form, year, what, _), number in kinds),
        f"{total} records: {same} identical, {changed} changed{en}, {failed} failed.",
        *ways_en,
        *_editions(summary, 1),
        *(f"  {form} {year}  {what} (records: {number})" for (form, year, _, what), number in kinds),
    ]


def _ways(tally: Tally) -> tuple[list[str], list[str]]:
    """How the PDFs came about, and the sample, in Chinese and English; nothing if all were converted."""
    if (sample := tally.sample) is None:
        return [], []
    made, inferred = tally.ways[CONVERTED], tally.ways[INFERRED]
    reasons = [(text, tally.reasons[code]) for code, text in REASONS.items() if tally.reasons[code]]
    zh = "，".join(f"{text.zh} {count}" for text, count in reasons)
    en = ", ".join(f"{text.en}: {count}" for text, count in reasons)
    names = [f"{each['form']} {each['year']} {each['id']}" for each in tally.sampled[:_NAMED]]
    names += ["……"] * (len(tally.sampled) > _NAMED)
    return [
        f"PDF：由指纹推断 {inferred}，重新转换 {made}{f'（{zh}）' if zh else ''}。",
        f"抽查 {sample.size}（种子 {sample.seed}）：{'、'.join(names) or '无'}。",
        *([] if tally.trusted else [_DOUBT.zh]),
    ], [
        f"PDFs: {inferred} inferred from fingerprints, {made} converted{f' ({en})' if en else ''}.",
        f"Sample of {sample.size} (seed {sample.seed}): {', '.join(names) or 'none'}.",
        *([] if tally.trusted else [_DOUBT.en]),
    ]


def _editions(summary: ReportSummary, language: int) -> Iterator[str]:
    """Yields a line for each edition that is not entirely identical."""
    for form, year in sorted({key[:2] for key in summary.editions if key[2] != "identical"}, key=str):
        states = (
            f"{names[language]} {summary.editions[form, year, state]}"
            for state, names in NAMES.items()
            if summary.editions[form, year, state]
        )
        yield f"{form} {year}{'：' if language == 0 else ': '}{('，', ', ')[language].join(states)}"
