"""The production server: gunicorn with the application of this process's settings."""

from __future__ import annotations

import dataclasses
import ipaddress
import logging
import threading
from typing import Any

from gunicorn.app.base import BaseApplication

from service import conversion
from service.access import Registry
from service.config import Settings
from service.errors import UsageError
from service.web import create_app


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings, options: dict[str, Any], closed: bool) -> None:
        self.settings = settings
        self.closed = closed
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        app = create_app(self.settings)
        if self.closed:
            app.config["KEXIE_ACCESS"].shut()
        return app


def run(settings: Settings, host: str, port: int, workers: int | None = None) -> None:
    """Serves on host:port until a signal ends it; requests in flight are finished first.

    A worker's time-out stands above the conversion's deadlines, so that a slow document answers 503 and
    never loses its worker. The pool's process, where nobody else uses it, ends before this returns, or
    soon after where it takes longer than some seconds. Where callers need keys now, each worker that is ever
    started asks for them. Raises UsageError for another machine's address where nobody needs one.
    """
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(message)s")
    settings = dataclasses.replace(settings, workers=workers or settings.workers)
    closed = Registry(settings).configured()
    _check_host(settings, host, closed)
    grace = 2 * int(settings.deadline) + 30  # longer than the pool's client has patience
    options = {
        "bind": f"{host}:{port}",
        "workers": settings.workers,
        "worker_class": "gthread",
        "threads": 4,
        "timeout": grace,
        "graceful_timeout": grace,
        "loglevel": settings.log_level.lower(),
        "control_socket_disable": True,
        "limit_request_line": 8190,  # the address of an embedded form holds its token
        "on_starting": lambda _: print(_greeting(settings, host, port, closed), flush=True),
    }
    options["post_worker_init"] = lambda _: _begin(settings)
    options["worker_exit"] = lambda _server, _worker: conversion.leave_all()
    options["on_exit"] = lambda _: conversion.ended(settings)
    _Server(settings, options, closed).run()


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _check_host(settings: Settings, host: str, closed: bool) -> None:
    if not (closed or settings.open or _is_this_machine(host)):
        raise UsageError(
            f"还没有密钥，不能在 {host} 上对外提供服务。请先生成密钥："
            "kexie-forms keys add --tenant 单位 --scope generate；"
            "若由前面的代理验明调用者，请设置 KEXIE_OPEN=1；只在本机使用请用 --host 127.0.0.1。",
            f"There is no key yet, so the service is not opened to others on {host}. Make a key: "
            "kexie-forms keys add --tenant NAME --scope generate. Where the proxy in front checks callers, "
            "set KEXIE_OPEN=1. For this machine alone: --host 127.0.0.1.",
        )


def _greeting(settings: Settings, host: str, port: int, closed: bool) -> str:
    if closed:
        access = "调用须带密钥 / callers need a key"
    elif _is_this_machine(host):
        access = "还没有密钥，只对本机开放 / no keys yet: open to this machine only (kexie-forms keys add)"
    else:
        access = (
            "KEXIE_OPEN=1 且没有密钥：能连到此端口者都可使用，须由前面的代理验明 / "
            "KEXIE_OPEN=1 and no keys: open to all who reach this port, so the proxy in front must check them"
        )
    return f"kexie-forms 科协表单: http://{host}:{port}/\n{access}"


def _begin(settings: Settings) -> None:
    """What each web worker does first."""
    conversion.log_here()
    if settings.prewarm:
        threading.Thread(target=conversion.warm, args=(settings,), daemon=True).start()
