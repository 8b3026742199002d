"""What makes a PDF of a .docx, as hashes: LibreOffice's files, the fonts, and the steps of this service."""

import hashlib
import json
import os
import platform
import re
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from service.config import Settings
from service.conversion.fonts import font_substitutes
from service.conversion.fonts.face_table import faces
from service.conversion.libreoffice import soffice
from service.forms.form_folder import font_folders

#: The packages that those steps call.
LIBRARIES = ("deflate", "lxml", "pikepdf", "uharfbuzz")
_SERVICE = Path(__file__).parents[1]
_STEPS = ("conversion", "wordml")
# No steps: which process converts, and what reads PDFs.
NO_STEPS = (
    "conversion/pool/",
    *(f"conversion/{name}.py" for name in ("libreoffice/python_worker", "pdf_texts", "text_worker")),
    *(f"conversion/pdf/{name}.py" for name in ("page_images", "pdf_differences", "filled_areas", "fills")),
)
_LIBRARY = re.compile(r"=> (/\S+) \(")


def engine(settings: Settings, libreoffice: str, *, uno: bool) -> dict[str, str]:
    """The hashes by part; `libreoffice` is its version line, `uno` whether its process persists.

    Equal hashes and an equal .docx give an equal PDF. Takes about 0.2 s.
    """
    folders = font_folders(settings)
    return {
        "libreoffice": _hash([libreoffice, uno, platform.machine(), *_office(settings.soffice)]),
        "fonts": _hash(_fonts(folders)),
        "steps": steps(),
    }


def _office(command: str) -> list[Any]:
    """LibreOffice's files and configuration, and the libraries of the system that it is linked with."""
    program = soffice.program(command)
    if program.name != soffice.PROGRAM:  # a script of its own, in a folder of other things
        return [content_hash(program)]
    folders = program.parent, program.parent.with_name("share") / "registry"
    return [_stamps(folder) for folder in folders] + [sorted(_linked(program))]


def _stamps(folder: Path) -> list[tuple[str, int, int]]:
    """Each file below a folder with its size in bytes and its time of change in s, which packages keep."""
    found = []
    for parent, below, names in os.walk(folder):
        below[:] = [name for name in below if name != "__pycache__"]
        for path in (Path(parent, name) for name in names):
            found.append((str(path.relative_to(folder)), *_stamp(path)))
    return sorted(found)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:  # a link that leads nowhere
        return 0, 0
    return found.st_size, int(found.st_mtime)


def _linked(program: Path) -> Iterator[tuple[str, int, int]]:
    """The libraries outside LibreOffice's folder, by ld.so(8)."""
    command = ["ldd", str(program)]
    try:
        answer = subprocess.run(  # noqa: S603 - a fixed program
            command, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, timeout=20, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return
    for path in (Path(found).resolve() for found in _LIBRARY.findall(answer)):
        if path.parent != program.parent:
            yield path.name, *_stamp(path)


def _fonts(folders: Sequence[Path]) -> list[Any]:
    """Every face that LibreOffice finds, by content, and the stand-ins for the official names."""
    found = [[face.families, content_hash(face.file), face.at] for face in font_substitutes.found(folders)]
    return [found, [(face.official, face.stand_ins) for face in faces(folders)]]


@cache
def steps(service: Path = _SERVICE) -> str:
    """The modules from a .docx to a PDF in the folder of this service, and the libraries that they call."""
    names = sorted(
        path.relative_to(service).as_posix() for step in _STEPS for path in (service / step).rglob("*.py")
    )
    sources = [[name, content_hash(service / name)] for name in names if not name.startswith(NO_STEPS)]
    return _hash([sources, [(name, version(name)) for name in LIBRARIES]])


@lru_cache(maxsize=512)
def content_hash(file: Path) -> str:
    """The SHA-256 of a file, kept as long as this process lives."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode("utf-8", "surrogateescape")).hexdigest()
