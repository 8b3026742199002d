"""Rows of one act on many records, such as an export: a row for each record."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from service.audit import audit_chain
from service.audit.event import Actor, ArchivedRecord, Event, on_record

_AT_ONCE = 1000  # rows in a transaction, for which others that write wait


def append(
    writing: Callable[[], AbstractContextManager[Connection]],
    records: Iterable[ArchivedRecord],
    actor: Actor,
    action: str,
    **fields: Any,
) -> None:
    """Appends a row for each record, with the same other `fields`, in transactions that `writing` opens.

    Raises as `writing`.
    """
    left = iter(records)
    while piece := list(islice(left, _AT_ONCE)):
        with writing() as connection:
            audit_chain.append(
                connection, [Event(actor, action, **on_record(each), **fields) for each in piece]
            )
