"""LibreOffice as an external program: discovery, version check, options, environment."""

import re
import shutil
import subprocess
from pathlib import Path

from service.conversion.libreoffice import sandbox_files
from service.conversion.libreoffice.sandbox import Sandbox
from service.errors import ConverterMissing

PROGRAM = "soffice.bin"
OLDEST = (7, 4)  # the first whose --convert-to takes its options as JSON
IMPORT_FILTER = "MS Word 2007 XML"  # explicit, otherwise LibreOffice prints any other file as plain text
EXPORT: dict[str, int | bool] = {"SelectPdfVersion": 2, "UseTaggedPDF": True, "ExportBookmarks": False}
_QUIET = ("--headless", "--invisible", "--nologo", "--nodefault", "--norestore", "--nolockcheck")

# Debian's libjemalloc2; saves about 5 ms per document.
_JEMALLOC = "lib/*/libjemalloc.so.2"
# Keeps freed memory for the next document: returning it costs more than jemalloc gains.
_KEEP_MEMORY = "dirty_decay_ms:-1,muzzy_decay_ms:-1,narenas:1,oversize_threshold:0"


def find(soffice: str) -> Path:
    """The path of the LibreOffice command. Raises ConverterMissing."""
    path = shutil.which(soffice)
    if path is None:
        raise ConverterMissing(
            f"找不到 LibreOffice（{soffice}）。请安装 libreoffice-writer-nogui，或设置 KEXIE_SOFFICE。",
            f"LibreOffice ({soffice}) not found. Install libreoffice-writer-nogui, or set KEXIE_SOFFICE.",
        )
    return Path(path)


def program(soffice: str) -> Path:
    """The LibreOffice binary behind the start script, if any. Raises ConverterMissing."""
    script = find(soffice)
    itself = script.resolve().with_name(PROGRAM)
    return itself if itself.is_file() else script


def stamp(soffice: str) -> tuple[str, int, int] | None:
    """The binary with its size in bytes and its time of change in ns, to detect another build."""
    try:
        path = program(soffice)
        found = path.stat()
    except (OSError, ConverterMissing):
        return None
    return str(path), found.st_size, found.st_mtime_ns


def command(program: Path, home: str, *options: str) -> list[str]:
    """LibreOffice's command line with the profile at the URL `home`, without windows and dialogs."""
    return [str(program), f"-env:UserInstallation={home}", *_QUIET, *options]


def version(soffice: str, folder: Path, sandbox: Sandbox) -> str:
    """LibreOffice's version line, such as "LibreOffice 7.4.7.2 40(Build:2)", run with `folder` as home.

    Raises ConverterMissing if it is not installed, does not start, or is older than 7.4.
    """
    office = program(soffice)
    query = sandbox.command([str(office), "--version"], folder)
    try:
        answer = subprocess.run(  # noqa: S603 - the configured program
            query, env=environment(folder, office), capture_output=True, timeout=20, check=False
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _unsuitable(soffice) from error
    found = re.search(r"LibreOffice\D* (\d+)\.(\d+)", answer)
    if found is None or (int(found[1]), int(found[2])) < OLDEST:
        raise _unsuitable(soffice)
    return answer.strip()


def _unsuitable(soffice: str) -> ConverterMissing:
    return ConverterMissing(
        f"“{soffice}”无法启动，或不是 LibreOffice 7.4 及以上版本。请重新安装 libreoffice-writer-nogui。",
        f"'{soffice}' does not start or is older than LibreOffice 7.4. Install libreoffice-writer-nogui.",
    )


def has_uno(python: str, office: str, folder: Path, sandbox: Sandbox) -> bool:
    """Whether the Python at `python` can drive the LibreOffice `office` (Debian's python3-uno)."""
    try:
        path = program(office)
        query = sandbox.command([python, "-I", "-c", "import uno"], folder, sandbox_files.of_program(path))
        answer = subprocess.run(  # noqa: S603 - the configured program
            query, env=environment(folder), capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired, ConverterMissing):
        return False
    return answer.returncode == 0


def environment(folder: Path, program: Path | None = None) -> dict[str, str]:
    """LibreOffice's complete environment, without proxies and secrets of the service.

    `program` is LibreOffice where it is started itself: a box has no /proc, by which the linker would find
    the libraries beside it (ld.so(8), $ORIGIN).
    """
    jemalloc = next(Path("/usr").glob(_JEMALLOC), None)
    faster = {"LD_PRELOAD": str(jemalloc), "MALLOC_CONF": _KEEP_MEMORY} if jemalloc else {}
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "SAL_USE_VCLPLUGIN": "svp",
        # `finish_pdf` compresses four times as fast; a LibreOffice without this switch compresses itself.
        "VCL_DEBUG_DISABLE_PDFCOMPRESSION": "1",
        **({"LD_LIBRARY_PATH": str(program.parent)} if program else {}),
        **faster,
    }
