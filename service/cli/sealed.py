"""The commands on what is added to records: sealed copies, and the PDFs that the service signs."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from service.access.actors import Actors
from service.archive import Archive, Record
from service.archive.additions import add_file
from service.archive.additions.addition import SEALED, Addition
from service.audit.event import on_record
from service.cli.archive import archive_option, filters, opened, record_of
from service.cli.archived.listing import by, china_time
from service.cli.audit_rows import audited
from service.cli.terminal import (
    STDIO,
    CommandGroup,
    echo,
    json_too,
    print_json,
    read,
    wants_json,
    write,
)
from service.config import Settings
from service.database.column_types import iso
from service.errors import SigningFault
from service.sealed_copies import add_copy, sign_records
from service.sealed_copies.cover_sheet import cover_sheet
from service.signatures.verdicts import VERDICTS, Signature, extension


@click.group(cls=CommandGroup)
def sealed() -> None:
    """盖章件：存入、列出、取出 / sealed copies of records: add, list, get.

    RECORD：编号（即最新的一版）或记录号 / an id (its newest version) or a key.
    """


@sealed.command()
@click.argument("named", metavar="RECORD")
@click.argument("file", metavar="FILE")
@archive_option
@json_too
def add(named: str, file: str, folder: Path | None) -> None:
    """把盖章件 FILE 存入档案 RECORD，并核验签名 / add FILE to the record and verify its signatures."""
    with opened(folder) as archive:
        copy, new = add_copy.add(archive, record_of(archive, named, "seal"), read(file), Settings.from_env())
        _print(archive, [copy])
    if not new:
        echo("早已存入 / it had been added before", err=True)


@sealed.command(name="list")
@click.argument("named", metavar="RECORD")
@archive_option
@json_too
def list_command(named: str, folder: Path | None) -> None:
    """列出档案 RECORD 的盖章件和核验结果 / list the sealed copies of the record, with what was found."""
    with opened(folder) as archive:
        record = record_of(archive, named, "read")
        with audited(archive, "read", **on_record(record)):
            copies = add_file.additions(archive, record, SEALED)
        _print(archive, copies)


@sealed.command()
@click.argument("named", metavar="RECORD")
@click.argument("number", type=click.IntRange(1), metavar="N")
@click.option("-o", "output", default=STDIO, metavar="FILE", help="默认标准输出 / standard output")
@archive_option
def get(named: str, number: int, output: str, folder: Path | None) -> None:
    """取出档案 RECORD 的第 N 份盖章件 / write the sealed copy N of the record."""
    with opened(folder) as archive:
        record = record_of(archive, named, "download")
        with audited(archive, "download", **on_record(record), detail=f"{SEALED}-{number}"):
            content = add_file.read(archive, add_file.find(archive, record, SEALED, number))
    write(output, content)


@sealed.command()
@click.argument("named", metavar="RECORD")
@click.option("-o", "output", default=STDIO, metavar="FILE", help="默认标准输出 / standard output")
@archive_option
def cover(named: str, output: str, folder: Path | None) -> None:
    """档案 RECORD 的封面页，带二维码 / write the cover sheet of the record, with its QR code."""
    with opened(folder) as archive:
        record = record_of(archive, named, "download")
        with audited(archive, "download", **on_record(record), detail="cover"):
            content = cover_sheet(record, Settings.from_env())
    write(output, content)


def _print(archive: Archive, copies: list[Addition]) -> None:
    actors = Actors.of(archive)
    if wants_json():
        print_json([described(each, actors, add_file.also_in(archive, each)) for each in copies])
        return
    if not copies:
        echo("没有盖章件 / no sealed copies", err=True)
    for copy in copies:
        for line in lines(copy, actors, add_file.also_in(archive, copy)):
            echo(line)


def lines(copy: Addition, actors: Actors, others: Iterable[Record]) -> Iterator[str]:
    """A sealed copy and what was found of it, for people; `others` are further records with the same file."""
    found = add_copy.finding(copy)
    added = f"{china_time(copy.added)}\t{by(copy.added_by, actors)}"
    yield f"{copy.name}\t{found.name.zh} / {found.name.en}\t{added}"
    yield f"  SHA-256 {copy.file.sha256}"
    for each in found.signatures:
        verdict = VERDICTS[each.verdict]
        yield f"  {verdict.zh} / {verdict.en}\t{each.signer}\t{signing_time(each)}"
        if after := extension(each).zh:
            yield f"  {after} / {extension(each).en}"
    yield f"  {found.match.zh} / {found.match.en}"
    for other in others:
        notice = add_copy.also_in(other)
        yield f"  {notice.zh} / {notice.en}\t{other.key}"


def signing_time(signature: Signature) -> str:
    """When a signature was made, and whether a time stamp or its signer says so; "" if none does."""
    if not signature.time:
        return ""
    when = china_time(datetime.fromisoformat(signature.time))
    return f"{when} ({'时间戳 / time stamp' if signature.stamped else '自报 / claimed'})"


def described(copy: Addition, actors: Actors, others: Iterable[Record] = ()) -> dict[str, Any]:
    """An addition for JSON; `others` are further records with the same file."""
    values = asdict(copy)
    more = {**actors.named(copy, "added_by"), "name": copy.name, "added": iso(copy.added)}
    also_in = [{"key": each.key, "id": each.id, "version": each.version} for each in others]
    return {**values, **values.pop("file"), **more, "also_in": also_in}


@click.command()
@archive_option
@filters
@click.option("--all", "all_records", is_flag=True, help="以前归档的也签 / those archived before too")
@json_too
def sign(folder: Path | None, year: int | None, form: str | None, all_records: bool) -> None:
    """给归档的 PDF 签名（KEXIE_SIGN_KEY）/ sign archived PDFs with the service's key."""
    with opened(folder) as archive:
        if all_records:
            found = archive.records(form=form, year=year, all_versions=True)
            sign_records.queue_unsigned(archive, found)
        count = sign_records.sign_due(archive, Settings.from_env())
    if wants_json():
        print_json({**asdict(count), "reason": count.reason.en})
    else:
        zh = f"已签 {count.signed} 份，未成 {count.failed} 份"
        echo(f"{zh} / {count.signed} signed, {count.failed} failed")
    if count.failed:
        raise SigningFault(count.reason.zh, count.reason.en)
