"""A zip's directory, checked before `zipfile` lists it, at ten times its bytes of memory; its paths."""

import lzma
import re
import zipfile
import zlib
from typing import IO

_UTF8 = 0x800  # a flag of an entry (APPNOTE 6.3.3, 4.4.4)
_DRIVE = re.compile("[A-Za-z]:")
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


def is_too_large(file: IO[bytes], maximum: int = MAXIMUM) -> bool:
    """Whether the directory (APPNOTE 6.3.3, 4.3.12) has more bytes; any document's or workbook's has less."""
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
    return bool(end and end[zipfile._ECD_SIZE] > maximum)  # type: ignore[attr-defined]


def path(entry: zipfile.ZipInfo) -> str:
    """The path with slashes; Chinese Windows writes names in GB 18030, others in UTF-8 without saying so."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8 and not name.isascii():
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("gb18030", "replace")
    return name.partition("\0")[0].replace("\\", "/")


def is_odd(path: str) -> bool:
    """Whether a path leads out of the folder where a zip would be unpacked."""
    return path.startswith("/") or ".." in path.split("/") or _DRIVE.match(path) is not None
