"""The settings of the web service as a part of other sites: proxies, origins, limits."""

from __future__ import annotations

import re

from service.config.reading import Setting, is_origin, positive_float, positive_int, url
from service.errors import Bilingual

_RATE = re.compile("[1-9][0-9]{0,8} per (second|minute|hour|day)")


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _origins(text: str) -> frozenset[str]:
    """Exact origins, separated by commas."""
    origins = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not all(map(is_origin, origins)):
        raise ValueError(text)
    return origins


def _rate(text: str) -> str | None:
    if text and not _RATE.fullmatch(text):
        raise ValueError(text)
    return text or None


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "KEXIE_PROXIES",
        "proxies",
        "0",
        _count,
        Bilingual(
            "前面有几层可信的反向代理，其 X-Forwarded-* 才算数；0：一概不信",
            "number of trusted reverse proxies in front, whose X-Forwarded-* count; 0: none is believed",
        ),
    ),
    Setting(
        "KEXIE_CORS_ORIGINS",
        "cors_origins",
        "",
        _origins,
        Bilingual(
            "哪些网站的网页可以直接调用接口，如 https://portal.example，以逗号分隔",
            "sites whose pages may call the API, as https://portal.example, separated by commas",
        ),
    ),
    Setting(
        "KEXIE_FRAME_ANCESTORS",
        "frame_ancestors",
        "",
        _origins,
        Bilingual(
            "哪些网站可以嵌入表单页面，写法同上",
            "sites that may show the embedded form in a frame, written likewise",
        ),
    ),
    Setting(
        "KEXIE_THREADS",
        "threads",
        "128",
        positive_int,
        Bilingual(
            "每个网页服务进程同时处理的请求数；应多于 KEXIE_QUEUE，否则校验也要等 LibreOffice",
            "requests that each web worker process handles at once; more than KEXIE_QUEUE, "
            "else those that need no LibreOffice wait for it too",
        ),
    ),
    Setting(
        "KEXIE_BODY_DEADLINE",
        "body_deadline",
        "60",
        positive_float,
        Bilingual("收完一个请求的时限（秒）", "deadline for receiving one request, in seconds"),
    ),
    Setting(
        "KEXIE_RATE",
        "rate",
        "",
        _rate,
        Bilingual(
            "每个密钥（没有密钥时每个地址）的请求上限，如 600 per minute；默认不限",
            "limit of requests for each key, or address without one, as 600 per minute; by default none",
        ),
    ),
    Setting(
        "KEXIE_RATE_STORAGE_URL",
        "rate_storage_url",
        "",
        url("redis", "rediss"),
        Bilingual(
            "各进程共用的请求计数，如 redis://host:6379/1；默认每个进程各自计数",
            "where all processes count requests together, as redis://host:6379/1; "
            "by default each counts its own",
        ),
        secret=True,
    ),
    Setting(
        "KEXIE_IDEMPOTENCY_HOURS",
        "idempotency_hours",
        "24",
        positive_float,
        Bilingual(
            "带 Idempotency-Key 的请求，其答复保留多少小时",
            "hours for which the answer to a request with Idempotency-Key is kept",
        ),
    ),
    Setting(
        "KEXIE_IDEMPOTENCY_WAIT",
        "idempotency_wait",
        "10",
        positive_float,
        Bilingual(
            "同一 Idempotency-Key 的请求尚在处理时，后来者等待多少秒",
            "seconds that a request waits while another with the same Idempotency-Key is at work",
        ),
    ),
)
