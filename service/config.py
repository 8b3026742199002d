"""The settings: each with name, default and help, read from the environment here alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.errors import Text, UsageError

_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - each pool makes a folder of its own
_LARGE = 512 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Setting:
    """One setting: the environment variable, its default as written there, how it is read, its help."""

    name: str
    field: str
    default: str
    read: Callable[[str], Any]
    help: Text

    @staticmethod
    def write(value: Any) -> str:
        """The text of which `read` makes `value`."""
        if isinstance(value, tuple):
            return os.pathsep.join(map(str, value))
        return str(int(value)) if isinstance(value, bool) else str(value)


def _paths(text: str) -> tuple[Path, ...]:
    return tuple(Path(part).absolute() for part in text.split(os.pathsep) if part)


def _positive_int(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _positive_float(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError(text)
    return number


def _folder(text: str) -> Path:
    """By default a file system in memory, where it is large enough for many documents: 3 ms faster each."""
    if text:
        return Path(text).absolute()
    try:
        size = os.statvfs(_IN_MEMORY)
    except OSError:
        return Path(tempfile.gettempdir())
    large = size.f_blocks * size.f_frsize >= _LARGE and os.access(_IN_MEMORY, os.W_OK)
    return _IN_MEMORY if large else Path(tempfile.gettempdir())


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(text)
    return text == "1"


def _level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError(text)
    return text.upper()


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "KEXIE_SOFFICE",
        "soffice",
        "soffice",
        str,
        Text("LibreOffice 的命令或路径", "LibreOffice's command or path"),
    ),
    Setting(
        "KEXIE_TEMP_DIR",
        "temp_dir",
        "",
        _folder,
        Text(
            "转换时使用的临时目录；默认 /dev/shm，其大小不足 512 MB 或不可写时为系统临时目录",
            "folder for temporary files while converting; by default /dev/shm, or the system's "
            "where that has less than 512 MB or cannot be written",
        ),
    ),
    Setting(
        "KEXIE_FONT_DIRS",
        "font_dirs",
        "",
        _paths,
        Text("另加的字体目录，以冒号分隔", "further font folders, separated by colons"),
    ),
    Setting(
        "KEXIE_DEADLINE",
        "deadline",
        "60",
        _positive_float,
        Text("转换一份文书的时限（秒）", "deadline for converting one document, in seconds"),
    ),
    Setting(
        "KEXIE_CONVERTERS",
        "converters",
        str(os.cpu_count() or 1),
        _positive_int,
        Text("本机常驻的 LibreOffice 进程数", "number of LibreOffice processes on this machine"),
    ),
    Setting(
        "KEXIE_PREWARM",
        "prewarm",
        "0",
        _flag,
        Text("1：服务启动时就启动 LibreOffice", "1: start LibreOffice with the service"),
    ),
    Setting(
        "KEXIE_QUEUE",
        "queue",
        "64",
        _positive_int,
        Text("最多有多少份文书等待转换", "how many documents may wait for conversion"),
    ),
    Setting(
        "KEXIE_RECYCLE_DOCUMENTS",
        "recycle_documents",
        "1000",
        _positive_int,
        Text(
            "一个 LibreOffice 进程转换多少份文书后更换",
            "documents after which a LibreOffice process is replaced",
        ),
    ),
    Setting(
        "KEXIE_RECYCLE_MEMORY",
        "recycle_memory",
        "1024",
        _positive_int,
        Text(
            "一个 LibreOffice 进程占用多少内存（MiB）后更换",
            "memory, in MiB, above which a LibreOffice process is replaced",
        ),
    ),
    Setting(
        "KEXIE_UNO_PYTHON",
        "uno_python",
        "/usr/bin/python3",
        str,
        Text("装有 python3-uno 的系统 Python", "the system's Python that has python3-uno"),
    ),
    Setting(
        "KEXIE_BODY_LIMIT",
        "body_limit",
        str(1024 * 1024),
        _positive_int,
        Text("请求正文的上限（字节）", "limit of a request's body, in bytes"),
    ),
    Setting(
        "KEXIE_FILE_LIMIT",
        "file_limit",
        str(16 * 1024 * 1024),
        _positive_int,
        Text("送来读取的文书的上限（字节）", "limit of a document that is sent to be read, in bytes"),
    ),
    Setting(
        "KEXIE_WORKERS",
        "workers",
        str(os.cpu_count() or 1),
        _positive_int,
        Text("网页服务的进程数", "number of web worker processes"),
    ),
    Setting(
        "KEXIE_LOG_LEVEL",
        "log_level",
        "INFO",
        _level,
        Text("日志级别", "log level"),
    ),
)


@dataclass(frozen=True)
class Settings:
    """The settings of one process, frozen. Units: bytes, seconds, and MiB for `recycle_memory`."""

    soffice: str
    temp_dir: Path
    font_dirs: tuple[Path, ...]
    deadline: float
    converters: int
    prewarm: bool
    queue: int
    recycle_documents: int
    recycle_memory: int
    uno_python: str
    body_limit: int
    file_limit: int
    workers: int
    log_level: str

    @classmethod
    def from_env(cls, values: Mapping[str, str] | None = None) -> Settings:
        """The settings of `values` by name; by default those of the process's environment.

        Raises UsageError for a value that cannot be read, or a name that is no setting.
        """
        given = _environment() if values is None else values
        if unknown := sorted(set(given) - {setting.name for setting in SETTINGS}):
            raise UsageError(
                f"没有这个设置：{'、'.join(unknown)}。执行 kexie-forms doctor --settings 查看全部设置。",
                f"No such setting: {', '.join(unknown)}. See kexie-forms doctor --settings.",
            )
        return cls(**{setting.field: _read(setting, given) for setting in SETTINGS})

    def as_env(self) -> dict[str, str]:
        """The settings as `from_env` reads them, by name."""
        return {setting.name: setting.write(getattr(self, setting.field)) for setting in SETTINGS}


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("KEXIE_")}


def _read(setting: Setting, given: Mapping[str, str]) -> Any:
    text = given.get(setting.name) or setting.default
    try:
        return setting.read(text)
    except ValueError as error:
        raise UsageError(
            f"设置 {setting.name} 的值“{text}”无效（{setting.help.zh}）。",
            f"Setting {setting.name} has an invalid value '{text}' ({setting.help.en}).",
        ) from error
