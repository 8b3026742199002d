"""What a program needs to read in order to run: its own files, libraries, fonts; no data of the machine."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from service.conversion.fonts import font_substitutes

# As far as they exist; the first three are the dynamic linker's (ld.so(8)).
_SHARED = (
    *("/usr/lib64", "/lib64", "/etc/ld.so.cache"),
    *("/etc/libreoffice", "/usr/share/libreoffice"),
    *("/var/lib/libreoffice", "/var/spool/libreoffice"),
    *("/usr/share/liblangtag", "/usr/share/libexttextcat"),
    *("/usr/share/hyphen", "/usr/share/hunspell", "/usr/share/mythes", "/usr/share/zoneinfo/UTC"),
)
_LIBRARIES = ("*-linux-gnu*", "ld-linux*", "locale")  # in /usr/lib or /lib
_OF_SCRIPTS = ("/usr", "/bin", "/lib")


def shared(font_dirs: Sequence[Path]) -> tuple[Path, ...]:
    """Libraries, LibreOffice's data and fonts."""
    libraries = [
        found for root in ("/usr/lib", "/lib") for name in _LIBRARIES for found in Path(root).glob(name)
    ]
    return tuple(existing([*libraries, *map(Path, _SHARED), *font_substitutes.files(font_dirs)]))


def of_program(program: Path) -> Iterator[Path]:
    """A program's own files: LibreOffice's installation, a Python's library, what a script calls."""
    real = program.resolve()
    yield program
    if (real.parent / "bootstraprc").is_file():  # LibreOffice's
        yield real.parent.parent
    elif interpreter := _interpreter(real):
        yield from map(Path, _OF_SCRIPTS)
        yield from of_program(interpreter)
    elif real.name.startswith("python"):
        yield from (real.parent.parent / "lib").glob("python3*")
        yield Path("/usr/lib/libreoffice")  # which python3-uno links to
        if (program.parent.parent / "pyvenv.cfg").is_file():
            yield program.parent.parent


def existing(paths: Iterable[Path]) -> list[Path]:
    """Those of the paths that exist, each once, parents before what lies in them."""
    return sorted(path for path in set(paths) if path.exists())


def _interpreter(program: Path) -> Path | None:
    """The interpreter that a script's first line names (execve(2)); None for a binary."""
    try:
        with program.open("rb") as file:
            first = file.readline(256)
    except OSError:
        return None
    words = first[2:].split() if first.startswith(b"#!") else []
    return Path(os.fsdecode(words[0])) if words else None
