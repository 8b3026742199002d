"""The command line: a thin command over each room of the service."""

from __future__ import annotations

import os
import signal
import threading

_MAIN = threading.current_thread() is threading.main_thread()
if _MAIN:  # Ctrl-C while this is imported: nothing has begun yet
    _before = signal.signal(signal.SIGINT, lambda *_: os._exit(130))

import click  # noqa: E402

from service.cli import (  # noqa: E402
    archive,
    batch,
    documents,
    editions,
    keys,
    layout,
    operations,
    regeneration,
    sheets,
)
from service.cli.terminal import Commands  # noqa: E402

__all__ = ["main"]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--json", "as_json", is_flag=True, help="机器可读的结果 / machine-readable results")
@click.version_option(package_name="kexie-forms")
def main(as_json: bool) -> None:
    """科协表单：由 JSON 生成江苏省县级科协创新发展能力提升计划的正式 Word 表单和 PDF/A。

    Official Word forms and PDF/A from JSON. `-` is standard input or output.

    \b
    退出码 / exit codes: 0 done · 1 unexpected · 2 usage · 3 invalid payload
    4 template fault · 5 conversion fault · 6 archive fault
    """


for command in (
    documents.forms,
    documents.schema,
    documents.blank,
    documents.validate_command,
    documents.render,
    documents.extract,
    batch.batch,
    batch.worker,
    regeneration.regenerate,
    regeneration.import_command,
    archive.verify,
    archive.records,
    archive.export,
    sheets.sheet,
    layout.check,
    editions.edition,
    editions.lint,
    keys.keys,
    operations.doctor_command,
    operations.serve,
):
    main.add_command(command)

if _MAIN:
    signal.signal(signal.SIGINT, _before)
