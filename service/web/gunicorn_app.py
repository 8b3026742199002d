"""The production server: gunicorn with the application."""

import dataclasses
import ipaddress
import logging
import math
import signal
import threading
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from service import catalog, conversion
from service.access import Authenticator
from service.archive import sm3
from service.config import Settings
from service.conversion.libreoffice import sandbox, temp_folders
from service.conversion.pdf import finish_pdf, page_images  # noqa: F401 - loaded once, before workers fork
from service.errors import UsageError
from service.processes import open_files
from service.web import create_app
from service.web.gunicorn_worker import GunicornLogger, GunicornWorker
from service.web.http import json_log, request_metrics

_COUNTS = "kexie-counts-"


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings, options: dict[str, Any], closed: bool) -> None:
        self.settings = settings
        self.closed = closed
        self.options = options
        self.flask: Flask | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        self.flask = create_app(self.settings)
        if self.closed:
            self.flask.config["KEXIE_AUTHENTICATOR"].require_credentials()
        return self.flask


def run(settings: Settings, host: str, port: int, workers: int | None = None) -> None:
    """Serves on host:port until a signal ends it; requests in flight are finished first.

    A worker's timeout exceeds the conversion's deadlines, so that a slow document gets 503 and its worker
    survives. The pool's process, if unused, ends before this returns or within some seconds. If keys exist at
    start-up, every worker requires them. Raises UsageError for a public address without keys, and if too few
    files may be open or SM3 is missing; TemplateFault for a broken form; SandboxMissing.
    """
    json_log.configure(settings.log_level)
    catalog.use(settings)
    settings = dataclasses.replace(settings, workers=workers or settings.workers)
    closed = Authenticator(settings).configured()
    _check_host(settings, host, closed)
    sandbox.of(settings)
    if settings.sm3:
        sm3.require()
    options = _options(settings, host, port)
    options["when_ready"] = lambda arbiter: print(
        _greeting(settings, host, _port(arbiter), closed), flush=True
    )
    with temp_folders.private(settings.temp_dir, _COUNTS) as folder:
        request_metrics.share(folder)
        _Server(settings, options, closed).run()


def _options(settings: Settings, host: str, port: int) -> dict[str, Any]:
    """gunicorn's settings."""
    grace = math.ceil(settings.longest_request)
    return {
        "bind": f"{host}:{port}",
        "workers": settings.workers,
        "worker_class": GunicornWorker,
        "logger_class": GunicornLogger,
        "threads": settings.threads,
        "worker_connections": open_files.connections(settings),
        # The application itself decides which forwarded headers to trust (KEXIE_PROXIES).
        "forwarded_allow_ips": "",
        "secure_scheme_headers": {},
        "forwarder_headers": "",
        "timeout": grace,
        "graceful_timeout": grace,
        "loglevel": max(settings.log_level, "INFO", key=logging.getLevelName).lower(),
        "pre_request": lambda _, __: None,  # gunicorn's own logs the path at DEBUG
        "control_socket_disable": True,
        "limit_request_line": 8190,  # the URL of an embedded form contains its token
        "post_worker_init": lambda worker: _begin(settings, worker.app.flask),
        "worker_exit": lambda _, worker: _end(worker.app.flask),
        "child_exit": lambda _, worker: request_metrics.leave(worker.pid),
        "on_exit": lambda _: conversion.ended(settings),
    }


def _port(arbiter: Arbiter) -> int:
    """The port that is listened on, also where the system chose it."""
    return int(arbiter.LISTENERS[0].getsockname()[1])


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
            f"Refusing to listen on {host} without API keys. Create one: "
            "kexie-forms keys add --tenant NAME --scope generate. Or set KEXIE_OPEN=1 if a proxy "
            "authenticates callers, or use --host 127.0.0.1.",
        )


def _greeting(settings: Settings, host: str, port: int, closed: bool) -> str:
    if closed:
        access = "调用须带密钥 / callers need a key"
    elif _is_this_machine(host):
        names = "".join(f", {name}" for name in sorted(settings.host_names))
        access = (
            f"还没有密钥，只对本机开放 / no keys yet: open to this machine only{names} (kexie-forms keys add)"
        )
    else:
        access = (
            "KEXIE_OPEN=1 且没有密钥：能连到此端口者都可使用，须由前面的代理验明；主机名只认 IP 地址和 "
            "KEXIE_HOST_NAMES / "
            "KEXIE_OPEN=1 and no keys: open to all who reach this port; a proxy must authenticate callers; "
            "reached by IP address and the names of KEXIE_HOST_NAMES"
        )
    return f"kexie-forms 科协表单: http://{host}:{port}/\n{access}"


def _begin(settings: Settings, app: Flask) -> None:
    """Initialises a web worker."""
    app.config["KEXIE_SUPERVISOR"].resume()
    _stop_on_sigterm(app)
    conversion.log_here()
    if settings.prewarm:
        threading.Thread(target=conversion.warm, args=(settings,), daemon=True).start()


def _stop_on_sigterm(app: Flask) -> None:
    """On SIGTERM: stops claiming batch items and ends event streams, before gunicorn waits for requests."""
    before = signal.getsignal(signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        app.config["KEXIE_SHUTDOWN"].set()
        app.config["KEXIE_SUPERVISOR"].ask_to_stop()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, stop)


def _end(app: Flask | None) -> None:
    """Shuts down a web worker."""
    if app is not None:
        app.config["KEXIE_SUPERVISOR"].stop()
        app.config["KEXIE_ARCHIVE_HANDLE"].close()
    conversion.leave_all()
