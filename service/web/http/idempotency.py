"""The header Idempotency-Key: a request sent again gets the answer that it got before."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ParamSpec

from flask import Response, current_app, request
from flask_smorest import Blueprint

from service.errors import IdempotencyConflict, UsageError
from service.web.http.auth import caller, settings
from service.web.http.idempotency_store import Answer, Answers, Claim

P = ParamSpec("P")

HEADER = "Idempotency-Key"
_KEY = re.compile("[!-~]{1,255}")
_LARGEST = 16 * 1024 * 1024  # bytes of an answer that is kept
_IN_MEMORY, _PIECE = 1024 * 1024, 256 * 1024  # bytes of a body
_PAUSE = 0.1  # seconds between two looks at a request at work


def replayable(
    prepare: Callable[[], None] | None = None,
) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
    """A view whose answer is kept under the caller's Idempotency-Key; stands below `needs`, next to `def`.

    `prepare` sets what the view sets before it reads a body: its limit, where its files lie. What was
    answered with 5xx or 429, or is streamed or larger than 16 MiB, is not kept: sent again, it is done again.
    """

    def decorate(view: Callable[P, Response]) -> Callable[P, Response]:
        @functools.wraps(view)
        def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
            key = request.headers.get(HEADER)
            if key is None:
                return view(*args, **kwargs)
            if prepare:
                prepare()
            with _repeatable() as fingerprint:
                found = _claimed(key, fingerprint)
                if isinstance(found, Answer):
                    return _replayed(found)
                return _kept(found, lambda: view(*args, **kwargs))

        documented: Callable[P, Response] = Blueprint.doc(**{"x-idempotent": True})(answered)
        return documented

    return decorate


def _claimed(key: str, fingerprint: str) -> Answer | Claim:
    """The answer of before, or the right to give it, after some patience with another request at work."""
    if not _KEY.fullmatch(key):
        raise UsageError(
            f"{HEADER} 应为 1 至 255 个可见的 ASCII 字符，不含空格。",
            f"{HEADER} must be 1 to 255 visible ASCII characters without a space.",
        )
    wanted = caller().tenant, hashlib.sha256(key.encode()).hexdigest(), fingerprint
    until = time.monotonic() + settings().idempotency_wait
    while (found := _answers().claim(*wanted)) is None:
        if time.monotonic() >= until:
            raise IdempotencyConflict
        time.sleep(_PAUSE)
    return found


def _kept(claim: Claim, view: Callable[[], Response]) -> Response:
    try:
        response: Response = current_app.make_response(view())
    except Exception as error:
        response = current_app.make_response(current_app.handle_user_exception(error))
    passing = response.status_code >= 500 or response.status_code == 429
    if passing or response.is_streamed or len(response.get_data()) > _LARGEST:
        _answers().release(claim)
    else:
        headers = [(name, value) for name, value in response.headers if name != "Content-Length"]
        _answers().keep(claim, Answer(response.status_code, headers, response.get_data()))
    return response


def _answers() -> Answers:
    found: Answers = current_app.config["KEXIE_ANSWERS"]
    return found


def _replayed(answer: Answer) -> Response:
    response = Response(answer.body, answer.status)
    response.headers.clear()
    response.headers.extend(answer.headers)
    response.headers["Idempotent-Replayed"] = "true"
    return response


@contextlib.contextmanager
def _repeatable() -> Iterator[str]:
    """SHA-256 of what makes two requests the same: method, path, query, Accept, and what the body says.

    The body is read for it, and then lies where the view reads it again.
    """
    told = (request.method, request.path, request.headers.get("Accept", ""))
    parts = [*(text.encode() for text in told), request.query_string]
    if request.mimetype == "multipart/form-data":
        yield _hashed([*parts, *_form()])
        return
    folder = settings().archive
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(folder)) as body:
        digest = hashlib.sha256()
        while piece := request.stream.read(_PIECE):
            digest.update(piece)
            body.write(piece)
        body.seek(0)
        request.stream = body
        yield _hashed([*parts, digest.digest()])


def _form() -> Iterator[bytes]:
    """Fields and files, not the body's bytes: a client sets another boundary each time."""
    fields: list[tuple[str | None, Any]] = [
        *request.form.items(multi=True),
        *request.files.items(multi=True),
    ]
    for name, value in sorted(fields, key=lambda field: field[0] or ""):  # a part may have no name
        yield (name or "").encode()
        if isinstance(value, str):
            yield value.encode()
            continue
        yield (value.filename or "").encode()
        yield hashlib.file_digest(value.stream, "sha256").digest()
        value.stream.seek(0)


def _hashed(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()
