"""Checks a zip's directory before `zipfile` lists it, which takes ten times its bytes of memory."""

import zipfile
from typing import IO

MAXIMUM = 1024 * 1024  # bytes, of some ten thousand parts


def is_too_large(file: IO[bytes]) -> bool:
    """Whether the directory (APPNOTE 6.3.3, 4.3.12) has more bytes than any document's or workbook's."""
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
    return bool(end and end[zipfile._ECD_SIZE] > MAXIMUM)  # type: ignore[attr-defined]
