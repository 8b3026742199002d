"""Folder names from ids and submitters' names: safe on every file system, and distinct."""

import hashlib
import re
import unicodedata

_LONGEST = 120  # bytes; file systems take 255, Windows 260 characters for a whole path
# What Windows refuses, what turns the direction of text, and % (RFC 8493, section 2.1.3, encodes it).
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\\/:*?"<>|%]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class FolderNames:
    """The names in one folder: one per id, distinct even if case is ignored."""

    def __init__(self) -> None:
        self._taken: dict[str, str] = {}

    def of(self, id: str, submitter: str = "") -> str:
        """The name of an id: itself if that is safe, else a safe form followed by digits of its hash.

        Behind it comes the submitter's name, unless the id has it or there is no room.
        """
        plain = safe_name(id)
        behind = _behind(plain, submitter)
        digits = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()
        names = [f"{plain}~{digits[:number]}" for number in (8, 16, 32, 64)]
        for name in (f"{each}{behind}" for each in ([plain, *names] if plain == id else names)):
            folded = unicodedata.normalize("NFC", name.casefold())
            if self._taken.setdefault(folded, id) == id:
                return name
        raise AssertionError(id)


def _behind(id: str, submitter: str) -> str:
    """The submitter's name as it comes behind a safe id; "" if that has it already."""
    name = " ".join(_UNSAFE.sub("_", unicodedata.normalize("NFC", submitter)).split())
    room = _LONGEST - len(f"{id} ".encode("utf-8", "replace"))
    cut = name.encode("utf-8", "replace")[: max(0, room)].decode("utf-8", "ignore").strip(" .")
    return f" {cut}" if cut and name not in id else ""


def safe_name(id: str) -> str:
    """An id without characters that a file system rejects or that lead out of a folder; never empty."""
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", id)).strip(" .") or "_"
    if _DEVICES.fullmatch(name) or name.startswith("-"):  # a program would take it for an option
        name = f"_{name}"
    while len(name.encode("utf-8", "replace")) > _LONGEST:
        name = name[:-1].rstrip(" .")
    return name
