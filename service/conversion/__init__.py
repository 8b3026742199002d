"""One call from .docx to PDF/A, and what is needed for it."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.config import Settings
from service.conversion import document, fonts, pdf, soffice
from service.conversion.embedded import Attachment, attachments
from service.conversion.pages import Page, page
from service.conversion.soffice import Runner
from service.errors import ConversionFault, ConverterMissing

__all__ = ["Attachment", "Page", "Status", "attachments", "convert", "page", "status"]


@dataclass(frozen=True)
class Status:
    """LibreOffice's version (None: not there), the face behind each official name, and python3-uno."""

    version: str | None
    faces: dict[str, str | None]
    uno: bool

    @property
    def ready(self) -> bool:
        """Whether documents can be converted: LibreOffice and every face are there."""
        return self.version is not None and all(self.faces.values())


def convert(
    docx: bytes, settings: Settings, runner: Runner = soffice.run, *, carrying: Sequence[Attachment] = ()
) -> bytes:
    """PDF/A-2b (ISO 19005-2) of a .docx, the same bytes each time, within `settings.deadline` seconds.

    With files that it is to carry, PDF/A-3b (ISO 19005-3).
    Each call has a LibreOffice process, a profile and a folder of its own, gone when it returns.
    Raises ConverterMissing, ConversionTimeout, or ConversionFault.
    """
    date = document.modified(docx)
    with _folder(settings) as folder:
        source = folder / "document.docx"
        source.write_bytes(docx)
        made = soffice.to_pdf(
            source, folder, settings.soffice, _fonts_file(folder, settings), settings.deadline, runner
        )
        if not made.is_file():
            raise ConversionFault(
                "LibreOffice 没有生成 PDF：文档可能已损坏。请执行 kexie-forms doctor 检查环境。",
                "LibreOffice wrote no PDF: the document may be broken. Run kexie-forms doctor to check.",
            )
        return pdf.finish(made.read_bytes(), date, carrying)


def status(settings: Settings) -> Status:
    """What is there for converting, looked up anew; takes about 0.2 s."""
    with _folder(settings) as folder:
        try:
            version: str | None = soffice.version(settings.soffice, folder)
        except ConverterMissing:
            version = None
        file = _fonts_file(folder, settings)
        faces = {face.official: fonts.chosen(face, file) for face in fonts.FACES}
    return Status(version, faces, soffice.has_uno())


@contextlib.contextmanager
def _folder(settings: Settings) -> Iterator[Path]:
    """A private folder, removed with all that is in it."""
    try:
        with tempfile.TemporaryDirectory(
            prefix="kexie-", dir=settings.temp_dir, ignore_cleanup_errors=True
        ) as name:
            yield Path(name)
    except OSError as error:
        raise ConversionFault(
            f"无法使用临时目录 {settings.temp_dir}：{error.strerror}。"
            "请检查其空间和权限，或设置 KEXIE_TEMP_DIR。",
            f"Cannot use the temporary folder {settings.temp_dir}: {error.strerror}. "
            "Check its space and rights, or set KEXIE_TEMP_DIR.",
        ) from error


def _fonts_file(folder: Path, settings: Settings) -> Path:
    file = folder / "fonts.conf"
    file.write_text(fonts.configuration(settings.font_dirs), encoding="utf-8")
    return file
