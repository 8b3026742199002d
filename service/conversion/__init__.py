"""One call from .docx to PDF/A-2b, and what is needed for it."""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from service.config import Settings
from service.conversion import fonts, pdf, soffice
from service.conversion.soffice import Runner
from service.errors import ConversionFault, ConverterMissing

__all__ = ["Status", "convert", "status"]


@dataclass(frozen=True)
class Status:
    """LibreOffice's version (None where it is not there) and the face behind each official name."""

    version: str | None
    faces: dict[str, str | None]

    @property
    def ready(self) -> bool:
        """Whether documents can be converted: LibreOffice and every face are there."""
        return self.version is not None and all(self.faces.values())


def convert(docx: bytes, settings: Settings, runner: Runner = soffice.run) -> bytes:
    """PDF/A-2b (ISO 19005-2) of a .docx, the same bytes each time, within `settings.deadline` seconds.

    Each call has a LibreOffice process, a profile and a folder of its own, gone when it returns.
    Raises ConverterMissing, ConversionTimeout, or ConversionFault.
    """
    if not zipfile.is_zipfile(io.BytesIO(docx)):
        raise ConversionFault("不是 Word 文档（.docx）。", "This is not a Word document (.docx).")
    with tempfile.TemporaryDirectory(prefix="kexie-", dir=settings.temp_dir) as name:
        folder = Path(name)
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
        return pdf.finish(made.read_bytes(), docx)


def status(settings: Settings) -> Status:
    """What is there for converting, looked up anew."""
    try:
        version: str | None = soffice.version(settings.soffice)
    except ConverterMissing:
        version = None
    with tempfile.TemporaryDirectory(prefix="kexie-", dir=settings.temp_dir) as name:
        file = _fonts_file(Path(name), settings)
        faces = {face.official: fonts.chosen(face, file) for face in fonts.FACES}
    return Status(version, faces)


def _fonts_file(folder: Path, settings: Settings) -> Path:
    file = folder / "fonts.conf"
    file.write_text(fonts.configuration(settings.font_dirs), encoding="utf-8")
    return file
