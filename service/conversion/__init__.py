"""Conversion of .docx to PDF/A in one call, and the state of what it needs."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from service.config import Settings
from service.conversion import docx_check, lone_lines
from service.conversion.conversion_errors import past_deadline
from service.conversion.file_kind import kind
from service.conversion.fonts import font_substitutes
from service.conversion.fonts.face_table import faces
from service.conversion.fonts.font_check import FontCheck
from service.conversion.libreoffice import sandbox, soffice
from service.conversion.libreoffice.temp_folders import command_folder, remove_command_folders
from service.conversion.libreoffice.to_docx import to_docx
from service.conversion.pool.client import client, ended, leave_all, warm
from service.conversion.pool.launcher import log_here
from service.errors import ConverterMissing
from service.forms.form_folder import font_folders

if TYPE_CHECKING:
    from service.conversion.pdf.attachments import Attachment
    from service.conversion.pdf.finish_pdf import Finished

__all__ = [
    "Status",
    "convert",
    "count_proof",
    "ended",
    "kind",
    "leave_all",
    "log_here",
    "remove_command_folders",
    "state",
    "status",
    "to_docx",
    "warm",
]


@dataclass(frozen=True)
class Status:
    """LibreOffice's version (None if missing), the face for each official font, python3-uno, fonts, box."""

    version: str | None
    faces: dict[str, str | None]
    uno: bool
    font_check: FontCheck
    sandbox: sandbox.State

    @property
    def ready(self) -> bool:
        """Whether documents can be converted: LibreOffice, a face for every font, and a box if required."""
        return self.version is not None and all(self.faces.values()) and self.sandbox.allowed


def convert(
    docx: bytes,
    settings: Settings,
    carrying: Sequence[Attachment] = (),
    *,
    rules: int = lone_lines.LATEST,
) -> bytes:
    """Converts a .docx to PDF/A-2b (ISO 19005-2); the same input gives the same bytes.

    With attachments, PDF/A-3b (ISO 19005-3). `rules` are those of `lone_lines`: where a line stands alone,
    copies are converted too. Each conversion waits at most `settings.deadline` seconds for a LibreOffice
    process, and takes at most as long; no copy begins later than as long after the call. Raises
    ConverterMissing, ConversionTimeout, DocumentRefused, QueueFull, TempFolderFault, or ConversionFault.
    """
    until = time.monotonic() + settings.deadline

    def copied(copy: bytes) -> Finished:
        if time.monotonic() > until:  # without the copy, the PDF's bytes would depend on the machine's load
            raise past_deadline(settings.deadline)
        return _converted(copy, settings, carrying)

    made = _converted(docx, settings, carrying)
    if rules != lone_lines.AS_CONVERTED:
        made = lone_lines.without_lone_lines(docx, made, copied)
    return made.pdf


def _converted(docx: bytes, settings: Settings, carrying: Sequence[Attachment]) -> Finished:
    from service.conversion.pdf import finish_pdf  # pikepdf, which only a conversion needs

    dates = []
    pool = client(settings)
    with pool.convert(docx, lambda: dates.append(docx_check.modified(docx))).pdf as made:
        began = time.monotonic()
        finished = finish_pdf.finish(made, dates[-1], carrying)
    pool.step("finish", time.monotonic() - began)
    return finished


def state(settings: Settings) -> dict[str, Any] | None:
    """The pool's counters (`WorkerPool.numbers` and `Metrics.snapshot`); None if no pool is running."""
    return client(settings).state()


def count_proof(settings: Settings, *, passed: bool) -> None:
    """Counts a proof in the pool's metrics, which all processes share."""
    client(settings).proof("proved" if passed else "failed")


def status(settings: Settings) -> Status:
    """Checks what is installed for conversion; takes about 0.2 s."""
    version, uno, box = None, False, sandbox.state(settings)
    with command_folder(settings) as folder, contextlib.suppress(ConverterMissing):
        used = sandbox.of(settings if box.allowed else dataclasses.replace(settings, sandbox="off"))
        uno = soffice.has_uno(settings.uno_python, settings.soffice, folder, used)
        version = soffice.version(settings.soffice, folder, used)
    folders = font_folders(settings)
    table = faces(folders)
    fonts = FontCheck(font_substitutes.installed(folders), table)
    chosen = {face.official: fonts.stand_in(face) for face in table}
    return Status(version, chosen, uno, fonts, box)
