"""The production server: gunicorn with the application of this process's settings."""

from __future__ import annotations

import dataclasses
import threading
from typing import Any

from gunicorn.app.base import BaseApplication

from service import conversion
from service.config import Settings
from service.conversion import folders
from service.web import create_app, logs, traffic
from service.web.worker import Log, Worker

_COUNTS = "kexie-counts-"


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self.settings = settings
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return create_app(self.settings)


def run(settings: Settings, host: str, port: int, workers: int | None = None) -> None:
    """Serves on host:port until a signal ends it; requests in flight are finished first.

    A worker's time-out stands above the conversion's deadlines, so that a slow document answers 503 and
    never loses its worker. The pool's process, where nobody else uses it, ends before this returns, or
    soon after where it takes longer than some seconds.
    """
    logs.configure(settings.log_level)
    settings = dataclasses.replace(settings, workers=workers or settings.workers)
    grace = 2 * int(settings.deadline) + 30  # longer than the pool's client has patience
    options = {
        "bind": f"{host}:{port}",
        "workers": settings.workers,
        "worker_class": Worker,
        "logger_class": Log,
        "threads": settings.threads,
        # Headers that claim another scheme or path are the application's to believe (KEXIE_PROXIES).
        "forwarded_allow_ips": "",
        "secure_scheme_headers": {},
        "forwarder_headers": "",
        "timeout": grace,
        "graceful_timeout": grace,
        "loglevel": settings.log_level.lower(),
        "control_socket_disable": True,
        "on_starting": lambda _: print(f"kexie-forms 科协表单: http://{host}:{port}/", flush=True),
    }
    options["post_worker_init"] = lambda _: _begin(settings)
    options["worker_exit"] = lambda _server, _worker: conversion.leave_all()
    options["child_exit"] = lambda _, worker: traffic.leave(worker.pid)
    options["on_exit"] = lambda _: conversion.ended(settings)
    with folders.private(settings.temp_dir, _COUNTS) as folder:
        traffic.share(folder)
        _Server(settings, options).run()


def _begin(settings: Settings) -> None:
    """What each web worker does first."""
    conversion.log_here()
    if settings.prewarm:
        threading.Thread(target=conversion.warm, args=(settings,), daemon=True).start()
