"""The errors of an item, stored as JSON with messages in both languages."""

import json
from collections.abc import Sequence

from service.batch.inputs.item import parse_place
from service.errors import Bilingual, FieldError, KexieError


def to_json(errors: Sequence[FieldError]) -> str:
    """Serialises errors for the `errors` column."""
    return json.dumps(
        [[each.pointer, each.label, each.code, each.message.zh, each.message.en, each.at] for each in errors]
    )


def from_json(text: str | None) -> tuple[FieldError, ...]:
    """Parses what `to_json` wrote."""
    return tuple(
        FieldError(pointer, label, code, Bilingual(zh, en), *at)  # jobs of earlier versions have no `at`
        for pointer, label, code, zh, en, *at in json.loads(text or "[]")
    )


def errors_of(error: KexieError) -> tuple[FieldError, ...]:
    """The field errors of an error; the error itself as one when it has none."""
    return error.errors or (FieldError("", error.title.zh, error.code, error.text),)


def worker_lost() -> FieldError:
    """The error of an item whose workers crashed repeatedly."""
    text = Bilingual(
        "处理这条记录的进程多次意外中止，不再重试。请告知管理员；可用 --retry-failed 再试。",
        "The processes working on this record crashed repeatedly, so it is not retried. Inform "
        "the administrator; --retry-failed tries again.",
    )
    return FieldError("", "处理进程", "worker_lost", text)


def service_failed() -> FieldError:
    """The error of an item whose processing raised an unexpected exception."""
    text = Bilingual(
        "处理这条记录时服务出错，已写入日志。请告知管理员。",
        "The service failed on this record; the log has the details. Inform the administrator.",
    )
    return FieldError("", KexieError.title.zh, KexieError.code, text)


def duplicate_id(id: str, here: str, before: str) -> FieldError:
    """The error of an item whose id occurred earlier in the same input."""
    text = Bilingual(
        f"编号“{id}”在同一批次中出现两次：先在{_chinese_name(before)}，又在{_chinese_name(here)}。请只保留一条。",
        f"The id '{id}' occurs twice in this batch: at {before}, then at {here}. Keep one.",
    )
    return FieldError("/id", "编号", "duplicate_id", text)


def _chinese_name(place: str) -> str:
    """The name of a place in Chinese text."""
    found = parse_place(place)
    return found.named.zh if found else f" {place} "
