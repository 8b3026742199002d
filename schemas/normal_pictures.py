"""Pictures: opened safely, turned upright, reduced to their place, and re-encoded without metadata.

`normal` gives the same bytes for the same picture, and a picture that it wrote is its own normal form. JPEG
is ITU-T T.81, PNG ISO/IEC 15948, the orientation that of Exif 2.32 (4.6.4).
"""

import base64
import io
import re
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

DPI = 300  # of a printed picture at most
EMU = 36_000  # in a millimetre
KINDS = {"png": "image/png", "jpeg": "image/jpeg"}

_QUALITY = 90
_SCAN = re.compile(rb"(?:[^\xff]++|\xff\x00)*+\xff\xd9")  # coded data to the end, without markers
_SCAN_START, _END = b"\xff\xda", b"\xff\xd9"  # markers that coded data cannot hold (T.81, B.1.1.5)
_SAME = 24  # of 255, by which 8 × 8 pixels of a picture that was saved again may differ on average
_SAME_PROPORTIONS = 0.02
_DAMAGES = (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, struct.error, zlib.error)
_OTHERS = (
    (re.compile(rb"GIF8"), "GIF"),
    (re.compile(rb"BM"), "BMP"),
    (re.compile(rb"II\*\0|MM\0\*"), "TIFF"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "WebP"),
    (re.compile(rb".{4}ftyp(?:hei|hev|mif|msf)", re.DOTALL), "HEIC"),
    (re.compile(rb".{4}ftypavi", re.DOTALL), "AVIF"),
    (re.compile(rb"%PDF"), "PDF"),
    (re.compile(rb"\s*<(?:\?xml|svg)"), "SVG"),
)
_one_at_a_time = threading.Lock()  # one large picture in memory for all threads


class PictureFault(ValueError):
    """A file is no picture that can be printed: the code of a field's fault and the values of its message."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(frozen=True)
class PictureLimits:
    """The most that a picture sent to the service may have: bytes of its file, and pixels."""

    size: int = 10 * 1024 * 1024
    pixels: int = 50_000_000


@dataclass(frozen=True)
class NormalPicture:
    """A picture in its normal form; `kind` is a key of `KINDS`, `width` and `height` are in pixels."""

    content: bytes
    kind: str
    width: int
    height: int

    def within(self, width: float, height: float) -> tuple[int, int]:
        """Its largest size, in EMU, within a place of that many millimetres, its proportions kept."""
        scale = min(width * EMU / self.width, height * EMU / self.height)
        return max(round(self.width * scale), 1), max(round(self.height * scale), 1)


@dataclass(frozen=True)
class PlacedPicture:
    """A picture as a template prints it: its size in EMU, and its description for those who cannot see it."""

    picture: NormalPicture
    width: int
    height: int
    description: str


_limits = ContextVar[PictureLimits | None]("picture limits", default=None)


@contextmanager
def limited(to: PictureLimits | None) -> Iterator[None]:
    """Sets the limits of the pictures that are read within; None leaves them as they are."""
    token = _limits.set(to or limits())
    try:
        yield
    finally:
        _limits.reset(token)


def limits() -> PictureLimits:
    """The limits in force."""
    return _limits.get() or PictureLimits()


def decoded(text: str) -> bytes:
    """The bytes of a base64 text (RFC 4648, 4), ignoring white space. Raises ValueError."""
    return base64.b64decode("".join(text.split()), validate=True)


def encoded(content: bytes) -> str:
    """The base64 text of a file."""
    return base64.b64encode(content).decode("ascii")


def kind(content: bytes) -> str | None:
    """The kind of a picture's file, by its signature; None unless it is of `KINDS`."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    return "jpeg" if content.startswith(b"\xff\xd8\xff") else None


