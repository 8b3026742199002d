"""Before a destruction: whether the index agrees with the manifests and the audit log."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from service.archive import Archive, Record
from service.archive.verification import logged
from service.archive.verification.verify import unlike_manifests
from service.errors import Bilingual, DestructionRefused
from service.retention import holds, log_differences
from service.retention.retention_tables import EVERY_YEAR

_SHOWN = 20
_UNLOGGED = Bilingual("审计日志没有记它归档", "The audit log does not say that it was archived")


def refuse_disagreeing(
    archive: Archive, connection: Connection, records: Sequence[Record], list_id: str = ""
) -> None:
    """Raises DestructionRefused if the index says of a record what its manifest or the audit log does not.

    The log has the hash of each manifest, which has the time of archiving, the last act on a hold, the
    periods, and how the destruction list was proposed.
    """
    of_records = _disagreements(archive, connection, records)
    found = list(dict.fromkeys([*of_records, *_differences(connection, records, list_id)]))
    if not found:
        return
    zh = "；".join(f"“{id}”{what.zh}" for id, what in found[:_SHOWN])
    en = "; ".join(f"'{id}': {what.en}" for id, what in found[:_SHOWN])
    more = len(found) - _SHOWN
    raise DestructionRefused(
        f"索引与清单或审计日志不符，可能被改动，一条也不销毁：{zh}{f'；另有 {more} 处' if more > 0 else ''}。"
        "请管理员先核对整个档案。",
        f"The index is not what manifests and audit log say; it may have been edited, and nothing is "
        f"destroyed: {en}{f'; {more} more' if more > 0 else ''}. Have the administrator "
        "verify the whole archive first.",
    )


def _disagreements(
    archive: Archive, connection: Connection, records: Sequence[Record]
) -> Iterator[tuple[str, Bilingual]]:
    listed = {holds.submission(each) for each in records}
    for fault in (*unlike_manifests(archive.objects, records), *logged.faults(connection)):
        if fault.record and holds.submission(fault.record) in listed:
            yield fault.record.id, _first(fault.message)
    for record in logged.unlogged(connection, records):
        yield record.id, _UNLOGGED


def _differences(
    connection: Connection, records: Sequence[Record], list_id: str
) -> Iterator[tuple[str, Bilingual]]:
    """Where the log says otherwise of the records' periods, or of their destruction list."""
    place = log_differences.period_place
    places = {place(each.form, year) for each in records for year in (each.year, EVERY_YEAR)}
    of_periods = (each for each in log_differences.period_faults(connection) if each.place in places)
    of_list = log_differences.list_faults(connection, list_id) if list_id else ()
    for fault in (*of_periods, *of_list):
        yield fault.place, _first(fault.message)


def _first(text: Bilingual) -> Bilingual:
    """The first sentence."""
    return Bilingual(text.zh.partition("。")[0], text.en.partition(". ")[0])
