"""The webhook sender: delivers signed messages (Standard Webhooks, standardwebhooks.com) with retries."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from standardwebhooks import Webhook

from service import outbound_http
from service.archive import Archive
from service.batch.jobs import webhook_queue
from service.batch.jobs.webhook_queue import WebhookMessage
from service.config import Settings
from service.errors import UsageError

_AT_ONCE = 4
_POLL = 0.5  # seconds between two queries of the database
_RETRY = 5.0  # seconds after a failure
_GONE = 410  # the receiver unsubscribes

_log = logging.getLogger("kexie.batch")


class WebhookSender:
    """Sends due messages from its own thread until it is stopped."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self._archive = archive
        self._settings = settings
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def __enter__(self) -> "WebhookSender":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(2 * outbound_http.DEADLINE)

    def _run(self) -> None:
        with ThreadPoolExecutor(_AT_ONCE, "webhook") as threads:
            while not self._stopping.wait(_POLL):
                try:
                    with self._archive.reading() as connection:
                        due = webhook_queue.due(connection, time.time(), _AT_ONCE)
                    list(threads.map(self._deliver, due))
                except Exception as error:  # of any kind: webhooks must continue once it is fixed
                    _log.warning("webhooks cannot be delivered: %s", type(error).__name__)
                    self._stopping.wait(_RETRY)

    def _deliver(self, message: WebhookMessage) -> None:
        outcome, result = self._send(message)
        with self._archive.writing() as connection:
            webhook_queue.mark(connection, message, result, time.time(), self._settings.webhook_wait, outcome)

    def _send(self, message: WebhookMessage) -> tuple[str, str]:
        """Sends a message; returns the state and the result of the try."""
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
    """The secret that signs webhooks. Raises UsageError if none is set."""
    if settings.webhook_secret is None:
        raise UsageError(
            "未启用批次回调：管理员须设置 KEXIE_WEBHOOK_SECRET 和 KEXIE_ALLOWED_HOSTS。",
            "Webhooks are disabled: the administrator must set KEXIE_WEBHOOK_SECRET and KEXIE_ALLOWED_HOSTS.",
        )
    return settings.webhook_secret
