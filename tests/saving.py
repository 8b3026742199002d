"""Saves a .docx in the formats of other word processors, as a person would."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

FILTERS = {"doc": "MS Word 97", "odt": "writer8", "rtf": "Rich Text Format", "docx": "MS Word 2007 XML"}


def saved(document, extension):
    """The bytes of a .docx saved by LibreOffice as `extension`."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "document.docx").write_bytes(document)
        command = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
        command += ["--convert-to", f"{extension}:{FILTERS[extension]}", "--outdir", folder / "out"]
        subprocess.run(
            [*command, folder / "document.docx"],
            check=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        return (folder / "out" / f"document.{extension}").read_bytes()
