"""LibreOffice as an outside program: is it there and suitable, and one document converted by one process."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from service.conversion import profile
from service.errors import ConversionTimeout, ConverterMissing

Runner = Callable[[Sequence[str], Mapping[str, str], float], int]

OLDEST = (7, 4)  # the first whose --convert-to takes its options as JSON
_GUARD = Path(__file__).with_name("guard.py")
_PATIENCE = 5.0  # seconds for the guard to end what it started
_SYSTEM_PYTHON = "/usr/bin/python3"
_PDF_A_2B = {
    "SelectPdfVersion": {"type": "long", "value": "2"},
    "UseTaggedPDF": {"type": "boolean", "value": "true"},
    "ExportBookmarks": {"type": "boolean", "value": "false"},
}
_FILTER = "pdf:writer_pdf_Export:" + json.dumps(_PDF_A_2B, separators=(",", ":"))


def find(soffice: str) -> Path:
    """The path of LibreOffice's command. Raises ConverterMissing."""
    path = shutil.which(soffice)
    if path is None:
        raise ConverterMissing(
            f"找不到 LibreOffice（{soffice}）。请安装 libreoffice-writer-nogui，或设置 KEXIE_SOFFICE。",
            f"LibreOffice ({soffice}) is not there: install libreoffice-writer-nogui, or set KEXIE_SOFFICE.",
        )
    return Path(path)


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


def has_uno() -> bool:
    """Whether the system's Python can drive LibreOffice (Debian's python3-uno)."""
    try:
        answer = subprocess.run(  # noqa: S603 - a fixed program
            [_SYSTEM_PYTHON, "-I", "-c", "import uno"], env={}, capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def environment(folder: Path) -> dict[str, str]:
    """All of the environment that LibreOffice gets: no proxy and no secret of the service's own."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "SAL_USE_VCLPLUGIN": "svp",
    }


def run(command: Sequence[str], environment: Mapping[str, str], deadline: float) -> int:
    """Runs `command` under the guard for at most `deadline` seconds and returns its exit code.

    Nothing that it started is left afterwards. Raises ConversionTimeout past the deadline.
    """
    guard = subprocess.Popen(  # noqa: S603 - our own guard
        [sys.executable, "-I", "-S", str(_GUARD), *command],
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        if not _ends(guard, deadline):
            raise ConversionTimeout(
                f"转换超过 {deadline:g} 秒仍未完成，已中止。请稍后重试，或缩短正文。",
                f"Conversion passed its deadline of {deadline:g} s: try again, or shorten the text.",
            )
    finally:
        _end(guard)
    return guard.returncode


def _ends(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether `process` ends within `seconds`; it is not reaped, so that its number stays its own."""
    ended = os.pidfd_open(process.pid)
    try:
        watch = select.poll()
        watch.register(ended, select.POLLIN)
        return bool(watch.poll(seconds * 1000))
    finally:
        os.close(ended)


def _end(guard: subprocess.Popen[bytes]) -> None:
    """Ends the guard by closing its input, and whatever a guard that was itself killed left behind."""
    if guard.stdin:
        guard.stdin.close()
    _ends(guard, _PATIENCE)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(guard.pid, signal.SIGKILL)
    guard.wait()


def to_pdf(
    docx: Path, folder: Path, soffice: str, fonts: Path, deadline: float, runner: Runner = run
) -> Path:
    """Converts `docx` to PDF/A-2b in `folder`, which also holds the profile; returns where the PDF should be.

    The exit code says little (0 on many failures): the caller judges the file.
    """
    program = find(soffice)
    home = profile.make(folder / "profile", program)
    command = [
        str(program),
        f"-env:UserInstallation={home}",
        *("--headless", "--invisible", "--nologo", "--nodefault", "--norestore", "--nolockcheck"),
        "--infilter=MS Word 2007 XML",  # else a file that is no .docx is printed as plain text
        *("--convert-to", _FILTER, "--outdir", str(folder / "out"), str(docx)),
    ]
    try:
        runner(command, environment(folder) | {"FONTCONFIG_FILE": str(fonts)}, deadline)
    finally:
        profile.forget(home)
    return folder / "out" / f"{docx.stem}.pdf"
