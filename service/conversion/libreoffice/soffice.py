"""LibreOffice as an outside program: is it there and suitable, and how it is called."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from service.errors import ConverterMissing

OLDEST = (7, 4)  # the first whose --convert-to takes its options as JSON
IMPORT_FILTER = "MS Word 2007 XML"  # named, else LibreOffice prints whatever is no .docx as plain text
EXPORT: dict[str, int | bool] = {"SelectPdfVersion": 2, "UseTaggedPDF": True, "ExportBookmarks": False}
QUIET = ("--headless", "--invisible", "--nologo", "--nodefault", "--norestore", "--nolockcheck")

# Debian's libjemalloc2; without it the same documents come, some 5 ms later each.
_JEMALLOC = "lib/*/libjemalloc.so.2"
# Memory once used is kept for the next document: giving it back costs more than jemalloc gains.
_KEEP_MEMORY = "dirty_decay_ms:-1,muzzy_decay_ms:-1,narenas:1,oversize_threshold:0"


def find(soffice: str) -> Path:
    """The path of LibreOffice's command. Raises ConverterMissing."""
    path = shutil.which(soffice)
    if path is None:
        raise ConverterMissing(
            f"找不到 LibreOffice（{soffice}）。请安装 libreoffice-writer-nogui，或设置 KEXIE_SOFFICE。",
            f"LibreOffice ({soffice}) is not there: install libreoffice-writer-nogui, or set KEXIE_SOFFICE.",
        )
    return Path(path)


def program(soffice: str) -> Path:
    """LibreOffice's program itself, past its start script where there is one. Raises ConverterMissing."""
    command = find(soffice)
    itself = command.resolve().with_name("soffice.bin")
    return itself if itself.is_file() else command


def version(soffice: str, folder: Path) -> str:
    """LibreOffice's version line, such as "LibreOffice 7.4.7.2 40(Build:2)"; `folder` is its home meanwhile.

    Raises ConverterMissing where there is none, it does not start, or it is older than 7.4.
    """
    command = [str(find(soffice)), "--version"]
    try:
        answer = subprocess.run(  # noqa: S603 - the configured program
            command, env=environment(folder), capture_output=True, text=True, timeout=20, check=False
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _unsuitable(soffice) from error
    found = re.search(r"LibreOffice\D* (\d+)\.(\d+)", answer)
    if found is None or (int(found[1]), int(found[2])) < OLDEST:
        raise _unsuitable(soffice)
    return answer


def _unsuitable(soffice: str) -> ConverterMissing:
    return ConverterMissing(
        f"“{soffice}”无法启动，或不是 LibreOffice 7.4 及以上版本。请重新安装 libreoffice-writer-nogui。",
        f"'{soffice}' does not start or is no LibreOffice of at least 7.4: install libreoffice-writer-nogui.",
    )


def has_uno(python: str) -> bool:
    """Whether the Python at `python` can drive LibreOffice (Debian's python3-uno)."""
    try:
        answer = subprocess.run(  # noqa: S603 - the configured program
            [python, "-I", "-c", "import uno"], env={}, capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def environment(folder: Path) -> dict[str, str]:
    """All of the environment that LibreOffice gets: no proxy and no secret of the service's own."""
    jemalloc = next(Path("/usr").glob(_JEMALLOC), None)
    faster = {"LD_PRELOAD": str(jemalloc), "MALLOC_CONF": _KEEP_MEMORY} if jemalloc else {}
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "SAL_USE_VCLPLUGIN": "svp",
        # `pdf.finish` deflates four times as fast; a LibreOffice without this switch deflates itself.
        "VCL_DEBUG_DISABLE_PDFCOMPRESSION": "1",
        **faster,
    }
