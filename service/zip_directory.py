"""Checks a zip's directory before `zipfile` lists it, which takes ten times its bytes of memory."""

import lzma
import zipfile
import zlib
from typing import IO

MAXIMUM = 1024 * 1024  # bytes, of some ten thousand parts

#: What `zipfile` raises when it opens or reads a damaged or encrypted zip, or one of an unknown method.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,  # NotImplementedError too
    ValueError,  # UnicodeDecodeError too: a name
)


def is_too_large(file: IO[bytes]) -> bool:
    """Whether the directory (APPNOTE 6.3.3, 4.3.12) has more bytes than any document's or workbook's."""
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
    return bool(end and end[zipfile._ECD_SIZE] > MAXIMUM)  # type: ignore[attr-defined]
