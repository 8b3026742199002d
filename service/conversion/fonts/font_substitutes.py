"""Font faces: which face draws each official font name, as a fontconfig file for LibreOffice."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Container, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from service.conversion.fonts.face_table import FACES, REST, Face, faces
from service.errors import ConverterMissing

_OWN = Path(__file__).parent.with_name("faces")  # built by deploy/make-faces
_LOCAL = "/usr/local/share/fonts"
_DEBIAN = "/usr/share/fonts"
_REGULAR = 80  # fontconfig's FC_WEIGHT_REGULAR

# Only these Debian files are used, so other installed fonts do not change a document. All are TrueType:
# LibreOffice converts CFF faces to Type 1 with a running number.
_FILES = (
    "truetype/arphic-gbsn00lp/gbsn00lp.ttf",
    "truetype/arphic-gkai00mp/gkai00mp.ttf",
    "truetype/hanazono/HanaMinA.ttf",
    "truetype/hanazono/HanaMinB.ttf",
    "truetype/liberation/LiberationSerif-*.ttf",
    "truetype/dejavu/DejaVuSans.ttf",
    "truetype/dejavu/DejaVuSans-Bold.ttf",
)

# The service ships its own build of the Fandol faces.
_NOT_THESE = (f"{_LOCAL}/*Fandol*.otf", f"{_DEBIAN}/*")

# Bold text of a face without a bold weight: LibreOffice draws it in bold only where fontconfig says so.
_BOLD = (
    '<match target="font"><test name="weight" compare="less_eq"><const>medium</const></test>'
    '<test target="pattern" name="weight" compare="more_eq"><const>bold</const></test>'
    '<edit name="embolden" mode="assign"><bool>true</bool></edit>'
    '<edit name="weight" mode="assign"><const>bold</const></edit></match>'
)

# Faces with the same design under another name.
_DESIGNS = {"Kexie Box": "HanaMinA", "HanaMinB": "HanaMinA"}


def configuration(folders: Sequence[Path] = ()) -> str:
    """The fontconfig file: `folders` and the fixed ones, and the substitutes of each official name.

    An installed official face takes precedence.
    """
    return "\n".join(
        [
            '<?xml version="1.0"?>',
            '<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
            "<fontconfig>",
            *(f"<dir>{escape(place)}</dir>" for place in _places(folders)),
            *(f"<cachedir>{escape(cache)}</cachedir>" for cache in _caches()),
            _selection(folders),
            *map(_alias, faces(folders)),
            # Any other name falls back to the same faces.
            f'<match target="pattern"><edit name="family" mode="append_last" binding="strong">{_names(REST)}'
            "</edit></match>",
            _BOLD,
            "</fontconfig>",
        ]
    )


def _places(folders: Sequence[Path]) -> list[str]:
    debian = sorted({str(Path(_DEBIAN, file).parent) for file in _FILES})
    return [*map(str, folders), str(_OWN), _LOCAL, *debian]


def files(folders: Sequence[Path] = ()) -> list[Path]:
    """Folders and files that a program with this configuration reads, linked ones and caches included."""
    places = [Path(place) for place in (*_places(folders), *_caches(), "/usr/share/fontconfig")]
    links = [path for place in places for path in place.rglob("*") if path.is_symlink()]
    return [*places, *(link.resolve() for link in links)]


def _caches() -> list[str]:
    home = os.path.expanduser("~/.cache/fontconfig")  # noqa: PTH111 - pathlib raises where there is none
    return ["/var/cache/fontconfig", *([home] if home.startswith("/") else [])]


def stamp(folders: Sequence[Path] = ()) -> list[tuple[str, int]]:
    """Each font folder with its modification time in ns, to detect changed fonts."""
    found = []
    for place in _places(folders):
        for folder, _, _ in os.walk(place):
            with contextlib.suppress(OSError):
                found.append((folder, os.stat(folder).st_mtime_ns))  # noqa: PTH116 - os.walk yields strings
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


def chain(official: str, installed: Container[str], table: Sequence[Face] = FACES) -> tuple[str, ...]:
    """The `installed` faces that draw the text of a font name, in fontconfig's order."""
    known = next((face for face in table if face.official == official), Face(official, (), ""))
    return tuple(name for name in (official, *known.stand_ins) if name in installed)


def same_design(one: str, other: str) -> bool:
    """Whether two faces have the same design, so that mixing them is invisible."""
    return _DESIGNS.get(one, one) == _DESIGNS.get(other, other)


class InstalledFace(NamedTuple):
    """A face that fontconfig lists: slanted or not, how far from regular, names, file, its place there."""

    slanted: bool
    distance: float
    families: tuple[str, ...]
    file: Path
    at: int


def installed(folders: Sequence[Path] = ()) -> dict[str, tuple[Path, int]]:
    """Each configured family with the file of its most regular face and the index in the file.

    Empty if fontconfig is not installed. Raises ConverterMissing if fc-list fails.
    """
    by_family: dict[str, tuple[Path, int]] = {}
    for face in found(folders):
        for family in face.families:
            # The upper 16 bits of the index select an instance of a variable font.
            by_family.setdefault(family, (face.file, face.at & 0xFFFF))
    return by_family


def found(folders: Sequence[Path] = ()) -> list[InstalledFace]:
    """Every face of the configuration, the most regular ones first. Raises ConverterMissing."""
    fc_list = shutil.which("fc-list")
    if fc_list is None:
        return []
    try:
        answer = subprocess.run(  # noqa: S603 - a fixed program
            [fc_list, "-f", "%{slant}\t%{weight}\t%{family}\t%{file}\t%{index}\n"],
            env={"FONTCONFIG_FILE": "/dev/stdin", "PATH": "/usr/bin:/bin"},
            input=configuration(folders),
            capture_output=True,
            encoding="utf-8",  # fontconfig's, under any locale
            errors="surrogateescape",
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConverterMissing(
            "fontconfig 的 fc-list 没有应答，无法得知有哪些字体。请检查字体目录，或重新安装 fontconfig。",
            "fontconfig's fc-list does not respond. Check the font folders, or reinstall fontconfig.",
        ) from error
    return sorted(map(_listed, answer.stdout.splitlines()))


def _listed(line: str) -> InstalledFace:
    slant, weight, families, file, index = line.split("\t")
    plain = abs(float(weight) - _REGULAR) if weight.replace(".", "").isdecimal() else 0.0
    return InstalledFace(slant != "0", plain, tuple(families.split(",")), Path(file), int(index))
