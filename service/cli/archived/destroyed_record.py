"""A destroyed record as lines for people, and for JSON: what its destruction list keeps of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from service.cli.archived import retention_lines
from service.cli.archived.listing import by, china_time
from service.cli.archived.record_history import (
    Line,
    archived,
    archiving_of,
    exports_of,
    taken_out,
    whole_log,
)
from service.database.column_types import iso
from service.record_history.history import DestroyedHistory


def lines(history: DestroyedHistory, folder: Path | None) -> Iterator[Line]:
    """What is known of a destroyed record, the first of its versions, in the archive `folder`, if given."""
    (found, *others), actors = history.versions, history.actors
    also = f"（同时销毁的还有 / also destroyed: {'、'.join(str(each.version) for each in others)}）"
    yield "状态 state", "已销毁 / destroyed"
    yield "编号 id", found.id
    yield "版本 version", f"{found.version}{also if others else ''}"
    yield "表单 form", found.form, str(found.year), found.title
    yield "租户 tenant", found.tenant or "-"
    yield "记录号 key", found.key
    yield "归档时间 archived", china_time(found.created)
    yield from archived(history.archivings.get(found.key), actors)
    if period := history.period:
        set_by = (china_time(period.changed), by(period.who, actors)) if period.changed and period.who else ()
        why = (f"依据 / reason: {history.period_reason}",) if history.period_reason else ()
        yield "保管期限 retention", str(period), *set_by, *why
    yield "可销毁日 due", found.due or "-"
    yield "销毁清册 destruction list", found.list.id, found.list.reason
    yield "提出 proposed", china_time(found.list.proposed), by(found.list.proposed_by, actors)
    yield "销毁 destroyed", china_time(found.ended), by(found.ended_by, actors)
    yield from taken_out(history.exports, actors)
    for name, (digest, size) in found.files.items():
        yield "文件 file", name, str(size or "-"), f"SHA-256 {digest}"
    yield "文件 file", "manifest", "-", f"SHA-256 {found.manifest}"
    yield whole_log(found, folder)


def described(history: DestroyedHistory) -> dict[str, Any]:
    """The same for JSON; times are UTC."""
    found, actors = history.versions[0], history.actors
    files = {name: {"sha256": digest, "size": size} for name, (digest, size) in found.files.items()}
    names = ("tenant", "form", "year", "id", "version")
    return {
        "state": "destroyed",
        "key": found.key,
        **{name: getattr(found, name) for name in names},
        "title": found.title,
        "created": iso(found.created),
        "archived": archiving_of(history.archivings.get(found.key), actors),
        **exports_of(history.exports, actors),
        "manifest_sha256": found.manifest,
        "files": files,
        "due": found.due,
        "period": history.period and retention_lines.as_json(history.period, actors),
        "period_reason": history.period_reason or None,
        "destroyed": {
            "list": found.list.id,
            "reason": found.list.reason,
            "proposed": iso(found.list.proposed),
            **actors.named(found.list, "proposed_by"),
            "ended": iso(found.ended),
            **actors.named(found, "ended_by"),
        },
        "versions": [{"version": each.version, "key": each.key} for each in history.versions],
    }
