"""The settings of batches over HTTP and their webhooks."""

from __future__ import annotations

import os

from service.config.reading import Setting, hosts, positive_float, positive_int, webhook_secret
from service.errors import Bilingual

SETTINGS: tuple[Setting, ...] = (
    Setting(
        "KEXIE_BATCH_LIMIT",
        "batch_limit",
        str(256 * 1024 * 1024),
        positive_int,
        Bilingual("一个批次文件的上限（字节）", "limit of the file of a batch over HTTP, in bytes"),
    ),
    Setting(
        "KEXIE_BATCH_WORKERS",
        "batch_workers",
        str(len(os.sched_getaffinity(0))),
        positive_int,
        Bilingual(
            "经网页服务提交的批次用多少个进程处理",
            "worker processes that the service starts for batches that came over HTTP",
        ),
    ),
    Setting(
        "KEXIE_LISTENERS",
        "listeners",
        "8",
        positive_int,
        Bilingual(
            "一个网页进程同时推送进度给多少个客户端，再多的改为定时轮询",
            "clients that one web process sends progress to at a time; others are told to ask again",
        ),
    ),
    Setting(
        "KEXIE_ALLOWED_HOSTS",
        "allowed_hosts",
        "",
        hosts,
        Bilingual(
            "服务可以访问的主机，以逗号分隔；host 只许 HTTPS 和公网地址，host:port 是内网主机，也许 HTTP",
            "hosts that the service may call, separated by commas: host for HTTPS at public addresses, "
            "host:port for one of the intranet, by HTTP too",
        ),
    ),
    Setting(
        "KEXIE_WEBHOOK_SECRET",
        "webhook_secret",
        "",
        webhook_secret,
        Bilingual(
            "批次回调的签名密钥：whsec_ 加 24 至 64 字节的 Base64；不设则不能用回调",
            "secret that signs webhooks: whsec_ and 24 to 64 bytes in Base64; without it there are none",
        ),
        secret=True,
    ),
    Setting(
        "KEXIE_WEBHOOK_WAIT",
        "webhook_wait",
        "5",
        positive_float,
        Bilingual(
            "回调失败后多少秒再试，此后每次为前次的四倍",
            "seconds after which a webhook that failed is tried again; four times as long each time",
        ),
    ),
)
