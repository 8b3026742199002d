"""Stores a batch's body in a file, never wholly in memory."""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePath
from typing import IO

from flask import g, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from service.archive.private_files import make_folder
from service.archive.record import is_visible
from service.batch.documents.document_files import SUFFIXES, UploadedFile, suffix
from service.batch.documents.document_ids import document_id
from service.batch.hosted.http_batch import FILES, UploadedBatch
from service.batch.inputs.read_input import named_format
from service.errors import UsageError
from service.web.http.parameters import BATCH_FORMATS, WRAPPING

_PIECE = 256 * 1024  # bytes
_NAME = 200  # characters of a file's name
_BEGIN = 4096  # bytes
_FILES = 100  # in one request, which each keep a file open


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
    """The batch in the request: its body, or the parts `file` of a form; at most `limit` bytes, in `folder`.

    Its files are unnamed and vanish with the process. Raises UnsupportedMediaType,
    RequestEntityTooLarge, UsageError.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType
    prepare(folder, limit)
    if request.mimetype == "multipart/form-data":
        yield _parts(limit)
        return
    format = BATCH_FORMATS.get(request.mimetype)
    if format is None:
        raise UnsupportedMediaType
    with tempfile.TemporaryFile(dir=folder) as file:
        _copy(file, limit)
        zipped = "batch.zip" if format == FILES else ""
        sent = UploadedFile(file, zipped)
        yield UploadedBatch((sent,), format, zipped or f"batch.{format}", _hashed(file))


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


def _parts(limit: int) -> UploadedBatch:
    """The files of a form, each with the part `id` at the same position, if there are such."""
    sent = [each for each in request.files.getlist("file") if each.filename]
    ids = request.form.getlist("id")
    if not 1 <= len(sent) <= _FILES:
        raise UsageError(
            f"请提交 1 至 {_FILES} 个文件（各为一个 file 部分）；更多的请打包成 .zip。",
            f"Send 1 to {_FILES} files, each in a part 'file'; more in a .zip.",
        )
    if any(ids) and len(ids) != len(sent):
        raise UsageError("每个文件各写一个编号（id）。", "Give one id for each file.")
    ids = [each.strip() for each in ids] if any(ids) else [""] * len(sent)
    files = tuple(UploadedFile(each.stream, _name(each), id) for each, id in zip(sent, ids, strict=True))
    if sum(_size(each.file) for each in files) > limit:
        raise RequestEntityTooLarge
    if len(files) == 1 and (format := named_format(files[0].name)):
        return _table_or_data(files[0], format)
    if len(files) == 1 and suffix(files[0].name) not in SUFFIXES:
        raise UsageError(
            "请提交 .xlsx 或 .csv 表格、填好的 .docx 等文书、装有文书的 .zip，或保存的数据。",
            "Send a sheet (.xlsx, .csv), filled forms such as .docx, a .zip of them, or saved data.",
        )
    described = [[each.name, each.id, _hashed(each.file)] for each in files]
    digest = hashlib.sha256(json.dumps(described).encode()).hexdigest()
    more = f" +{len(files) - 1}" * (len(files) > 1)
    return UploadedBatch(files, FILES, files[0].name + more, digest)


def _table_or_data(file: UploadedFile, format: str) -> UploadedBatch:
    """A batch in one file, to which an id may be given if it is data that the form page has saved."""
    digest = _hashed(file.file)
    single = format == "json" and _is_object(file.file)
    if file.id and not single:
        raise UsageError(
            "这份文件的各条自带编号，请不要另填编号。",
            "The items of this file have ids of their own: give no other.",
        )
    if single:
        described = [digest, file.id, file.id or document_id(file.name)]
        digest = hashlib.sha256(json.dumps(described).encode()).hexdigest()
    return UploadedBatch((file,), format, file.name, digest)


def _is_object(file: IO[bytes]) -> bool:
    """Whether a file of JSON has one object, not a list."""
    file.seek(0)
    return file.read(_BEGIN).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _name(sent: FileStorage) -> str:
    """The file's name without folders and invisible characters."""
    return "".join(filter(is_visible, PurePath((sent.filename or "").replace("\\", "/")).name))[-_NAME:]


def _size(file: IO[bytes]) -> int:
    file.seek(0, 2)
    return file.tell()


def _hashed(file: IO[bytes]) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
