"""The fonts: which face stands for each official name, told to LibreOffice by a file of its own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

_LOCAL = "/usr/local/share/fonts"
_DEBIAN = "/usr/share/fonts"

# These files alone of Debian's: what else is installed on the machine does not change a document.
_FILES = (
    "opentype/noto/NotoSansCJK-Regular.ttc",
    "opentype/noto/NotoSansCJK-Bold.ttc",
    "opentype/noto/NotoSerifCJK-Regular.ttc",
    "opentype/noto/NotoSerifCJK-Bold.ttc",
    "truetype/arphic-gkai00mp/gkai00mp.ttf",
    "truetype/hanazono/HanaMinA.ttf",
    "truetype/hanazono/HanaMinB.ttf",
    "truetype/liberation/LiberationSerif-*.ttf",
    "truetype/dejavu/DejaVuSans.ttf",
    "truetype/dejavu/DejaVuSans-Bold.ttf",
)

# 小标宋 is bold by design, and both cuts of FandolSong call themselves regular: only the bold one is left.
_NOT_THESE = ("*/FandolSong-Regular.otf", f"{_DEBIAN}/*")

# Noto's collections hold each face once more for every other region.
_NOT_THESE_FAMILIES = tuple(
    f"Noto {kind} CJK {region}"
    for kind in ("Sans", "Sans Mono", "Serif")
    for region in ("JP", "KR", "TC", "HK")
)

_SONG = ("Noto Serif CJK SC", "HanaMinA", "HanaMinB")


@dataclass(frozen=True)
class Face:
    """An official font name, the faces that stand for it in order, and the Debian package of the first."""

    official: str
    stand_ins: tuple[str, ...]
    package: str


FACES = (
    Face("仿宋_GB2312", ("FandolFang R", *_SONG), "texlive-lang-chinese (fandol)"),
    Face("仿宋", ("FandolFang R", *_SONG), "texlive-lang-chinese (fandol)"),
    Face("方正小标宋简体", ("FandolSong", *_SONG), "texlive-lang-chinese (fandol)"),
    Face("黑体", ("Noto Sans CJK SC", "HanaMinA", "HanaMinB"), "fonts-noto-cjk"),
    Face("楷体_GB2312", ("AR PL KaitiM GB", *_SONG), "fonts-arphic-gkai00mp"),
    Face("宋体", _SONG, "fonts-noto-cjk"),
    Face("Times New Roman", ("Liberation Serif",), "fonts-liberation"),
    Face("Segoe UI Symbol", ("HanaMinA", "DejaVu Sans"), "fonts-hanazono"),
)


def configuration(folders: Sequence[Path] = ()) -> str:
    """The fontconfig file: `folders` and the fixed ones, each official name with its stand-ins.

    An official face that is installed comes first and wins.
    """
    debian = sorted({str(Path(_DEBIAN, file).parent) for file in _FILES})
    places = [*map(str, folders), _LOCAL, *debian]
    caches = ["/var/cache/fontconfig", str(Path.home() / ".cache" / "fontconfig")]
    return "\n".join(
        [
            '<?xml version="1.0"?>',
            '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
            "<fontconfig>",
            *(f"<dir>{escape(place)}</dir>" for place in places),
            *(f"<cachedir>{escape(cache)}</cachedir>" for cache in caches),
            _selection(folders),
            *map(_alias, FACES),
            "</fontconfig>",
        ]
    )


def _selection(folders: Sequence[Path]) -> str:
    globs = [*(f"{_DEBIAN}/{file}" for file in _FILES), *(f"{folder}/*" for folder in folders)]
    accepted = "".join(f"<glob>{escape(glob)}</glob>" for glob in globs)
    rejected = "".join(f"<glob>{glob}</glob>" for glob in _NOT_THESE) + "".join(
        f'<pattern><patelt name="family"><string>{family}</string></patelt></pattern>'
        for family in _NOT_THESE_FAMILIES
    )
    return f"<selectfont><rejectfont>{rejected}</rejectfont><acceptfont>{accepted}</acceptfont></selectfont>"


def _alias(face: Face) -> str:
    names = "".join(f"<string>{escape(name)}</string>" for name in (face.official, *face.stand_ins))
    return (
        f'<match target="pattern"><test name="family"><string>{escape(face.official)}</string></test>'
        f'<edit name="family" mode="assign" binding="strong">{names}</edit>'
        "</match>"
    )


def chosen(face: Face, configuration_file: Path) -> str | None:
    """The installed family that stands for `face`; None where neither it nor a stand-in is there."""
    fc_match = shutil.which("fc-match")
    if fc_match is None:
        return None
    answer = subprocess.run(  # noqa: S603 - a fixed program and names of ours
        [fc_match, "-f", "%{family}", face.official],
        env={"FONTCONFIG_FILE": str(configuration_file), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    families = answer.stdout.split(",")
    names = (face.official, *face.stand_ins)
    return next((family for family in families if family in names), None)
