"""The command line: thin commands over catalogue, submission and pipeline."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from service import catalog, conversion, doctor, pipeline
from service.config import SETTINGS, Settings
from service.errors import KexieError, UsageError
from service.legibility import CharacterWarning
from service.submission import Submission, parse, validate

STDIO = "-"
_WRONG_PATH = (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError)


class _Commands(click.Group):
    """Commands whose expected errors end in one clear message and the error's exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KexieError as error:
            _report(error, as_json=bool(ctx.find_root().params.get("as_json")))
            sys.exit(error.exit_code)
        except OSError as error:
            click.echo(f"无法读写文件 / cannot read or write: {error}", err=True)
            sys.exit(UsageError.exit_code if isinstance(error, _WRONG_PATH) else KexieError.exit_code)


def _report(error: KexieError, *, as_json: bool) -> None:
    if as_json:
        _print_json(
            {
                "code": error.code,
                "title": error.title.zh,
                "detail": error.text.zh,
                "errors": [fault.as_dict() for fault in error.errors],
            }
        )
        return
    click.echo(f"{error.title.zh}（{error.code}）：{error.text.zh}", err=True)
    click.echo(f"{error.title.en}: {error.text.en}", err=True)
    for fault in error.errors:
        click.echo(f"  {fault.pointer or '/'}  {fault.label}：{fault.message}", err=True)


def _print_json(value: Any) -> None:
    # A key of the payload may hold a lone surrogate; its JSON escape is printable.
    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(text.encode("utf-8", "backslashreplace").decode())


def _edition(function: Callable[..., Any]) -> Callable[..., Any]:
    """FORM and --year."""
    function = click.option(
        "--year", type=int, required=True, metavar="Y", help="计划年度 / plan year, e.g. 2021"
    )(function)
    return click.argument("form", metavar="FORM")(function)


def _submission(form: str, year: int, payload: str) -> Submission:
    edition = catalog.edition(form, year)
    return validate(edition, parse(_read(payload)))


def _read(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == STDIO else Path(name).read_bytes()


def _format(name: str) -> str:
    suffix = Path(name).suffix.lstrip(".").lower()
    if name == STDIO:
        return "pdf"
    if suffix not in pipeline.FORMATS:
        raise UsageError(
            f"无法从“{name}”看出格式，请用 .docx 或 .pdf 作扩展名。",
            f"'{name}' does not tell the format: end it in .docx or .pdf.",
        )
    return suffix


def _write(name: str, content: bytes) -> None:
    """Writes aside and renames, so that no half file is ever seen."""
    if name == STDIO:
        sys.stdout.buffer.write(content)
        return
    path = Path(name)
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).chmod(0o666 & ~_umask())
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--json", "as_json", is_flag=True, help="机器可读的结果 / machine-readable results")
@click.version_option(package_name="kexie-forms")
def main(as_json: bool) -> None:
    """科协表单：由 JSON 生成江苏省县级科协创新发展能力提升计划的正式 Word 表单和 PDF/A。

    Official Word forms and PDF/A from JSON. `-` is standard input or output.

    \b
    退出码 / exit codes: 0 done · 1 unexpected · 2 usage · 3 invalid payload
    4 template fault · 5 conversion fault · 6 archive fault
    """


def _json_too(function: Callable[..., Any]) -> Callable[..., Any]:
    """--json, also behind the command's name."""

    def remember(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        ctx.find_root().params["as_json"] = bool(ctx.find_root().params.get("as_json")) or value

    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=remember,
        help="机器可读的结果 / machine-readable results",
    )(function)


def _wants_json() -> bool:
    return bool(click.get_current_context().find_root().params.get("as_json"))


@main.command()
@_json_too
def forms() -> None:
    """列出表单和版次 / forms, editions, provenance, template hash."""
    rows = [edition.summary() for edition in catalog.editions()]
    if _wants_json():
        _print_json(rows)
        return
    for row in rows:
        click.echo(
            f"{row['form']}  {row['year']}  {row['provenance']}  {row['template_hash']}  {row['title']}"
        )


