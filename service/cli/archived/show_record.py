"""The command that says all of one record: its files, who archived it, until when it is kept, or its end."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from service.archive import Archive, Record
from service.audit.event import on_record
from service.cli.archive import archive_option, opened, record_of
from service.cli.archived import destroyed_record, record_history
from service.cli.audit_rows import audited
from service.cli.terminal import echo, json_too, print_json, wants_json
from service.config import Settings
from service.errors import RecordDestroyed
from service.record_history import destruction_entries
from service.record_history.destruction_entries import DestroyedRecord
from service.record_history.history import destroyed_history, history


@click.command()
@click.argument("named", metavar="RECORD")
@archive_option
@json_too
@click.pass_obj
def show(above: Path | None, named: str, folder: Path | None) -> None:
    """一条档案的全部情况 / all of a record, by its id or key; of a destroyed one, too.

    文件和校验值、归档人、盖章件、保管期限和到期日、冻结、谁可以销毁；已销毁的：何时、由谁、按哪份清册。
    Files and hashes, who archived it, sealed copies, until when it is kept, holds, who may destroy it; of a
    destroyed one when, by whom and by which list.
    """
    given = folder or above
    with opened(given) as archive:
        try:
            record = record_of(archive, named, "read")
        except RecordDestroyed:
            _show_destroyed(archive, destruction_entries.named(archive, named), given)
        else:
            _show(archive, record, given)


def _show(archive: Archive, record: Record, folder: Path | None) -> None:
    with audited(archive, "read", **on_record(record)):
        found = history(archive, record)
    if wants_json():
        print_json(record_history.described(found))
    else:
        _print(record_history.lines(found, Settings.from_env(), folder))


def _show_destroyed(archive: Archive, versions: Sequence[DestroyedRecord], folder: Path | None) -> None:
    found = destroyed_history(archive, versions)
    if wants_json():
        print_json(destroyed_record.described(found))
    else:
        _print(destroyed_record.lines(found, folder))


def _print(lines: Iterable[Sequence[str]]) -> None:
    for line in lines:
        echo("\t".join(line))
