"""Stores a batch's body in a file, never wholly in memory."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from flask import g, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from service.archive.private_files import make_folder
from service.archive.record import is_visible
from service.batch.hosted.http_batch import UploadedBatch
from service.batch.inputs.read_input import named_format
from service.errors import UsageError
from service.web.http.parameters import BATCH_FORMATS, WRAPPING

_PIECE = 256 * 1024  # bytes
_NAME = 200  # characters of a file's name


def prepare(folder: Path, limit: int) -> None:
    """Sets the body limit of a batch, and the folder of its files."""
    make_folder(folder)
    request.new_file = partial(_new_file, folder)  # type: ignore[attr-defined]
    # A chunked body is silently truncated at the limit.
    request.max_content_length = limit + (WRAPPING if request.mimetype == "multipart/form-data" else 1)


def _new_file(folder: Path) -> IO[bytes]:
    """A file that is closed after the request, also where the disk is too full for all of it."""
    file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by request_hooks.end
    g.setdefault("kexie_files", []).append(file)
    return file


@contextmanager
def batch(folder: Path, limit: int) -> Iterator[UploadedBatch]:
    """The batch in the request: its body, or the part `file` of a form; at most `limit` bytes, in `folder`.

    Its file is unnamed and vanishes with the process. Raises UnsupportedMediaType,
    RequestEntityTooLarge, UsageError.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType
    prepare(folder, limit)
    if request.mimetype == "multipart/form-data":
        yield _part(limit)
        return
    format = BATCH_FORMATS.get(request.mimetype)
    if format is None:
        raise UnsupportedMediaType
    with tempfile.TemporaryFile(dir=folder) as file:
        _copy(file, limit)
        yield UploadedBatch(file, format, f"batch.{format}", _hashed(file))


def _copy(file: IO[bytes], limit: int) -> None:
    if (request.content_length or 0) > limit:
        raise RequestEntityTooLarge
    size = 0
    while piece := request.stream.read(_PIECE):
        size += len(piece)
        if size > limit:
            raise RequestEntityTooLarge
        file.write(piece)
    file.flush()


def _part(limit: int) -> UploadedBatch:
    sent = request.files.getlist("file")
    if len(sent) != 1:
        raise UsageError(
            "请在 multipart/form-data 的 file 部分提交一个文件。",
            "Send one file in the part 'file' of multipart/form-data.",
        )
    format = named_format(sent[0].filename)
    if format is None:
        raise UsageError(
            "请提交一个扩展名为 .xlsx、.csv、.ndjson 或 .json 的文件。",
            "Send a file whose name ends in .xlsx, .csv, .ndjson or .json.",
        )
    file: IO[bytes] = sent[0].stream
    file.seek(0, 2)
    if file.tell() > limit:
        raise RequestEntityTooLarge
    shown = "".join(filter(is_visible, Path(sent[0].filename or "").name))
    return UploadedBatch(file, format, shown[:_NAME], _hashed(file))


def _hashed(file: IO[bytes]) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