def normal(content: bytes, width: float, height: float, limits: PictureLimits) -> NormalPicture:
    """The normal form of a PNG or JPEG file for a place of that many millimetres. Raises PictureFault."""
    found = kind(content)
    if found is None:
        other = next((name for start, name in _OTHERS if start.match(content)), "")
        raise PictureFault(
            "picture_format", zh=f"（而是 {other}）" * bool(other), en=f" but {other}" * bool(other)
        )
    if len(content) > limits.size:
        raise PictureFault(
            "picture_too_large", size=_megabytes(len(content)), maximum=_megabytes(limits.size)
        )
    box = ceil(width / 25.4 * DPI), ceil(height / 25.4 * DPI)
    with _one_at_a_time:
        image = _opened(content, limits, box)
        if found == "jpeg" and _is_normal(content, image, box):
            return NormalPicture(content, "jpeg", image.width, image.height)
        image = _reduced(image, box)
        files = {"png": _saved(image, "png")} if found == "png" else {}
        files["jpeg"] = _saved(image, "jpeg")
    best = min(files, key=lambda name: len(files[name]))
    return NormalPicture(files[best], best, image.width, image.height)


def alike(one: NormalPicture, other: NormalPicture) -> bool:
    """Whether two pictures look the same, though another program saved one of them again."""
    if one.content == other.content:
        return True
    from PIL import Image, ImageChops

    stretch = one.width * other.height / (one.height * other.width)
    if abs(stretch - 1) > _SAME_PROPORTIONS:
        return False
    pixels, others = (Image.open(io.BytesIO(each.content)).convert("RGB") for each in (one, other))
    differs = ImageChops.difference(pixels, others.resize(pixels.size))
    return max(differs.reduce(8).tobytes()) <= _SAME


def opens(content: bytes) -> bool:
    """Whether a file is a whole PNG or JPEG, or begins as a TIFF does; no pixels are decoded."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "TIFF")) as picture:
            picture.verify()
    except (*_DAMAGES, Image.DecompressionBombError):
        return False
    return kind(content) != "jpeg" or content.rfind(_END) > content.rfind(_SCAN_START)


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0")


def _opened(content: bytes, limits: PictureLimits, box: tuple[int, int]) -> "Pixels":
    """The upright picture, grey or in RGB on white. Raises PictureFault."""
    from PIL import Image, ImageOps

    try:
        image: Pixels = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
        if image.width * image.height > limits.pixels:
            raise _too_many(limits)
        image.draft(None, (max(box), max(box)))  # a JPEG of a camera is decoded at a fraction
        return _on_white(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many(limits) from error
    except PictureFault:
        raise
    except _DAMAGES as error:
        raise PictureFault("picture_damaged") from error


def _too_many(limits: PictureLimits) -> PictureFault:
    return PictureFault("picture_too_many_pixels", maximum=f"{limits.pixels / 10_000:.0f}")


def _on_white(image: "Pixels") -> "Pixels":
    from PIL import Image

    if image.mode.startswith("I") or image.mode == "F":  # 16 bits of grey
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    else:
        image = image.convert("L" if image.mode in ("1", "L") else "RGB")
    image.info = {}  # the profile, comment and transparency, which `save` would take over
    return image


def _reduced(image: "Pixels", box: tuple[int, int]) -> "Pixels":
    from PIL import Image

    scale = min(box[0] / image.width, box[1] / image.height)
    if scale >= 1:
        return image
    size = max(round(image.width * scale), 1), max(round(image.height * scale), 1)
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3)


def _saved(image: "Pixels", kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "png":
        image.save(out, "PNG", compress_level=9)
    else:
        image.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue()


def _is_normal(content: bytes, image: "Pixels", box: tuple[int, int]) -> bool:
    """Whether a JPEG has the very headers and tables that `_saved` writes, then coded data alone."""
    from PIL import Image

    if image.width > box[0] or image.height > box[1]:
        return False
    blank = _saved(Image.new(image.mode, image.size), "jpeg")
    scan = blank.index(_SCAN_START)
    head = blank[: scan + 2 + int.from_bytes(blank[scan + 2 : scan + 4], "big")]
    return content.startswith(head) and _SCAN.fullmatch(content, len(head)) is not None
