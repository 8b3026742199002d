"""Stored responses of requests with an Idempotency-Key, in the archive's database for all web processes."""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from service.archive.database import writing
from service.archive.database_handle import DatabaseHandle
from service.config import Settings
from service.database.column_types import METADATA, Moment, plain
from service.errors import IdempotencyKeyReused
from service.processes import process_identity

#: `key` and `request` are hashes, as a key may be any text. `status` is NULL while the process `holder` works
#: on the request, until `lease` at the latest.
ANSWERS = Table(
    "answers",
    METADATA,
    Column("tenant", plain(100), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("claim", String(32), nullable=False),
    Column("holder", Text, nullable=False),
    Column("lease", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("status", Integer),
    Column("headers", Text),
    Column("body", LargeBinary),
    Index(None, "expires"),
)


@dataclass(frozen=True)
class StoredResponse:
    """A response as it was sent."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class RequestClaim:
    """The exclusive right to answer a request."""

    tenant: str
    key: str
    token: str

    @property
    def mine(self) -> tuple[Any, ...]:
        """The condition for the claim's row, unless another process has taken it over."""
        columns = ANSWERS.c
        return columns.tenant == self.tenant, columns.key == self.key, columns.claim == self.token


class IdempotencyStore:
    """The table of stored responses. Every call may raise ArchiveUnavailable or ArchiveFault."""

    def __init__(self, settings: Settings, database: DatabaseHandle) -> None:
        self._database = database
        self._kept = timedelta(hours=settings.idempotency_hours)
        self._lease = timedelta(seconds=settings.longest_request)

    def claim(self, tenant: str, key: str, request: str) -> StoredResponse | RequestClaim | None:
        """The stored response or a claim to produce it; None while another request holds the claim.

        Raises IdempotencyKeyReused where the key was sent with another request.
        """
        wanted = RequestClaim(tenant, key, uuid.uuid4().hex)
        try:
            with writing(self._database.engine()) as connection:
                return self._claimed(connection, wanted, request)
        except _Taken:
            return None

    def _claimed(
        self, connection: Connection, wanted: RequestClaim, request: str
    ) -> StoredResponse | RequestClaim | None:
        now = datetime.now(UTC)
        connection.execute(delete(ANSWERS).where(ANSWERS.c.expires < now))
        one = ANSWERS.c.tenant == wanted.tenant, ANSWERS.c.key == wanted.key
        row = connection.execute(select(ANSWERS).where(*one).with_for_update()).first()
        work = {
            "claim": wanted.token,
            "holder": process_identity.name(),
            "lease": now + self._lease,
            "expires": now + max(self._kept, self._lease),
        }
        if row is None:
            new = {"tenant": wanted.tenant, "key": wanted.key, "request": request, **work}
            try:
                connection.execute(insert(ANSWERS).values(**new))
            except IntegrityError as error:  # on a server, another was faster
                raise _Taken from error
            return wanted
        if row.request != request:
            raise IdempotencyKeyReused
        if row.status is not None:
            headers = [(name, value) for name, value in json.loads(row.headers)]
            return StoredResponse(row.status, headers, row.body)
        if row.lease >= now and not process_identity.dead(row.holder):
            return None
        connection.execute(update(ANSWERS).where(*one).values(**work))
        return wanted

    def keep(self, claim: RequestClaim, answer: StoredResponse) -> None:
        """Stores the response to a claimed request."""
        values = {
            "status": answer.status,
            "headers": json.dumps(answer.headers),
            "body": answer.body,
            "expires": datetime.now(UTC) + self._kept,
        }
        with writing(self._database.engine()) as connection:
            connection.execute(update(ANSWERS).where(*claim.mine).values(**values))

    def release(self, claim: RequestClaim) -> None:
        """Drops a claim without a response, so that the request can be retried."""
        with writing(self._database.engine()) as connection:
            connection.execute(delete(ANSWERS).where(*claim.mine))


class _Taken(Exception):
    """Another process has claimed the request meanwhile."""
