"""The production server: gunicorn with the application of this process's settings."""

from __future__ import annotations

import dataclasses
import logging
import signal
import threading
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from service import conversion
from service.config import Settings
from service.web import create_app

_THREADS = 16  # in a worker: some send progress or large files, at the pace of their clients


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self.settings = settings
        self.options = options
        self.flask: Flask | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        self.flask = create_app(self.settings)
        return self.flask


def run(settings: Settings, host: str, port: int, workers: int | None = None) -> None:
    """Serves on host:port until a signal ends it; requests in flight are finished first.

    A worker's time-out stands above the conversion's deadlines, so that a slow document answers 503 and
    never loses its worker. The pool's process, where nobody else uses it, ends before this returns, or
    soon after where it takes longer than some seconds.
    """
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(message)s")
    settings = dataclasses.replace(settings, workers=workers or settings.workers)
    grace = 2 * int(settings.deadline) + 30  # longer than the pool's client has patience
    options = {
        "bind": f"{host}:{port}",
        "workers": settings.workers,
        "worker_class": "gthread",
        "threads": _THREADS,
        "timeout": grace,
        "graceful_timeout": grace,
        "loglevel": settings.log_level.lower(),
        "control_socket_disable": True,
        "on_starting": lambda _: print(f"kexie-forms 科协表单: http://{host}:{port}/", flush=True),
    }
    options["post_worker_init"] = lambda worker: _begin(settings, worker.app.flask)
    options["worker_exit"] = lambda _server, worker: _end(worker.app.flask)
    options["on_exit"] = lambda _: conversion.ended(settings)
    _Server(settings, options).run()


def _begin(settings: Settings, app: Flask) -> None:
    """What each web worker does first."""
    app.config["KEXIE_KEEPER"].look()
    _leave_when_told(app)
    conversion.log_here()
    if settings.prewarm:
        threading.Thread(target=conversion.warm, args=(settings,), daemon=True).start()


def _leave_when_told(app: Flask) -> None:
    """At SIGTERM, before gunicorn waits for its requests, no item begins any more, and listeners go."""
    before = signal.getsignal(signal.SIGTERM)

    def leave(number: int, frame: FrameType | None) -> None:
        app.config["KEXIE_LEAVING"].set()
        app.config["KEXIE_KEEPER"].ask_to_stop()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, leave)


def _end(app: Flask | None) -> None:
    """What each web worker does last."""
    if app is not None:
        app.config["KEXIE_KEEPER"].stop()
    conversion.leave_all()
