"""LibreOffice as an outside program: is it there, and one document converted by one process."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from service.errors import ConversionTimeout, ConverterMissing

Runner = Callable[[Sequence[str], Mapping[str, str], float], int]

_GUARD = Path(__file__).with_name("guard.py")
_PDF_A_2B = {
    "SelectPdfVersion": {"type": "long", "value": "2"},
    "UseTaggedPDF": {"type": "boolean", "value": "true"},
    "ExportBookmarks": {"type": "boolean", "value": "false"},
}
_FILTER = "pdf:writer_pdf_Export:" + json.dumps(_PDF_A_2B, separators=(",", ":"))

# Off: macros, link updates, Java, first-start pages, recovery.
_REGISTRY = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Java/VirtualMachine"><prop oor:name="Enable" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Recovery/RecoveryInfo"><prop oor:name="Enabled" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""  # noqa: E501


def find(soffice: str) -> str:
    """The path of LibreOffice's command. Raises ConverterMissing."""
    path = shutil.which(soffice)
    if path is None:
        raise ConverterMissing(
            f"找不到 LibreOffice（{soffice}）。请安装 libreoffice-writer-nogui，或设置 KEXIE_SOFFICE。",
            f"LibreOffice ({soffice}) is not there: install libreoffice-writer-nogui, or set KEXIE_SOFFICE.",
        )
    return path


def version(soffice: str) -> str:
    """LibreOffice's version line, such as "LibreOffice 7.4.7.2 40(Build:2)". Raises ConverterMissing."""
    try:
        answer = subprocess.run(  # noqa: S603 - the configured program
            [find(soffice), "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConverterMissing(
            f"LibreOffice（{soffice}）无法启动，请重新安装。",
            f"LibreOffice ({soffice}) does not start: install it anew.",
        ) from error
    return answer.stdout.strip()


def run(command: Sequence[str], environment: Mapping[str, str], deadline: float) -> int:
    """Runs `command` under the guard for at most `deadline` seconds and returns its exit code.

    Past the deadline all of its processes are killed and ConversionTimeout is raised.
    """
    guard = subprocess.Popen(  # noqa: S603 - our own guard
        [sys.executable, "-I", str(_GUARD), *command],
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return guard.wait(deadline)
    except subprocess.TimeoutExpired as error:
        raise ConversionTimeout(
            f"转换超过 {deadline:g} 秒仍未完成，已中止。请稍后重试，或缩短正文。",
            f"Conversion passed its deadline of {deadline:g} s: try again, or shorten the text.",
        ) from error
    finally:
        if guard.stdin:
            guard.stdin.close()
        guard.wait(10)


def to_pdf(
    docx: Path, folder: Path, soffice: str, fonts: Path, deadline: float, runner: Runner = run
) -> Path:
    """Converts `docx` to PDF/A-2b in `folder`, which also holds the profile; returns where the PDF should be.

    The exit code says little (0 on many failures): the caller judges the file.
    """
    registry = folder / "profile" / "user" / "registrymodifications.xcu"
    registry.parent.mkdir(parents=True)
    registry.write_text(_REGISTRY, encoding="utf-8")
    command = [
        find(soffice),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--invisible", "--nologo", "--nodefault", "--norestore", "--nolockcheck"),
        "--infilter=MS Word 2007 XML",  # without it, anything is taken for plain text
        *("--convert-to", _FILTER, "--outdir", str(folder / "out"), str(docx)),
    ]
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "SAL_USE_VCLPLUGIN": "svp",
        "FONTCONFIG_FILE": str(fonts),
    }
    runner(command, environment, deadline)
    return folder / "out" / f"{docx.stem}.pdf"
