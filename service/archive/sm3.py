"""SM3 (GB/T 32905) of files, by the system's OpenSSL."""

import hashlib
from collections.abc import Iterable

from service.errors import UsageError

_NAME = "sm3"


def available() -> bool:
    """Whether the OpenSSL of this process knows SM3."""
    try:
        hashlib.new(_NAME, usedforsecurity=False)
    except ValueError:
        return False
    return True


def sm3(content: Iterable[bytes]) -> str:
    """SM3 of the pieces of a file, in hexadecimal. Raises ValueError where it is not `available`."""
    found = hashlib.new(_NAME)
    for piece in content:
        found.update(piece)
    return found.hexdigest()


def require() -> None:
    """Raises UsageError where it is not `available`."""
    if not available():
        raise UsageError(
            "设置了 KEXIE_SM3=1，但本机的 OpenSSL 不支持 SM3。请换用支持 SM3 的 OpenSSL，或不设置它。",
            "KEXIE_SM3=1 is set, but this machine's OpenSSL lacks SM3. Install one that has it, or unset it.",
        )
