"""The names of documents: the ids made of them, those that have one id, those that are no documents."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import PurePath

from service.archive.record import ID_MAXIMUM, is_visible
from service.errors import Bilingual, FieldError

_TEMPORARY = ("~$", ".")  # files that Word, LibreOffice and macOS create beside documents
_DIGITS = 16  # of a hash in a shortened id


def is_temporary(name: str) -> bool:
    """Whether a file of this name is hidden, or was made by a program beside an open document."""
    return name.startswith(_TEMPORARY) or name.endswith("~") or PurePath(name).suffix.lower() == ".tmp"


def document_id(path: str) -> str:
    """The id of a document: its path without suffix if an id can be that, else a form of it with a hash.

    Invisible characters become blanks, and the middle of a long path is left out. The hash is of the whole
    path, so that the id is always the same, and different for each path.
    """
    plain = path.rpartition(".")[0]
    if len(plain) <= ID_MAXIMUM and is_visible(plain):
        return plain
    digits = hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    shown = "".join(each if is_visible(each) else " " for each in plain)
    room = ID_MAXIMUM - _DIGITS - 1
    if len(shown) > room:
        half = (room - 1) // 2
        shown = f"{shown[:half]}…{shown[-half:]}"
    return f"{shown}~{digits}"


def same_id(id: str, paths: Sequence[str]) -> FieldError:
    """The error of files whose names give one id: none is taken, as which one is meant cannot be known."""
    zh, en = "、".join(paths), ", ".join(paths)
    text = Bilingual(
        f"编号“{id}”来自多个文件：{zh}。请只保留一个，或改名。",
        f"Several files give the id '{id}': {en}. Keep one, or rename.",
    )
    return FieldError("/id", "编号", "duplicate_id", text)


def printable(path: str) -> str:
    """The path with invalid UTF-8 escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
