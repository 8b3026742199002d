"""The command that says which record a file is of."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from service.access.actors import Actors
from service.archive import Record
from service.audit.event import on_record
from service.cli.archive import archive_option, opened
from service.cli.archived.difference_lines import described, lines
from service.cli.audit_rows import audited
from service.cli.sealed import signing_time
from service.cli.terminal import echo, json_too, print_json, read, wants_json
from service.config import Settings
from service.database.column_types import iso
from service.record_comparison import identified_words
from service.record_comparison.identified import Identified
from service.record_comparison.identify import identify as identify_content
from service.signatures.verdicts import VERDICTS, extension

_NAMES = ("key", "tenant", "form", "year", "id", "version")


@click.command()
@click.argument("file", metavar="FILE")
@archive_option
@json_too
@click.pass_obj
def identify(above: Path | None, file: str, folder: Path | None) -> None:
    """核对文件：是不是归档的那一份 / check whether FILE is archived, and find its record.

    FILE：PDF（可已签名）、Word 文书、扫描件、数据 / a PDF, signed or not, a document, a scan, data.
    """
    content = read(file)
    with opened(folder or above) as archive, audited(archive, "identify") as row:
        found = identify_content(archive, content, Settings.from_env(), name=Path(file).name)
        of = found.record or found.destroyed
        row.update({**(on_record(of) if of else {}), "detail": found.detail})
        actors = Actors.of(archive)
    if wants_json():
        print_json(_report(found, actors))
        return
    for line in _lines(found):
        echo(line)


def _lines(found: Identified) -> Iterator[str]:
    heading, text = identified_words.heading(found), identified_words.explanation(found)
    yield f"{heading.zh} / {heading.en}"
    yield text.zh
    yield text.en
    for record in (found.record, *found.others):
        if record:
            yield "\t".join(_cells(record))
    if of := found.destroyed:
        yield f"{of.id}\t{of.title}\t{of.form} {of.year}\tv{of.version}\t{of.key}"
    for likely in found.likely:
        why = f"{likely.reason.zh} / {likely.reason.en}"
        yield "\t".join(("也许是 / perhaps", *_cells(likely.record), why))
    yield f"SHA-256\t{found.sha256}"
    for each in found.finding.signatures if found.finding else ():
        verdict = VERDICTS[each.verdict]
        yield f"{verdict.zh} / {verdict.en}\t{each.signer}\t{signing_time(each)}"
        if after := extension(each).zh:
            yield f"{after} / {extension(each).en}"
    for doubt in found.doubts:
        yield f"请核对 / check: {doubt.label}：{doubt.message}（{doubt.text}）"
    for difference in found.differences:
        yield from lines(difference)


def _cells(record: Record) -> tuple[str, ...]:
    edition = f"{record.form} {record.year}"
    return record.id, record.submitter, edition, f"v{record.version}", record.key


def _report(found: Identified, actors: Actors) -> dict[str, Any]:
    gone = found.destroyed and {
        **{name: getattr(found.destroyed, name) for name in (*_NAMES, "title")},
        "list": found.destroyed.list.id,
        "ended": iso(found.destroyed.ended),
        **actors.named(found.destroyed, "ended_by"),
    }
    signatures = found.finding.signatures if found.finding else ()
    return {
        "result": found.result,
        "name": identified_words.heading(found).zh,
        "explanation": identified_words.explanation(found).zh,
        "sha256": found.sha256,
        "record": found.record and _named(found.record),
        "destroyed": gone,
        "newest_version": found.newest or None,
        "part": found.file or None,
        "continued": found.continued,
        "others": [each.key for each in found.others],
        "other_records": [_named(each) for each in found.others],
        "likely": [{**_named(each.record), "reason": each.reason.zh} for each in found.likely],
        "verdict": found.finding.verdict if found.finding else None,
        "signatures": [each.as_dict() | {"name": VERDICTS[each.verdict].zh} for each in signatures],
        "unfinished": found.unfinished,
        "differences": [described(each) for each in found.differences],
        "doubts": [doubt.as_dict() for doubt in found.doubts],
    }


def _named(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in (*_NAMES, "submitter")}
