"""Idempotency-Key: a repeated request gets the stored response of the first."""

import contextlib
import functools
import hashlib
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ParamSpec

from flask import Response, current_app, g, request
from flask_smorest import Blueprint

from service.archive.private_files import make_folder
from service.errors import IdempotencyConflict, UsageError
from service.web.http.auth import caller, settings
from service.web.http.form_parser import FORMS
from service.web.http.idempotency_store import IdempotencyStore, RequestClaim, StoredResponse

P = ParamSpec("P")

HEADER = "Idempotency-Key"
_KEY = re.compile("[!-~]{1,255}")
#: The header in the description of the API.
PARAMETER = {
    "in": "header",
    "name": HEADER,
    "schema": {"type": "string", "pattern": f"^{_KEY.pattern}$"},
    "description": "同一键、同一请求得到同一答复 / the same key and request get the same response",
}
_LARGEST = 16 * 1024 * 1024  # bytes of a stored response
_IN_MEMORY, _PIECE = 1024 * 1024, 256 * 1024  # bytes of a body
_PAUSE = 0.1  # seconds between two checks of a request in progress


def replayable(
    prepare: Callable[[], None] | None = None,
) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
    """Stores a view's responses under the caller's Idempotency-Key; used below `needs`.

    `prepare` sets the limit of the body and the folder of its files before the body is read. Responses with
    5xx or 429, streams, bodies above 16 MiB and those of `do_not_store` are not stored: such a request is
    processed again.
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
                if isinstance(found, StoredResponse):
                    return _replayed(found)
                return _kept(found, lambda: view(*args, **kwargs))

        documented: Callable[P, Response] = Blueprint.doc(**{"x-idempotent": True})(answered)
        return documented

    return decorate


def do_not_store() -> None:
    """The response to the current request may be another one next time, so it is not stored."""
    g.kexie_unstored = True


def once(name: str, view: Callable[[], Response]) -> Response:
    """The response of a view to a form of a page; to the same form sent again, the stored one.

    `name` is one that the page gave the form: a form that was changed meanwhile is another request.
    """
    with _repeatable() as fingerprint:
        found = _claimed(_hashed([name.encode(), fingerprint.encode()]), fingerprint)
        return _replayed(found) if isinstance(found, StoredResponse) else _kept(found, view)


def _claimed(key: str, fingerprint: str) -> StoredResponse | RequestClaim:
    """The stored response, or a claim to produce it; waits for a request with the same key in progress."""
    if not _KEY.fullmatch(key):
        raise UsageError(
            f"{HEADER} 应为 1 至 255 个可见的 ASCII 字符，不含空格。",
            f"{HEADER} must be 1 to 255 visible ASCII characters without a space.",
        )
    wanted = caller().tenant, hashlib.sha256(key.encode()).hexdigest(), fingerprint
    until = time.monotonic() + settings().idempotency_wait
    while (found := _store().claim(*wanted)) is None:
        if time.monotonic() >= until:
            raise IdempotencyConflict
        time.sleep(_PAUSE)
    return found


def _kept(claim: RequestClaim, view: Callable[[], Response]) -> Response:
    try:
        response: Response = current_app.make_response(view())
    except Exception as error:
        response = current_app.make_response(current_app.handle_user_exception(error))
    passing = response.status_code >= 500 or response.status_code == 429 or g.get("kexie_unstored", False)
    if passing or response.is_streamed or len(response.get_data()) > _LARGEST:
        _store().release(claim)
    else:
        headers = [(name, value) for name, value in response.headers if name != "Content-Length"]
        _store().keep(claim, StoredResponse(response.status_code, headers, response.get_data()))
    return response


def _store() -> IdempotencyStore:
    found: IdempotencyStore = current_app.config["KEXIE_IDEMPOTENCY_STORE"]
    return found


def _replayed(answer: StoredResponse) -> Response:
    response = Response(answer.body, answer.status)
    response.headers.clear()
    response.headers.extend(answer.headers)
    response.headers["Idempotent-Replayed"] = "true"
    return response


@contextlib.contextmanager
def _repeatable() -> Iterator[str]:
    """SHA-256 of what makes two requests equal: method, path, query, Accept and the body's content.

    The body is buffered, so that the view can read it again.
    """
    texts = (request.method, request.path, request.headers.get("Accept", ""))
    parts = [*(text.encode() for text in texts), request.query_string]
    if request.mimetype in FORMS:
        yield _hashed([*parts, *_form()])
        return
    folder = settings().archive
    make_folder(folder)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(folder)) as body:
        digest = hashlib.sha256()
        while piece := request.stream.read(_PIECE):
            digest.update(piece)
            body.write(piece)
        body.seek(0)
        request.stream = body
        yield _hashed([*parts, digest.digest()])


def _form() -> Iterator[bytes]:
    """Fields and files, not the body's bytes: clients choose a new boundary each time."""
    fields: list[tuple[str, Any]] = [
        *request.form.items(multi=True),
        *request.files.items(multi=True),
    ]
    for name, value in sorted(fields, key=lambda field: field[0]):
        yield name.encode()
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
