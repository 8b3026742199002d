"""A batch as JSON tells it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from service.archive import Archive
from service.archive.record_tables import iso
from service.batch.hosted.http_batch import HttpBatch
from service.batch.inputs.read_input import SHEETS
from service.batch.jobs import webhook_queue
from service.web.http.urls import link


def webhooks(archive: Archive, batch: HttpBatch) -> list[dict[str, Any]]:
    """The batch's webhooks: waiting for its end, pending, delivered or failed."""
    with archive.reading() as connection:
        return [
            {
                "url": hook.url,
                "state": hook.state,
                "tries": hook.tries,
                "next_try": None if hook.due is None else moment(hook.due),
                "said": hook.said,
            }
            for hook in webhook_queue.of_batch(connection, batch.job)
        ]


def moment(seconds: float) -> str:
    """Seconds since 1970 as ISO 8601 in UTC."""
    return iso(datetime.fromtimestamp(seconds, UTC))


def progress(batch: HttpBatch) -> dict[str, Any]:
    """How far it is."""
    return {"state": batch.state, "total": batch.total, "counts": vars(batch.counts)}


def whole(id: str, batch: HttpBatch) -> dict[str, Any]:
    """All of it but for its errors and webhooks; `id` is its name in addresses."""
    links = {"self": "batch", "events": "events", "documents": "documents", "errors": "errors"}
    if batch.input in SHEETS and batch.counts.failed:
        links["errors_sheet"] = "errors_sheet"
    return {
        "id": id,
        "name": batch.name,
        **progress(batch),
        "formats": list(batch.formats),
        "form": batch.form,
        "year": batch.year,
        "created": moment(batch.created),
        "finished": None if batch.ended is None else moment(batch.ended),
        "links": {name: link(f"batches.{view}", id=id) for name, view in links.items()},
    }
