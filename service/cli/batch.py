"""The commands that generate many submissions as one job."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click

from service import conversion, pipeline
from service.archive import Archive
from service.batch import inputs, report
from service.batch.celery_app import Enqueue, serve
from service.batch.job import Options, open_job, sha256
from service.batch.local import Local
from service.batch.progress import shown
from service.batch.report import Result
from service.batch.run import Executor, Run, Stop
from service.cli.terminal import STDIO, json_too, print_json, wants_json
from service.config import Settings
from service.errors import InvalidPayload

_CORES = len(os.sched_getaffinity(0))
_SIGNALLED = 128  # a process ended by a signal has this exit code and the signal's number


@click.command()
@click.argument("input", metavar="INPUT")
@click.option("--archive", "folder", type=click.Path(path_type=Path), metavar="DIR", help="档案目录")
@click.option("--workers", default=_CORES, show_default="cores", type=click.IntRange(1, 256), help="进程数")
@click.option("--retry-failed", is_flag=True, help="失败的记录也再试一次 / try failed records again")
@click.option("--errors", type=click.Path(path_type=Path), metavar="DIR", help="错误清单的目录")
@click.option("--form", metavar="FORM", help="表格中未指明时的表单 / form of a sheet that names none")
@click.option("--year", type=int, metavar="Y", help="表格中未指明时的年度 / year of a sheet that names none")
@click.option(
    "--formats",
    default=",".join(pipeline.FORMATS),
    show_default=True,
    metavar="docx[,pdf]",
    help="归档哪些文书 / documents to archive",
)
@json_too
def batch(
    input: str,
    folder: Path | None,
    workers: int,
    retry_failed: bool,
    errors: Path | None,
    form: str | None,
    year: int | None,
    formats: str,
) -> None:
    """批量生成并归档 / many submissions into the archive; safe to run again.

    INPUT 为 .ndjson、.json、.csv 或 .xlsx。已完成的跳过，中断的续做，失败的不影响其他记录。

    \b
    退出码 / exit codes: 0 all done · 3 some failed · 130 Ctrl-C · 143 SIGTERM
    """
