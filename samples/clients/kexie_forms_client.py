"""科协表单的 Python 客户端，单个文件，只用标准库（3.11+）/ a client of kexie-forms in one file, to be copied.

    client = Client("http://127.0.0.1:8000", key="kexie_…")
    document = client.generate("annex3", 2021, data)
    document.save("申报书.pdf")

Every error of the service is a `Problem`, its `code`, `status` and `errors` as in problem+json (RFC 9457).
After 408, 409, 429 and 503 a request is sent again when `Retry-After` says, after a broken connection soon;
each POST carries an `Idempotency-Key` of its own, so nothing is made twice. Threads may share a client.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import shutil
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal
from urllib.parse import quote, unquote, urlencode, urljoin

__all__ = ["Batch", "Client", "Document", "FieldError", "Problem", "Unreachable", "failures"]

Format = Literal["pdf", "docx", "zip", "png"]
Json = dict[str, Any]
_AGAIN = (408, 409, 429, 503)
_LONGEST = 60.0  # seconds before another try
_PIECE = 256 * 1024  # bytes


@dataclass(frozen=True)
class FieldError:
    """One fault of the data: where (JSON Pointer and official label), its code, and what to do."""

    pointer: str
    label: str
    code: str
    message: str


class Problem(Exception):
    """An error that the service answered; its text is for people, `code` is for programs."""

    def __init__(self, status: int, body: Json, retry_after: float | None = None) -> None:
        self.status = status
        self.code = str(body.get("code", "unknown"))
        self.title = str(body.get("title", f"HTTP {status}"))
        self.detail = str(body.get("detail", ""))
        self.request_id = str(body.get("request_id", ""))
        self.retry_after = retry_after  # seconds
        self.errors = tuple(
            FieldError(**{name: str(error.get(name, "")) for name in ("pointer", "label", "code", "message")})
            for error in body.get("errors", ())
        )
        faults = "".join(f"\n  {fault.label}（{fault.pointer}）：{fault.message}" for fault in self.errors)
        super().__init__(f"{self.title}：{self.detail} [{status} {self.code}, {self.request_id}]{faults}")


class Unreachable(Exception):
    """No answer came: the connection failed or broke, or the time was up."""


@dataclass(frozen=True)
class Document:
    """A document: its bytes, name and SHA-256; `record` is its record's address where it was archived."""

    content: bytes
    name: str
    sha256: str
    record: str | None = None
    warnings: int = 0

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Writes it to `path`, which is there only once it is whole."""
        with _atomic_file(Path(path)) as file:
            file.write(self.content)
        return Path(path)


@dataclass(frozen=True)
class Batch:
    """How far a batch is. `state`: queued, running, finished or cancelled; `finished`: no work is left."""

    id: str
    state: str
    total: int
    counts: Mapping[str, int]
    finished: bool = field(default=False)


class Client:
    """The service at `url` (its prefix included), called with `key` where keys are configured.

    `timeout` is in seconds, for each wait for the network; `tries` is how often one request is sent at most.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        language: Literal["zh", "en"] = "zh",
        timeout: float = 120.0,
        tries: int = 5,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"应以 http:// 或 https:// 开头 / must begin so: {url}")
        self._root = url.rstrip("/")
        self._headers: dict[str, str] = {"Accept-Language": language}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._timeout, self._tries, self._sleep = timeout, tries, sleep
        self._opener = urllib.request.build_opener(_NoRedirect)

    def forms(self) -> list[Json]:
        """The catalogue of forms and editions."""
        found: list[Json] = self._json("GET", "/forms")["forms"]
        return found

    def edition(self, form: str, year: int) -> Json:
        """An edition: JSON Schema, labels, limits, sample."""
        return self._json("GET", _edition(form, year))

    def blank(self, form: str, year: int, format: Format = "pdf") -> Document:
        """The official blank form."""
        return self._document("GET", f"{_edition(form, year)}/blank", {"format": format})

    def validate(self, form: str, year: int, data: Json) -> Json:
        """Counts and totals. Raises Problem (422, `errors`) where the data are wrong."""
        return self._json(
            "POST", f"{_edition(form, year)}/validate", body=_encoded(data), kind="application/json"
        )

    def generate(
        self,
        form: str,
        year: int,
        data: Json,
        format: Format = "pdf",
        *,
        prove: bool = False,
        idempotency_key: str | None = None,
    ) -> Document:
        """A document. Raises Problem (422, `errors`) where the data are wrong."""
        query = {"format": format, "prove": "true" if prove else None}
        return self._made(form, year, data, query, idempotency_key)

    def archive(
        self,
        form: str,
        year: int,
        id: str,
        data: Json,
        format: Format = "pdf",
        *,
        idempotency_key: str | None = None,
    ) -> Document:
        """A document that is archived too, in both formats, under the submitter's own `id`; see `record`."""
        return self._made(form, year, data, {"format": format, "archive": "true", "id": id}, idempotency_key)

    def make_record(
        self,
        form: str,
        year: int,
        data: Json,
        *,
        id: str | None = None,
        after: str | None = None,
        idempotency_key: str | None = None,
    ) -> Json:
        """The record of a submission, archived under `id`, by default under a running number.

        `after` is the key of the version that was changed: 412 `newer_version` if it is no longer the newest.
        """
        path, query = f"{_edition(form, year)}/records", {"id": id, "after": after}
        return self._json("POST", path, query, _encoded(data), "application/json", idempotency_key)

    def extract(self, path: str | os.PathLike[str], form: str | None = None, year: int | None = None) -> Json:
        """The payload of a filled form: form, year, data, warnings, layout."""
        fields = {"form": form, "year": None if year is None else str(year)}
        body, kind = _multipart(Path(path), {name: value for name, value in fields.items() if value})
        return self._json("POST", "/extract", body=body, kind=kind)

    def start_batch(
        self,
        items: Iterable[Json] | str | os.PathLike[str],
        *,
        form: str | None = None,
        year: int | None = None,
        formats: str = "docx,pdf",
        webhook: str | None = None,
    ) -> Batch:
        """Sends many: objects `{form, year, id, data}`, or a path of .ndjson, .json, .csv or .xlsx."""
        query = {"form": form, "year": year, "formats": formats, "webhook": webhook}
        if isinstance(items, str | os.PathLike):
            body, kind = _multipart(Path(items), {})
        else:
            body, kind = b"".join(_encoded(item) + b"\n" for item in items), "application/x-ndjson"
        return _batch(self._json("POST", "/batches", query, body, kind))

    def batch(self, id: str) -> Batch:
        """How far a batch is."""
        return _batch(self._json("GET", f"/batches/{quote(id)}", {"limit": 1}))

    def watch(self, id: str) -> Iterator[Batch]:
        """The batch whenever it has changed, by server-sent events, until it is at its end."""
        seen = ""
        while True:
            pause = 1.0
            try:
                for event in self._events(id, seen):
                    seen, pause = event.id or seen, event.retry or pause
                    if event.data:
                        yield _batch(json.loads(event.data), finished=event.name == "finished")
                    if event.name == "finished":
                        return
            except (OSError, http.client.HTTPException):
                pause = 5.0  # the connection broke: reconnect, and receive the present state
            self._sleep(pause)

    def wait(self, id: str, progress: Callable[[Batch], None] | None = None) -> Batch:
        """The batch at its end; `progress` is called whenever it has changed."""
        last = None
        for last in self.watch(id):
            if progress:
                progress(last)
        return last or self.batch(id)

    def cancel_batch(self, id: str) -> Batch:
        """Cancels what has not begun; what is done is kept."""
        return _batch(self._json("DELETE", f"/batches/{quote(id)}"))

    def batch_failures(self, id: str) -> Iterator[Json]:
        """The failed items, each with its place and errors."""
        return self._paged(f"/batches/{quote(id)}", {"limit": 500}, "errors")

    def save_batch(self, id: str, path: str | os.PathLike[str]) -> Path:
        """Writes the zip of a batch's documents to `path`, which is there only once it is whole."""
        return self._saved(f"/batches/{quote(id)}/documents.zip", Path(path))

    def records(
        self, *, form: str | None = None, year: int | None = None, id: str | None = None
    ) -> Iterator[Json]:
        """The newest version of each record, page by page behind the scenes."""
        return self._paged("/records", {"form": form, "year": year, "id": id, "limit": 500}, "records")

    def record(self, key: str) -> Json:
        """A record by its key, or by the address in `Document.record`."""
        return self._json("GET", f"/records/{quote(key.rpartition('/')[2])}")

    def save_record(self, key: str, part: str, path: str | os.PathLike[str]) -> Path:
        """Writes a file of a record (pdf, docx, payload, manifest, original) to `path`."""
        return self._saved(f"/records/{quote(key.rpartition('/')[2])}/{part}", Path(path))

    def _made(self, form: str, year: int, data: Json, query: Json, idempotency_key: str | None) -> Document:
        path = f"{_edition(form, year)}/documents"
        return self._document("POST", path, query, _encoded(data), "application/json", idempotency_key)

    def _document(self, method: str, path: str, query: Json, *rest: Any) -> Document:
        with self._sent(method, path, query, *rest) as answer:
            content, headers = _whole(answer), answer.headers
        return Document(
            content,
            _name(headers.get("Content-Disposition", "")),
            headers.get("ETag", "").strip('W/"'),
            headers.get("Location"),
            int(headers.get("X-Warning-Count", 0)),
        )

    def _json(
        self,
        method: str,
        path: str,
        query: Json | None = None,
        body: bytes | None = None,
        kind: str = "",
        idempotency_key: str | None = None,
    ) -> Json:
        with self._sent(method, path, query, body, kind, idempotency_key) as answer:
            found: Json = json.loads(_whole(answer))
        return found

    def _paged(self, path: str, query: Json, name: str) -> Iterator[Json]:
        following: str | None = None
        while True:
            with self._sent("GET", following or path, None if following else query) as answer:
                page = json.loads(_whole(answer))
            yield from page[name]
            if page["next"] is None:
                return
            following = page["next"]

    def _saved(self, path: str, target: Path) -> Path:
        with self._sent("GET", path) as answer, _atomic_file(target) as file:
            try:
                shutil.copyfileobj(answer, file, _PIECE)
            except (OSError, http.client.HTTPException) as error:
                raise Unreachable(f"下载中断 / broken off: {path}") from error
        return target

    def _events(self, id: str, seen: str) -> Iterator[_Event]:
        headers = {"Accept": "text/event-stream", **({"Last-Event-ID": seen} if seen else {})}
        with self._sent("GET", f"/batches/{quote(id)}/events", headers=headers) as answer:
            if answer.status == 204:
                yield _Event("finished", seen)
                return
            event = _Event()
            for line in answer:
                if text := line.decode().rstrip("\r\n"):
                    event = event.with_line(text)
                    continue
                yield event
                event = _Event()

    def _sent(
        self,
        method: str,
        path: str,
        query: Json | None = None,
        body: bytes | None = None,
        kind: str = "",
        idempotency_key: str | None = None,
        headers: Mapping[str, str] = {},
    ) -> Any:
        """The answer, open, once it is a good one. Raises Problem or Unreachable after the last try."""
        all_headers = {**self._headers, **headers, **({"Content-Type": kind} if kind else {})}
        if method == "POST":
            all_headers["Idempotency-Key"] = idempotency_key or secrets.token_urlsafe(24)
        request = urllib.request.Request(self._url(path, query), body, all_headers, method=method)  # noqa: S310
        for attempt in range(1, self._tries + 1):
            try:
                return self._opener.open(request, timeout=self._timeout)
            except urllib.error.HTTPError as error:
                problem = _problem(error)
                if problem.status not in _AGAIN or attempt == self._tries:
                    raise problem from None
                wait = problem.retry_after or 1.0
            except (OSError, http.client.HTTPException) as error:
                if attempt == self._tries:
                    raise Unreachable(f"{self._root}: {error}") from error
                wait = 2.0 ** (attempt - 2)
            self._sleep(min(wait, _LONGEST))
        raise AssertionError("unreachable")

    def _url(self, path: str, query: Json | None) -> str:
        """The address of a path below /api/v1, or of a link that the service gave, which has its prefix."""
        parameters = urlencode({name: value for name, value in (query or {}).items() if value is not None})
        if "/api/v1/" in path:
            return urljoin(self._root + "/", path)
        return f"{self._root}/api/v1{path}{'?' if parameters else ''}{parameters}"


