"""What went wrong with an item: kept as JSON, told in both languages."""

from __future__ import annotations

import json
from collections.abc import Sequence

from service.batch.inputs.item import parse_place
from service.errors import Bilingual, FieldError, KexieError


def to_json(errors: Sequence[FieldError]) -> str:
    """The errors as JSON, for the table."""
    return json.dumps(
        [[each.pointer, each.label, each.code, each.message.zh, each.message.en, each.at] for each in errors]
    )


def from_json(text: str | None) -> tuple[FieldError, ...]:
    """The errors that `as_text` wrote."""
    return tuple(
        FieldError(pointer, label, code, Bilingual(zh, en), *at)  # jobs of former versions have no `at`
        for pointer, label, code, zh, en, *at in json.loads(text or "[]")
    )


def errors_of(error: KexieError) -> tuple[FieldError, ...]:
    """Each fault of the data that an error tells; the error itself where it tells none."""
    return error.errors or (FieldError("", error.title.zh, error.code, error.text),)


def worker_lost() -> FieldError:
    """The error of an item over which workers ended again and again."""
    text = Bilingual(
        "处理这条记录的进程多次意外中止，不再重试。请告知管理员；可用 --retry-failed 再试。",
        "Processes that worked on this record ended again and again. Tell the administrator; "
        "--retry-failed tries once more.",
    )
    return FieldError("", "处理进程", "worker_lost", text)


def service_failed() -> FieldError:
    """The error of an item over which the service itself failed."""
    text = Bilingual(
        "处理这条记录时服务出错，已写入日志。请告知管理员。",
        "The service failed over this record; its log says how. Tell the administrator.",
    )
    return FieldError("", KexieError.title.zh, KexieError.code, text)


def duplicate_id(id: str, here: str, before: str) -> FieldError:
    """The error of an item whose id stood in the same input before."""
    text = Bilingual(
        f"编号“{id}”在同一批次中出现两次：先在{_called(before)}，又在{_called(here)}。请只保留一条。",
        f"The id '{id}' stands twice in this batch: at {before}, then at {here}. Keep one.",
    )
    return FieldError("/id", "编号", "duplicate_id", text)


def _called(place: str) -> str:
    """A place as Chinese readers name it."""
    found = parse_place(place)
    return found.named.zh if found else f" {place} "
