"""The bytes that may be read of uploaded files: of each, and of all together, unpacked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from service.batch.documents.file_errors import file_error
from service.errors import FieldError

_MIB = 1024 * 1024

#: What gives the bytes of a file, or raises Unusable.
Content = Callable[[], bytes]


class Unusable(Exception):
    """A file of an upload that is not read; `error` says why."""

    def __init__(self, code: str, **values: object) -> None:
        self.error: FieldError = file_error(code, **values)
        super().__init__(self.error.message.en)


@dataclass(frozen=True)
class Limits:
    """The most bytes of one file, and of all together."""

    file: int
    all: int


class Budget:
    """The bytes that are left for the files of an upload."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._left = limits, limits.all

    def read(self, file: IO[bytes]) -> bytes:
        """The content of a file. Raises Unusable if it is too large; once all are, without reading it."""
        content = file.read(self._limits.file + 1) if self._left >= 0 else b""
        self._left -= len(content)
        if self._left < 0:
            raise Unusable("zip_too_large", maximum=self._limits.all // _MIB)
        if len(content) > self._limits.file:
            raise Unusable("file_too_large", maximum=self._limits.file // _MIB)
        return content
