"""The settings of the web service as a part of other sites: proxies, origins, limits."""

from __future__ import annotations

from service.config.table import Setting
from service.errors import Text


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


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
)