@dataclass(frozen=True)
class _Event:
    """A server-sent event as far as it has come; `retry` is in seconds."""

    name: str = ""
    id: str = ""
    data: str = ""
    retry: float = 0.0

    def with_line(self, line: str) -> _Event:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "event":
                return _Event(value, self.id, self.data, self.retry)
            case "id":
                return _Event(self.name, value, self.data, self.retry)
            case "data":
                return _Event(self.name, self.id, self.data + value, self.retry)
            case "retry":
                return _Event(self.name, self.id, self.data, int(value) / 1000)
        return self


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The service never redirects its API: a key is sent nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def failures(problem: Problem) -> dict[str, list[str]]:
    """The messages of a 422 by JSON Pointer, as a form shows them beside its fields."""
    found: dict[str, list[str]] = {}
    for error in problem.errors:
        found.setdefault(error.pointer, []).append(error.message)
    return found


def _edition(form: str, year: int) -> str:
    return f"/forms/{quote(form, safe='')}/{year}"


def _encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _whole(answer: Any) -> bytes:
    try:
        content: bytes = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable("应答没有收完 / the answer broke off") from error
    return content


def _batch(state: Json, finished: bool | None = None) -> Batch:
    ended = state.get("finished") is not None if finished is None else finished
    return Batch(state["id"], state["state"], state["total"], state["counts"], ended)


def _problem(error: urllib.error.HTTPError) -> Problem:
    wait = error.headers.get("Retry-After", "")
    with error, contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        body = json.loads(error.read())
        if isinstance(body, dict):
            return Problem(error.code, body, float(wait) if wait.isdecimal() else None)
    return Problem(error.code, {}, float(wait) if wait.isdecimal() else None)  # from a proxy, not the service


def _name(disposition: str) -> str:
    """The file's name of a Content-Disposition (RFC 8187)."""
    _, found, name = disposition.partition("filename*=UTF-8''")
    return unquote(name.partition(";")[0]) if found else "document"


def _multipart(path: Path, fields: Mapping[str, str]) -> tuple[bytes, str]:
    """A form with a file (RFC 7578), and its media type."""
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    name = path.name.replace("\\", "_").replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", path.read_bytes()]
    return b"".join([*parts, f"\r\n--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"


@contextlib.contextmanager
def _atomic_file(path: Path) -> Iterator[IO[bytes]]:
    """A file written atomically: temporary file, fsync, rename."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            Path(file.name).unlink()
            raise
    Path(file.name).replace(path)
