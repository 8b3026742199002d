"""The table of settings: each with name, default, how it is read, and help."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from service.errors import Text

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
    secret: bool = False  # may hold a password: its value is told to nobody

    @staticmethod
    def write(value: Any) -> str:
        """The text of which `read` makes `value`."""
        if value is None:
            return ""
        if isinstance(value, tuple):
            return os.pathsep.join(map(str, value))
        if isinstance(value, frozenset):
            return ",".join(sorted(value))
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


def flag(text: str) -> bool:
    """0 or 1. Raises ValueError."""
    if text not in ("0", "1"):
        raise ValueError(text)
    return text == "1"


def _level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError(text)
    return text.upper()


def _folder_name(text: str) -> Path:
    return Path(text).absolute()


def _url(*schemes: str) -> Callable[[str], str | None]:
    def read(text: str) -> str | None:
        if text and (urlsplit(text).scheme not in schemes or "://" not in text):
            raise ValueError(text)
        return text or None

    return read


def public(url: str) -> str:
    """A URL without user, password, query and fragment, to be shown to people."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


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
        flag,
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
    Setting(
        "KEXIE_ARCHIVE",
        "archive",
        "./var/archive",
        _folder_name,
        Text("档案目录", "folder of the archive"),
    ),
    Setting(
        "KEXIE_DATABASE_URL",
        "database_url",
        "",
        _url("postgresql", "postgresql+psycopg", "sqlite"),
        Text(
            "档案索引的数据库，如 postgresql://user:password@host/db；默认为档案目录中的 SQLite",
            "database of the archive's index, as postgresql://user:password@host/db; "
            "by default SQLite in the archive's folder",
        ),
        secret=True,
    ),
    Setting(
        "KEXIE_OBJECTS_URL",
        "objects_url",
        "",
        _url("s3"),
        Text(
            "档案文件的存放处，如 s3://bucket/prefix（密钥等取自 AWS_*）；默认为档案目录",
            "where the archive's files lie, as s3://bucket/prefix (keys and endpoint from AWS_*); "
            "by default the archive's folder",
        ),
        secret=True,
    ),
    Setting(
        "KEXIE_LEASE",
        "lease",
        "60",
        _positive_float,
        Text(
            "批量时一条记录多少秒没有音信就交给别的进程",
            "seconds without a sign of life after which another process takes over a record of a batch",
        ),
    ),
    Setting(
        "KEXIE_BROKER_URL",
        "broker_url",
        "",
        _url("redis", "rediss", "amqp", "amqps"),
        Text(
            "多机批量的消息队列，如 redis://host:6379/0 或 amqp://host；默认只用本机进程",
            "broker of batches on several machines, as redis://host:6379/0 or amqp://host; "
            "by default only processes of this machine",
        ),
        secret=True,
    ),
)
