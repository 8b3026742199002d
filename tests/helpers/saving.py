"""Saves a .docx in the formats of other word processors, as a person would."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from service.conversion.libreoffice import profile, soffice

FILTERS = {"doc": "MS Word 97", "odt": "writer8", "rtf": "Rich Text Format", "docx": "MS Word 2007 XML"}


def save(paths, target, folder, *, fetching=False):
    """Has LibreOffice save files as `target` in `folder / "out"`.

    Its profile there is ours, with which it starts at once; with `fetching` its own, which lets it fetch.
    """
    home = (folder / "profile").as_uri()
    if not fetching:
        profile.make(folder / "profile", soffice.program("soffice"))
    command = ["soffice", "--headless", f"-env:UserInstallation={home}", "--convert-to", target]
    command += ["--outdir", folder / "out", *paths]
    subprocess.run(command, check=True, timeout=120, stdin=subprocess.DEVNULL, capture_output=True)


def saved(document, extension, **how):
    """The bytes of a .docx saved by LibreOffice as `extension`; `how` as in `save`."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "document.docx").write_bytes(document)
        save([folder / "document.docx"], f"{extension}:{FILTERS[extension]}", folder, **how)
        return (folder / "out" / f"document.{extension}").read_bytes()
