"""The table of settings: each with name, default, how it is read, and help."""

from __future__ import annotations

import os

from service.config.reading import (
    Setting,
    flag,
    folder,
    folder_name,
    level,
    paths,
    positive_float,
    positive_int,
    url,
)
from service.errors import Bilingual

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "KEXIE_SOFFICE",
        "soffice",
        "soffice",
        str,
        Bilingual("LibreOffice 的命令或路径", "LibreOffice's command or path"),
    ),
    Setting(
        "KEXIE_TEMP_DIR",
        "temp_dir",
        "",
        folder,
        Bilingual(
            "转换时使用的临时目录；默认 /dev/shm，其大小不足 512 MB 或不可写时为系统临时目录",
            "folder for temporary files while converting; by default /dev/shm, or the system's "
            "where that has less than 512 MB or cannot be written",
        ),
    ),
    Setting(
        "KEXIE_FONT_DIRS",
        "font_dirs",
        "",
        paths,
        Bilingual("另加的字体目录，以冒号分隔", "further font folders, separated by colons"),
    ),
    Setting(
        "KEXIE_DEADLINE",
        "deadline",
        "60",
        positive_float,
        Bilingual("转换一份文书的时限（秒）", "deadline for converting one document, in seconds"),
    ),
    Setting(
        "KEXIE_CONVERTERS",
        "converters",
        str(os.cpu_count() or 1),
        positive_int,
        Bilingual("本机常驻的 LibreOffice 进程数", "number of LibreOffice processes on this machine"),
    ),
    Setting(
        "KEXIE_PREWARM",
        "prewarm",
        "0",
        flag,
        Bilingual("1：服务启动时就启动 LibreOffice", "1: start LibreOffice with the service"),
    ),
    Setting(
        "KEXIE_QUEUE",
        "queue",
        "64",
        positive_int,
        Bilingual("最多有多少份文书等待转换", "how many documents may wait for conversion"),
    ),
    Setting(
        "KEXIE_RECYCLE_DOCUMENTS",
        "recycle_documents",
        "1000",
        positive_int,
        Bilingual(
            "一个 LibreOffice 进程转换多少份文书后更换",
            "documents after which a LibreOffice process is replaced",
        ),
    ),
    Setting(
        "KEXIE_RECYCLE_MEMORY",
        "recycle_memory",
        "1024",
        positive_int,
        Bilingual(
            "一个 LibreOffice 进程占用多少内存（MiB）后更换",
            "memory, in MiB, above which a LibreOffice process is replaced",
        ),
    ),
    Setting(
        "KEXIE_UNO_PYTHON",
        "uno_python",
        "/usr/bin/python3",
        str,
        Bilingual("装有 python3-uno 的系统 Python", "the system's Python that has python3-uno"),
    ),
    Setting(
        "KEXIE_BODY_LIMIT",
        "body_limit",
        str(1024 * 1024),
        positive_int,
        Bilingual("请求正文的上限（字节）", "limit of a request's body, in bytes"),
    ),
    Setting(
        "KEXIE_FILE_LIMIT",
        "file_limit",
        str(16 * 1024 * 1024),
        positive_int,
        Bilingual("送来读取的文书的上限（字节）", "limit of a document that is sent to be read, in bytes"),
    ),
    Setting(
        "KEXIE_WORKERS",
        "workers",
        str(os.cpu_count() or 1),
        positive_int,
        Bilingual("网页服务的进程数", "number of web worker processes"),
    ),
    Setting(
        "KEXIE_LOG_LEVEL",
        "log_level",
        "INFO",
        level,
        Bilingual("日志级别", "log level"),
    ),
    Setting(
        "KEXIE_ARCHIVE",
        "archive",
        "./var/archive",
        folder_name,
        Bilingual("档案目录", "folder of the archive"),
    ),
    Setting(
        "KEXIE_DATABASE_URL",
        "database_url",
        "",
        url("postgresql", "postgresql+psycopg", "sqlite"),
        Bilingual(
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
        url("s3"),
        Bilingual(
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
        positive_float,
        Bilingual(
            "批量时一条记录多少秒没有音信就交给别的进程",
            "seconds without a sign of life after which another process takes over a record of a batch",
        ),
    ),
    Setting(
        "KEXIE_BROKER_URL",
        "broker_url",
        "",
        url("redis", "rediss", "amqp", "amqps"),
        Bilingual(
            "多机批量的消息队列，如 redis://host:6379/0 或 amqp://host；默认只用本机进程",
            "broker of batches on several machines, as redis://host:6379/0 or amqp://host; "
            "by default only processes of this machine",
        ),
        secret=True,
    ),
)
