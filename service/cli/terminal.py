"""Helpers of the commands: files or standard streams, options, printed results and errors."""

import ast
import codecs
import importlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from service.atomic_file import atomic_write
from service.cli import usage
from service.errors import KexieError, Remarks, UsageError, system_errors
from service.processes.startup import INTERRUPTED, importing

STDIO = "-"
UNREAD = 141  # exit code of shells for SIGPIPE
# C0 without tab and line feed, DEL, C1, bidirectional controls, line and paragraph separators.
_COMMANDING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_WRONG_PATH = (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError)


class LazyCommand(click.Command):
    """A command whose module, "module:function" of `service.cli`, is imported when it is called."""

    def __init__(self, name: str, place: str) -> None:
        super().__init__(name)
        self._module, _, self._function = place.partition(":")

    def load(self) -> click.Command:
        """Imports the command itself."""
        with importing():
            command = getattr(importlib.import_module(f"service.cli.{self._module}"), self._function)
        assert isinstance(command, click.Command)
        return command

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence of the function's docstring, read without importing its module."""
        file = Path(__file__).parent.joinpath(*self._module.split(".")).with_suffix(".py")
        source = file.read_text("utf-8")
        functions = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
        self.help = ast.get_docstring(next(node for node in functions if node.name == self._function))
        return super().get_short_help_str(limit)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """The context of the command itself, which click then invokes."""
        return self.load().make_context(*args, **extra)


class CommandGroup(click.Group):
    """A group that raises UnknownCommand, and records the called command for usage errors."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            name, command, rest = super().resolve_command(ctx, args)
        except click.NoSuchOption:
            raise
        except click.UsageError as error:
            raise usage.UnknownCommand(args[0], error.format_message(), ctx) from error
        command = command.load() if isinstance(command, LazyCommand) else command
        ctx.meta[usage.COMMAND] = command
        return name, command, rest


class Commands(CommandGroup):
    """Commands that print an expected error as one clear message and exit with its code."""

    def main(self, *args: Any, **extra: Any) -> Any:
        _escape_unencodable()
        if not extra.pop("standalone_mode", True):
            return super().main(*args, **{**extra, "standalone_mode": False})
        try:
            done = super().main(*args, **{**extra, "standalone_mode": False})
            sys.stdout.flush()
        except BrokenPipeError:
            _end_unread()
        except click.UsageError as error:
            usage_error = usage.of(error)
            report(usage_error, as_json=bool(error.ctx and error.ctx.find_root().params.get("as_json")))
            sys.exit(usage_error.exit_code)
        except click.Abort:  # Ctrl-C
            sys.exit(INTERRUPTED)
        sys.exit(done if isinstance(done, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.BadOptionUsage as error:
            error.ctx = error.ctx or ctx
            raise
        except KexieError as error:
            report(error, as_json=bool(ctx.find_root().params.get("as_json")))
            sys.exit(error.exit_code)
        except BrokenPipeError:
            _end_unread()
        except OSError as error:
            why = system_errors.with_path(error)
            echo(f"无法读写文件：{why.zh}\nCannot read or write: {why.en}", err=True)
            sys.exit(UsageError.exit_code if isinstance(error, _WRONG_PATH) else KexieError.exit_code)


def _end_unread() -> None:
    """Ends the process without a word, as SIGPIPE would: `head` has read enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes at the end
    sys.exit(UNREAD)


def _escape_unencodable() -> None:
    """Lets the terminal's encoding, such as GBK or ASCII, show as `\\u4dae` what it lacks."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def printable(text: str) -> str:
    """A text without characters that command a terminal (ECMA-48) or reorder a line (UAX 9): as escapes."""
    return _COMMANDING.sub(lambda found: ascii(found[0])[1:-1], text)


def echo(value: object, err: bool = False) -> None:
    """Prints a line on standard output or error, in which names and keys command no terminal."""
    click.echo(printable(str(value)), err=err)


def report(error: KexieError, *, as_json: bool) -> None:
    """Prints an error: on standard output as JSON, else on standard error in both languages."""
    if as_json:
        print_json(
            {
                "code": error.code,
                "title": error.title.zh,
                "detail": error.text.zh,
                "errors": [each.as_dict() for each in error.errors],
                **(error.remarks.as_dict() if error.remarks else {}),
            }
        )
        return
    echo(f"{error.title.zh}（{error.code}）：{error.text.zh}", err=True)
    echo(f"{error.title.en}: {error.text.en}", err=True)
    for each in error.errors:
        echo(f"  {each.pointer or '/'}  {each.label}：{each.message}", err=True)
    print_advice(error.remarks)


def print_advice(remarks: Remarks | None) -> None:
    """Prints on standard error what is unlikely in a payload."""
    for each in remarks.advice if remarks else ():
        echo(f"  请核对 / check: {each.pointer}  {each.label}：{each.message}", err=True)


#: --complete of the commands that can refuse incomplete payloads.
complete_option = click.option(
    "--complete",
    is_flag=True,
    help="有应填未填的栏目即拒绝 / refuse an incomplete payload",
)


def print_json(value: Any) -> None:
    """Prints `value`, which holds no Decimal, as JSON: in UTF-8 or in ASCII (RFC 8259, 8.1)."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    encoding = codecs.lookup(getattr(sys.stdout, "encoding", None) or "ascii").name
    try:
        lossless = encoding == "utf-8" and bool(text.encode())
    except UnicodeEncodeError:  # a key of the payload may hold a lone surrogate
        lossless = False
    shown = text if lossless else json.dumps(value, indent=2)
    echo(_COMMANDING.sub(lambda found: f"\\u{ord(found[0]):04x}", shown))


def edition_arguments(function: Callable[..., Any]) -> Callable[..., Any]:
    """FORM and --year."""
    function = click.option(
        "--year", type=int, required=True, metavar="Y", help="计划年度 / plan year, e.g. 2021"
    )(function)
    return click.argument("form", metavar="FORM")(function)


def read(name: str) -> bytes:
    """The bytes of a file, or of standard input."""
    return sys.stdin.buffer.read() if name == STDIO else existing(name).read_bytes()


def existing(name: str) -> Path:
    """The file of that name. Raises UsageError if it does not exist."""
    path = Path(name)
    if path.is_dir():
        raise UsageError(
            f"“{name}”是目录，这里须给出文件。整个目录的旧文书用 kexie-forms import。",
            f"'{name}' is a folder; name a file. For a folder of old documents, use kexie-forms import.",
        )
    if not path.exists():
        raise UsageError(
            f"没有文件“{name}”。请检查文件名和当前目录。",
            f"No file '{name}': check its name and the current folder.",
        )
    return path


def write(name: str, content: bytes) -> None:
    """Writes a file, or to standard output. Raises OSError."""
    write_pieces(name, [content])


def write_pieces(name: str, pieces: Iterable[bytes]) -> None:
    """As `write`, piece by piece. Raises OSError."""
    if name == STDIO:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        return
    with atomic_write(Path(name)) as file:
        file.writelines(pieces)


def _remember_json(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    ctx.find_root().params["as_json"] = bool(ctx.find_root().params.get("as_json")) or value


# --json, also behind the command's name.
json_too = click.option(
    "--json",
    is_flag=True,
    expose_value=False,
    callback=_remember_json,
    help="机器可读的结果 / machine-readable results",
)


def wants_json() -> bool:
    """Whether this call has --json."""
    return bool(click.get_current_context().find_root().params.get("as_json"))
