"""Whether a scan as PNG, JPEG or TIFF (TIFF 6.0, Adobe 1992) is whole; no pixels are decoded."""

import itertools
import struct
from collections.abc import Iterator

from schemas import normal_pictures

_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
_TYPES = {3: "H", 4: "I"}  # SHORT and LONG
#: Tags with where the parts of an image begin, and how long each is: strips, tiles, JPEG of TIFF 6.0.
_PARTS = {273: 279, 324: 325, 513: 514}
_MOST = 100_000  # parts of an image, of which Pillow makes a list with some 250 bytes for each


class _Torn(Exception):
    """A TIFF's directories overlap or are cut off, or list more parts than any scan has."""


def is_whole(content: bytes) -> bool:
    """Whether a picture's file opens and nothing of it is cut off."""
    order = _ORDERS.get(content[:4])
    if order and not _is_whole_tiff(content, order):
        return False  # which Pillow would open with warnings
    return normal_pictures.opens(content)


def _is_whole_tiff(content: bytes, order: str) -> bool:
    try:
        return all(end <= len(content) for end in _Tiff(content, order).ends())
    except (_Torn, struct.error):
        return False


class _Tiff:
    """The directories of a TIFF; of them no more is read than the file has, however they overlap."""

    def __init__(self, content: bytes, order: str) -> None:
        self._content, self._order = content, order
        self._left = len(content)

    def ends(self) -> Iterator[int]:
        """Yields where each part of each image ends."""
        (at,) = self._unpacked("I", 4, 1)
        while at:
            (count,) = self._unpacked("H", at, 1)
            values = dict(self._entries(at + 2, count))
            for begins, lengths in _PARTS.items():
                pairs = itertools.zip_longest(values.get(begins, ()), values.get(lengths, ()), fillvalue=0)
                yield from map(sum, pairs)
            (at,) = self._unpacked("I", at + 2 + 12 * count, 1)

    def _entries(self, start: int, count: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        wanted = {*_PARTS, *_PARTS.values()}
        for at in range(start, start + 12 * count, 12):
            tag, type_, number = *self._unpacked("H", at, 2), *self._unpacked("I", at + 4, 1)
            if tag not in wanted or type_ not in _TYPES:
                continue
            small = number * struct.calcsize(_TYPES[type_]) <= 4
            place = at + 8 if small else self._unpacked("I", at + 8, 1)[0]
            yield tag, self._unpacked(_TYPES[type_], place, number)

    def _unpacked(self, kind: str, at: int, number: int) -> tuple[int, ...]:
        self._left -= number * struct.calcsize(kind)
        if self._left < 0 or number > _MOST:
            raise _Torn
        return struct.unpack_from(f"{self._order}{number}{kind}", self._content, at)
