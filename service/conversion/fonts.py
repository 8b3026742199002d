"""The fonts: which face stands for each official name, told to LibreOffice by a file of its own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

# A fixed list: what else is installed on the machine does not change a document.
FOLDERS = (
    "/usr/local/share/fonts",
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/truetype/arphic-gkai00mp",
    "/usr/share/fonts/truetype/hanazono",
    "/usr/share/fonts/truetype/liberation",
    "/usr/share/fonts/truetype/liberation2",
    "/usr/share/fonts/truetype/dejavu",
)
_SONG = ("Noto Serif CJK SC", "HanaMinA", "HanaMinB")

# 小标宋 is bold by design, and both cuts of FandolSong call themselves regular: only the bold one is left.
_ONLY_BOLD = "<selectfont><rejectfont><glob>*/FandolSong-Regular.otf</glob></rejectfont></selectfont>"


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
    places = [str(folder) for folder in folders] + list(FOLDERS)
    caches = ["/var/cache/fontconfig", str(Path.home() / ".cache" / "fontconfig")]
    return "\n".join(
        [
            '<?xml version="1.0"?>',
            '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
            "<fontconfig>",
            *(f"<dir>{escape(place)}</dir>" for place in places),
            *(f"<cachedir>{escape(place)}</cachedir>" for place in caches),
            _ONLY_BOLD,
            *map(_alias, FACES),
            "</fontconfig>",
        ]
    )


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
