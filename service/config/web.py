"""The settings of the web service as a part of other sites: proxies, origins, limits."""

from __future__ import annotations

from urllib.parse import urlsplit

from service.config.table import Setting
from service.errors import Text


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _origins(text: str) -> str:
    """Origins (scheme, host, port; RFC 6454) separated by spaces."""
    for origin in text.split():
        parts = urlsplit(origin)
        if (
            parts.scheme not in ("http", "https")
            or f"{parts.scheme}://{parts.netloc}" != origin
            or not parts.netloc
        ):
            raise ValueError(text)
    return " ".join(text.split())


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "KEXIE_PROXIES",
        "proxies",
        "0",
        _count,
        Text(
            "前面有几层可信的反向代理，其 X-Forwarded-* 才算数；0：一概不信",
            "number of trusted reverse proxies in front, whose X-Forwarded-* count; 0: none is believed",
        ),
    ),
    Setting(
        "KEXIE_FRAME_ANCESTORS",
        "frame_ancestors",
        "",
        _origins,
        Text(
            "哪些网站可以嵌入表单，如 https://portal.example.cn，以空格分隔",
            "which sites may embed the forms, such as https://portal.example.cn, separated by spaces",
        ),
    ),
)
