"""The service's log: one JSON object per line on standard error, without any data of requests."""

import logging
import logging.config
import traceback
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict

# gunicorn logs these with the address or the bytes of a request: only the prefix is kept.
_OWN = ("kexie", "gunicorn")
_WITH_REQUEST_DATA = ("Invalid request from", "Error handling request")


def configure(level: str) -> None:
    """Routes all logging of this process through one handler, from `level` on.

    Libraries log from WARNING on: SQL, addresses and values that they log below it are personal data.
    """
    added: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": added,
        "processors": [
            _scrub,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "loggers": {name: {"level": level} for name in _OWN},
            "root": {"level": max(level, "WARNING", key=logging.getLevelName), "handlers": ["stderr"]},
        }
    )


def where(trace: TracebackType | None) -> str:
    """The places of a trace, without the values and texts that an exception may quote."""
    frames = traceback.extract_tb(trace)
    return " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)


def _scrub(_: Any, __: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    if (raised := event.pop("exc_info", None)) and raised[0]:
        event["event"] = str(record.msg)  # its arguments may be a request's
        event["error"] = raised[0].__name__
        event["at"] = where(raised[2])
    for prefix in _WITH_REQUEST_DATA:
        if str(event["event"]).startswith(prefix):
            event["event"] = prefix
    return event
