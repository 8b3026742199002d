"""The fonts: which face stands for each official name, told to LibreOffice by a file of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Container, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from service.errors import ConverterMissing

_OWN = Path(__file__).parent.with_name("faces")  # made by deploy/make-faces
_LOCAL = "/usr/local/share/fonts"
_DEBIAN = "/usr/share/fonts"
_REGULAR = 80  # fontconfig's FC_WEIGHT_REGULAR

# These files alone of Debian's: what else is installed on the machine does not change a document.
# All are TrueType: LibreOffice numbers the Type 1 fonts that it makes of CFF faces through its life.
_FILES = (
    "truetype/arphic-gbsn00lp/gbsn00lp.ttf",
    "truetype/arphic-gkai00mp/gkai00mp.ttf",
    "truetype/hanazono/HanaMinA.ttf",
    "truetype/hanazono/HanaMinB.ttf",
    "truetype/liberation/LiberationSerif-*.ttf",
    "truetype/dejavu/DejaVuSans.ttf",
    "truetype/dejavu/DejaVuSans-Bold.ttf",
)

# The service brings its own build of the Fandol faces.
_NOT_THESE = (f"{_LOCAL}/*Fandol*.otf", f"{_DEBIAN}/*")

# Every chain ends in all of these, so that a character is lost only where no face has it.
_REST = ("HanaMinA", "HanaMinB", "Liberation Serif", "DejaVu Sans")

# The same outlines under another name: going from one to the other changes no design.
_DESIGNS = {"Kexie Box": "HanaMinA", "HanaMinB": "HanaMinA"}


@dataclass(frozen=True)
class Face:
    """An official font name, the faces that stand for it first, and the Debian package of the first.

    `stand_ins` is the whole chain: a character is drawn by the first installed face in it that has it.
    """

    official: str
    own: tuple[str, ...]
    package: str
    sample: str = "永"  # what it is there to draw

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """The faces that may stand for the official one, in order."""
        return (*self.own, *(name for name in _REST if name not in self.own))


FACES = (
    Face("仿宋_GB2312", ("FandolFang R",), "kexie-forms"),
    Face("仿宋", ("FandolFang R",), "kexie-forms"),
    Face("方正小标宋简体", ("FandolSong",), "kexie-forms"),
    Face("黑体", ("Kexie Hei",), "kexie-forms"),
    Face("楷体_GB2312", ("AR PL KaitiM GB",), "fonts-arphic-gkai00mp"),
    Face("宋体", ("AR PL SungtiL GB",), "fonts-arphic-gbsn00lp"),
    Face("Times New Roman", ("Liberation Serif",), "fonts-liberation", "R"),
    Face("Segoe UI Symbol", ("Kexie Box", "HanaMinA", "DejaVu Sans"), "kexie-forms", "☑"),
)


def configuration(folders: Sequence[Path] = ()) -> str:
    """The fontconfig file: `folders` and the fixed ones, each official name with its stand-ins.

    An official face that is installed comes first and wins.
    """
    home = os.path.expanduser("~/.cache/fontconfig")  # noqa: PTH111 - pathlib raises where there is none
    caches = ["/var/cache/fontconfig", *([home] if home.startswith("/") else [])]
    return "\n".join(
        [
            '<?xml version="1.0"?>',
            '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
            "<fontconfig>",
            *(f"<dir>{escape(place)}</dir>" for place in _places(folders)),
            *(f"<cachedir>{escape(cache)}</cachedir>" for cache in caches),
            _selection(folders),
            *map(_alias, FACES),
            # Any other name: the same order of faces for whatever it lacks.
            f'<match target="pattern"><edit name="family" mode="append_last" binding="strong">{_names(_REST)}'
            "</edit></match>",
            "</fontconfig>",
        ]
    )


def _places(folders: Sequence[Path]) -> list[str]:
    debian = sorted({str(Path(_DEBIAN, file).parent) for file in _FILES})
    return [*map(str, folders), str(_OWN), _LOCAL, *debian]


def stamp(folders: Sequence[Path] = ()) -> list[tuple[str, int]]:
    """Each folder of fonts with the time of its last change in ns: another list means other fonts."""
    found = []
    for place in _places(folders):
        for folder, _, _ in os.walk(place):
            with contextlib.suppress(OSError):
                found.append((folder, os.stat(folder).st_mtime_ns))  # noqa: PTH116 - a walk names strings
    return sorted(found)


def _selection(folders: Sequence[Path]) -> str:
    globs = [*(f"{_DEBIAN}/{file}" for file in _FILES), *(f"{folder}/*" for folder in (_OWN, *folders))]
    accepted = "".join(f"<glob>{escape(glob)}</glob>" for glob in globs)
    rejected = "".join(f"<glob>{glob}</glob>" for glob in _NOT_THESE)
    return f"<selectfont><rejectfont>{rejected}</rejectfont><acceptfont>{accepted}</acceptfont></selectfont>"


def _alias(face: Face) -> str:
    names = _names((face.official, *face.stand_ins))
    return (
        f'<match target="pattern"><test name="family"><string>{escape(face.official)}</string></test>'
        f'<edit name="family" mode="assign" binding="strong">{names}</edit>'
        "</match>"
    )


def _names(families: Sequence[str]) -> str:
    return "".join(f"<string>{escape(family)}</string>" for family in families)


def chain(official: str, faces: Container[str]) -> tuple[str, ...]:
    """The families among the installed `faces` that draw the text of a font name, in fontconfig's order."""
    known = next((face for face in FACES if face.official == official), Face(official, (), ""))
    return tuple(name for name in (official, *known.stand_ins) if name in faces)


def same_design(one: str, other: str) -> bool:
    """Whether the faces `one` and `other` are of one design, so that nobody sees where they meet."""
    return _DESIGNS.get(one, one) == _DESIGNS.get(other, other)


def installed(folders: Sequence[Path] = ()) -> dict[str, tuple[Path, int]]:
    """Every family that the configuration shows: the file of its most regular face, and the index in it.

    Empty where fontconfig's own commands are not installed. Raises ConverterMissing where they do not answer.
    """
    fc_list = shutil.which("fc-list")
    if fc_list is None:
        return {}
    try:
        answer = subprocess.run(  # noqa: S603 - a fixed program
            [fc_list, "-f", "%{slant}\t%{weight}\t%{family}\t%{file}\t%{index}\n"],
            env={"FONTCONFIG_FILE": "/dev/stdin", "PATH": "/usr/bin:/bin"},
            input=configuration(folders),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConverterMissing(
            "fontconfig 的 fc-list 没有应答，无法得知有哪些字体。请检查字体目录，或重新安装 fontconfig。",
            "fontconfig's fc-list does not answer: check the font folders, or install fontconfig anew.",
        ) from error
    found: dict[str, tuple[Path, int]] = {}
    for _, families, file, index in sorted(map(_listed, answer.stdout.splitlines())):
        for family in families:
            found.setdefault(family, (Path(file), index))
    return found


def _listed(line: str) -> tuple[tuple[bool, float], list[str], str, int]:
    slant, weight, families, file, index = line.split("\t")
    plain = abs(float(weight) - _REGULAR) if weight.replace(".", "").isdecimal() else 0.0
    # The upper half of the index names an instance of a variable font.
    return (slant != "0", plain), families.split(","), file, int(index) & 0xFFFF
