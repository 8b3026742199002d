"""The command that compares a record with another, or with a file."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from service.answers.payload_comparison import Difference
from service.archive import Archive, Record
from service.archive.object_store import sha256
from service.atomic_file import atomic_write
from service.audit.event import COMPARED_WITH, on_record
from service.cli.archive import archive_option, record_of
from service.cli.archived.difference_lines import described, lines
from service.cli.audit_rows import audited
from service.cli.terminal import STDIO, echo, json_too, print_json, read, wants_json
from service.config import Settings
from service.record_comparison import sides
from service.record_comparison.changed_pages import changed_pages
from service.record_comparison.sides import Side


@click.command()
@click.argument("named", metavar="RECORD")
@click.argument("other", metavar="[RECORD|FILE]", required=False)
@click.option(
    "--pictures",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="画出不同之处所在的页面 / draw the pages that differ, with the fields outlined",
)
@archive_option
@json_too
@click.pass_obj
def compare(
    above: Path | None, named: str, other: str | None, pictures: Path | None, folder: Path | None
) -> None:
    """逐栏比较两条档案，或档案与文件 / compare a record with another, or with a file, field by field.

    RECORD：编号（即最新的一版）或记录号；默认与前一版比较 / an id (its newest version) or a key; by default
    with the version before.

    FILE：填好的表单、携带数据的 PDF 或报文 / a filled form, a PDF that carries its data, or a payload (JSON).
    """
    settings = Settings.from_env()
    with Archive.open(settings, folder or above, create=False) as archive:
        record = record_of(archive, named, "compare")
        with audited(archive, "compare", **on_record(record)) as row:
            before = sides.of_record(archive, record)
            if other is None:
                older = sides.version_before(archive, record)
                row["detail"] = f"{COMPARED_WITH}{older.key}"
                before, after = sides.of_record(archive, older), before
            else:
                after, row["detail"] = _other(archive, other, record, before, settings)
            found = sides.differences(before, after)
    drawn = list(_draw(before, after, found, pictures, settings)) if pictures else []
    if wants_json():
        print_json(_report(before, after, found, drawn))
        return
    echo(f"{before.name.zh} → {after.name.zh} / {before.name.en} → {after.name.en}")
    for doubt in after.doubts:
        echo(f"请核对 / check: {doubt.label}：{doubt.message}（{doubt.text}）", err=True)
    for line in (line for each in found for line in lines(each)):
        echo(line)
    echo(f"共 {len(found)} 处不同 / {len(found)} differences")


def _other(
    archive: Archive, other: str, beside: Record, before: Side, settings: Settings
) -> tuple[Side, str]:
    """A file if there is one of that name, else a record; and what the audit log says of it."""
    if other == STDIO or Path(other).is_file():
        content = read(other)
        side = sides.of_file(Path(other).name, content, before.edition, settings)
        return side, f"sha256={sha256(content)}"
    record = record_of(archive, other, "compare")
    with audited(archive, "compare", **on_record(record), detail=f"{COMPARED_WITH}{beside.key}"):
        return sides.of_record(archive, record), f"{COMPARED_WITH}{record.key}"


def _draw(
    before: Side, after: Side, found: Sequence[Difference], folder: Path, settings: Settings
) -> Iterator[Path]:
    """Draws each page that differs, of both sides; yields the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for page in changed_pages(before, after, found, settings):
        for name, png in (("before", page.before), ("after", page.after)):
            if png is not None:
                path = folder / f"{page.number:02}-{name}.png"
                with atomic_write(path) as file:
                    file.write(png)
                yield path


def _report(before: Side, after: Side, found: Iterable[Difference], drawn: Iterable[Path]) -> dict[str, Any]:
    return {
        "before": before.name.zh,
        "after": after.name.zh,
        "differences": [described(each) for each in found],
        "doubts": [doubt.as_dict() for doubt in after.doubts],
        "pictures": [str(path) for path in drawn],
    }
