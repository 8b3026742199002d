"""The history of a record as lines for people, and for JSON."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from service.access.actors import Actors
from service.archive import Record
from service.archive.additions.addition import SEALED, SIGNED
from service.archive.record import PARTS
from service.cli import sealed
from service.cli.archived.listing import by, china_time
from service.config import Settings
from service.database.column_types import iso
from service.record_history.archiving import Archiving
from service.record_history.destruction_entries import DestroyedRecord
from service.record_history.exports import Exports
from service.record_history.history import RecordHistory
from service.record_history.keeping import bars
from service.record_lists.list_columns import title_of
from service.retention.periods import Period

_NONE, _UNLOGGED = "-", "审计日志没有记 / the audit log does not say"
Line = tuple[str, ...]


def lines(found: RecordHistory, settings: Settings, folder: Path | None) -> Iterator[Line]:
    """What is known of a record: on each line a label, then what it says.

    `folder` is that of the archive, if it was given.
    """
    record = found.record
    newest = "" if found.keeping.newest == record.version else f"（最新 / newest: {found.keeping.newest}）"
    yield "编号 id", record.id
    yield "版本 version", f"{record.version}{newest}"
    yield "名称 submitter", " ".join(record.submitter.split()) or _NONE
    yield "表单 form", record.form, str(record.year), title_of(record.form, record.year)
    yield "租户 tenant", record.tenant or _NONE
    yield "记录号 key", record.key
    yield "档号 archival code", str(found.keeping.code or "没有，尚未移交 / none: not handed over yet")
    yield "归档时间 archived", china_time(record.created)
    yield from archived(found.archiving, found.actors)
    for other in found.versions:
        if other != record:
            yield from _version(other, found)
    yield from _files(found)
    yield from taken_out(found.exports, found.actors)
    yield from _kept(found)
    yield from _may_destroy(found, settings)
    yield whole_log(record, folder)


def whole_log(record: Record | DestroyedRecord, folder: Path | None) -> Line:
    """The command for all that the audit log has of a submission."""
    words = ["kexie-forms", "audit", "--form", record.form, "--year", str(record.year), "--id", record.id]
    return "日志全文 whole log", shlex.join(words if folder is None else [*words, "--archive", str(folder)])


def _version(other: Record, found: RecordHistory) -> Iterator[Line]:
    done = found.archivings.get(other.key)
    who = by(done.submitted_by or done.who, found.actors) if done else _UNLOGGED
    yield "其他版本 other version", str(other.version), china_time(other.created), who, other.key


def archived(done: Archiving | None, actors: Actors) -> Iterator[Line]:
    """Who archived a record, and for which batch."""
    if done is None:
        yield "归档人 by", _UNLOGGED
        return
    yield "归档人 by", by(done.who, actors), done.origin
    if done.batch:
        submitted = by(done.submitted_by, actors) if done.submitted_by else _NONE
        yield "批次 batch", done.batch, f"提交人 / submitted by: {submitted}"


def _files(found: RecordHistory) -> Iterator[Line]:
    for part, file in found.record.files.items():
        yield "文件 file", part, f"{file.size}", f"SHA-256 {file.sha256}"
    yield "文件 file", "manifest", _NONE, f"SHA-256 {found.record.manifest}"
    for each in found.additions:
        if each.kind == SIGNED:
            yield "文件 file", SIGNED, f"{each.file.size}", f"SHA-256 {each.file.sha256}"
    copies = [each for each in found.additions if each.kind == SEALED]
    if not copies:
        yield "盖章件 sealed copy", _NONE
    for copy in copies:
        first, *more = sealed.lines(copy, found.actors, found.also_in[copy.name])
        yield "盖章件 sealed copy", first
        yield from ((line,) for line in more)


def taken_out(exports: Exports, actors: Actors) -> Iterator[Line]:
    """Who took a record out, in which versions: a line for each time."""
    for each in exports.latest:
        done = f"{each.words.zh} / {each.words.en}"
        versions = "、".join(f"v{version}" for version in each.versions)
        yield "取出 taken out", china_time(each.time), by(each.who, actors), each.origin, versions, done
    if exports.earlier:
        yield "取出 taken out", f"另有更早的 {exports.earlier} 次 / {exports.earlier} earlier"
    if not exports.latest:
        yield "取出 taken out", _NONE


def _kept(found: RecordHistory) -> Iterator[Line]:
    kept, record = found.keeping, found.record
    until = f"到 / until {kept.last}" if kept.last else ""
    past = "已到期，可以销毁 / past its period: may be destroyed" if kept.ripe else ""
    period = str(Period(record.form, record.year, kept.years))
    yield "保管期限 retention", *(each for each in (period, until, past) if each)
    if hold := kept.hold:
        yield "冻结 hold", china_time(hold.since), by(hold.who, found.actors), hold.reason
    else:
        yield "冻结 hold", _NONE
    for lifted in kept.lifted:
        yield "冻结 hold", china_time(lifted.since), by(lifted.who, found.actors), lifted.reason
        yield (
            "解除冻结 lifted",
            china_time(lifted.lifted),
            by(lifted.lifted_by, found.actors),
            lifted.lifted_because,
        )
    for each in kept.listed:
        proposed = by(each.proposed_by, found.actors)
        yield "销毁清册 destruction list", each.id, china_time(each.proposed), proposed, each.reason
    if not kept.listed:
        yield "销毁清册 destruction list", _NONE


def _may_destroy(found: RecordHistory, settings: Settings) -> Iterator[Line]:
    if barred := [f"{words.zh} / {words.en}" for _, words in bars(found.keeping, found.actors)]:
        yield "目前不得销毁 may not be destroyed now", *barred
    for key in found.may_destroy:
        yield "可销毁者 may destroy", by(f"key:{key.id}", found.actors)
    if settings.jwt_issuer:
        portal = "门户令牌带 archive:destroy 的人 / who has a portal token with archive:destroy"
        yield "可销毁者 may destroy", portal
    yield "可销毁者 may destroy", "在服务器上用本命令的人 / who uses this command on the server"
    if settings.second_person:
        two = "一人提出，另一人执行 / one person proposes, another carries out"
        yield "可销毁者 may destroy", two


def described(found: RecordHistory) -> dict[str, Any]:
    """The same for JSON; times are UTC."""
    record = found.record
    names = ("key", "tenant", "form", "year", "id", "version", "submitter", "pages", "warnings")
    return {
        "state": "kept",
        **{name: getattr(record, name) for name in (*names, "edition_hash")},
        "newest_version": found.keeping.newest,
        "title": title_of(record.form, record.year),
        "created": iso(record.created),
        "archived": archiving_of(found.archiving, found.actors),
        "versions": [
            {
                "version": each.version,
                "key": each.key,
                "created": iso(each.created),
                "archived": archiving_of(found.archivings.get(each.key), found.actors),
            }
            for each in found.versions
        ],
        "manifest_sha256": record.manifest,
        "files": {part: vars(record.files[part]) for part in PARTS if part in record.files},
        "additions": [
            sealed.described(each, found.actors, found.also_in[each.name]) for each in found.additions
        ],
        **exports_of(found.exports, found.actors),
        "archival_code": found.keeping.code and str(found.keeping.code),
        **_keeping(found),
        "may_destroy": [{"id": key.id, "name": key.name} for key in found.may_destroy],
    }


def exports_of(exports: Exports, actors: Actors) -> dict[str, Any]:
    """Exports and downloads for JSON; `version` is the newest in each."""
    latest = [
        {
            **vars(each),
            "version": each.versions[-1],
            "time": iso(each.time),
            "name": actors.name(each.who),
        }
        for each in exports.latest
    ]
    return {"exports": latest, "earlier_exports": exports.earlier}


def archiving_of(done: Archiving | None, actors: Actors) -> dict[str, Any] | None:
    """Who archived a record, for JSON."""
    if done is None:
        return None
    names = {"name": actors.name(done.who), "submitted_by_name": actors.name(done.submitted_by or "")}
    return {**vars(done), **names, "time": iso(done.time)}


def _keeping(found: RecordHistory) -> dict[str, Any]:
    kept, names = found.keeping, found.actors.named
    hold = kept.hold and {
        "since": iso(kept.hold.since),
        **names(kept.hold, "who"),
        "reason": kept.hold.reason,
    }
    lifted = [
        {
            **vars(each),
            **names(each, "who", "lifted_by"),
            "since": iso(each.since),
            "lifted": iso(each.lifted),
        }
        for each in kept.lifted
    ]
    listed = [
        {
            "id": each.id,
            "proposed": iso(each.proposed),
            **names(each, "proposed_by"),
            "reason": each.reason,
        }
        for each in kept.listed
    ]
    until = {"until": kept.last and str(kept.last), "due": kept.due and str(kept.due)}
    retention = {"years": kept.years, **until, "ripe": kept.ripe}
    barred = [{"code": code, "message": words.zh} for code, words in bars(kept, found.actors)]
    return {
        "retention": retention,
        "barred_by": barred,
        "hold": hold,
        "lifted_holds": lifted,
        "destruction_lists": listed,
    }
