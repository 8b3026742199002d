"""Delivers webhooks, signed as Standard Webhooks (standardwebhooks.com) asks, until they are taken."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from standardwebhooks import Webhook

from service.archive import Archive
from service.batch.hosted import outbound_http
from service.batch.jobs import webhook_queue
from service.batch.jobs.webhook_queue import WebhookMessage
from service.config import Settings
from service.errors import UsageError

_AT_ONCE = 4
_LOOK = 0.5  # seconds between looks at the table
_TROUBLE = 5.0  # seconds after a failure
_GONE = 410  # the receiver wants no more

_log = logging.getLogger("kexie.batch")


class WebhookSender:
    """Sends what is due, in a thread of its own, until it is to stop."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self._archive = archive
        self._settings = settings
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def __enter__(self) -> WebhookSender:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(2 * outbound_http.DEADLINE)

    def _run(self) -> None:
        with ThreadPoolExecutor(_AT_ONCE, "webhook") as threads:
            while not self._stopping.wait(_LOOK):
                try:
                    with self._archive.reading() as connection:
                        due = webhook_queue.due(connection, time.time(), _AT_ONCE)
                    list(threads.map(self._deliver, due))
                except Exception as error:  # whatever it is, webhooks must go on once it is mended
                    _log.warning("webhooks cannot be delivered: %s", type(error).__name__)
                    self._stopping.wait(_TROUBLE)

    def _deliver(self, message: WebhookMessage) -> None:
        outcome, said = self._sent(message)
        with self._archive.writing() as connection:
            webhook_queue.mark(connection, message, said, time.time(), self._settings.webhook_wait, outcome)

    def _sent(self, message: WebhookMessage) -> tuple[str, str]:
        """How a try ended, and what to tell of it."""
        try:
            to = outbound_http.target(message.url, self._settings.allowed_hosts)
            status = outbound_http.post(to, message.body.encode(), self._headers(message))
        except UsageError:
            return webhook_queue.FAILED, "not allowed any more"
        except outbound_http.Unreachable as error:
            return webhook_queue.PENDING, str(error)
        if 200 <= status < 300:
            return webhook_queue.DELIVERED, f"status {status}"
        return webhook_queue.FAILED if status == _GONE else webhook_queue.PENDING, f"status {status}"

    def _headers(self, message: WebhookMessage) -> dict[str, str]:
        now = datetime.now(UTC)
        signed = Webhook(signing_secret(self._settings)).sign(message.id, now, message.body)
        return {
            "Content-Type": "application/json",
            "User-Agent": "kexie-forms",
            "webhook-id": message.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signed,
        }


def signing_secret(settings: Settings) -> str:
    """The secret that signs webhooks. Raises UsageError where there is none."""
    if settings.webhook_secret is None:
        raise UsageError(
            "未启用批次回调：管理员须设置 KEXIE_WEBHOOK_SECRET 和 KEXIE_ALLOWED_HOSTS。",
            "There are no webhooks here: KEXIE_WEBHOOK_SECRET and KEXIE_ALLOWED_HOSTS must be set.",
        )
    return settings.webhook_secret