@main.command()
@_edition
def schema(form: str, year: int) -> None:
    """输出 JSON Schema（2020-12）/ JSON Schema of an edition."""
    _print_json(catalog.edition(form, year).json_schema())


@main.command()
@_edition
@click.option("-o", "output", required=True, metavar="FILE", help="FILE.docx 或 FILE.pdf")
@_json_too
def blank(form: str, year: int, output: str) -> None:
    """输出空白表 / the official blank form."""
    format = _format(output)
    product = pipeline.blank(validate(catalog.edition(form, year), {}), format, Settings.from_env())
    _write(output, product.documents[format])
    _tell(product.warnings, [output])


@main.command(name="validate")
@_edition
@click.argument("payload", metavar="PAYLOAD.json")
@_json_too
def validate_command(form: str, year: int, payload: str) -> None:
    """校验报文 / counts and computed totals, or every error at once."""
    submission = _submission(form, year, payload)
    warnings = pipeline.warnings(submission, Settings.from_env())
    _print_json({**submission.report(), "warnings": [warning.as_dict() for warning in warnings]})


@main.command()
@_edition
@click.argument("payload", metavar="PAYLOAD.json")
@click.option(
    "-o", "outputs", multiple=True, required=True, metavar="FILE", help="FILE.docx 或 FILE.pdf，可重复"
)
@click.option("--attach", is_flag=True, help="PDF 内携带报文 / the PDF carries the payload (PDF/A-3b)")
@_json_too
def render(form: str, year: int, payload: str, outputs: tuple[str, ...], attach: bool) -> None:
    """生成文书 / documents from a payload."""
    formats = [_format(output) for output in outputs]
    submission = _submission(form, year, payload)
    product = pipeline.produce(submission, formats, Settings.from_env(), attach=attach)
    for output, format in zip(outputs, formats, strict=True):
        _write(output, product.documents[format])
    _tell(product.warnings, outputs)


def _tell(warnings: Sequence[CharacterWarning], outputs: Sequence[str]) -> None:
    """The warnings of documents that are written."""
    if _wants_json() and STDIO not in outputs:
        _print_json({"warnings": [warning.as_dict() for warning in warnings]})
        return
    for warning in warnings:
        click.echo(f"{warning.pointer or '/'}  {warning.label}：{warning.message}", err=True)


@main.command()
@click.argument("file", metavar="FILE.pdf")
@click.option("-o", "output", default=STDIO, metavar="PAYLOAD.json", help="默认标准输出 / standard output")
@_json_too
def extract(file: str, output: str) -> None:
    """从以 --attach 生成的 PDF 取回报文 / the payload inside a PDF made with --attach."""
    carried = conversion.attachments(_read(file))
    if pipeline.PAYLOAD not in carried:
        raise UsageError(
            f"“{file}”没有携带报文。只能读取以 --attach 生成的 PDF。",
            f"'{file}' carries no payload. Only PDFs that were made with --attach can be read.",
        )
    _write(output, carried[pipeline.PAYLOAD])


@main.command(name="doctor")
@click.option("--settings", "only_settings", is_flag=True, help="列出全部设置 / list every setting")
@_json_too
def doctor_command(only_settings: bool) -> None:
    """检查 LibreOffice 和字体 / what is there, what is missing, how to get it."""
    if only_settings:
        for setting in SETTINGS:
            click.echo(f"{setting.name}={setting.default}\n    {setting.help}")
        return
    findings = doctor.examine(Settings.from_env())
    if _wants_json():
        _print_json([finding.as_dict() for finding in findings])
    else:
        for finding in findings:
            click.echo(finding)
    if not all(finding.ok for finding in findings if finding.needed):
        sys.exit(5)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--workers", default=None, type=click.IntRange(1, 64), help="默认取 KEXIE_WORKERS")
def serve(host: str, port: int, workers: int | None) -> None:
    """启动网页服务 / the service on gunicorn."""
    from service.web.server import run

    run(Settings.from_env(), host, port, workers)
