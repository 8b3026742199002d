"""Converts other document formats to .docx, each with a separate LibreOffice."""

import threading
from pathlib import Path

from service.config import Settings
from service.conversion import file_kind
from service.conversion.conversion_errors import is_full, no_space, past_deadline, temp_folder_fault
from service.conversion.fonts import font_substitutes
from service.conversion.libreoffice import profile, soffice, temp_folders
from service.conversion.libreoffice.reaped_process import run
from service.errors import ConversionFault, KexieError, UnreadableDocument

# Explicit, otherwise LibreOffice reads unknown content as plain text.
_IMPORT_FILTERS = {
    file_kind.DOC: "MS Word 97",
    file_kind.ODT: "writer8",
    file_kind.RTF: "Rich Text Format",
    file_kind.STRICT: soffice.IMPORT_FILTER,
}
_EXPORT = f"docx:{soffice.IMPORT_FILTER}"

# One at a time in each process: a LibreOffice takes about 200 MB and a whole core.
_turn = threading.Lock()


def to_docx(content: bytes, kind: str, settings: Settings) -> bytes:
    """Converts a document of `kind` (`file_kind.kind`, not DOCX or PDF) to transitional .docx.

    Waits at most `settings.deadline` seconds for its turn, and as long again for LibreOffice, which takes
    about 1 s. Raises UnreadableDocument, ConverterMissing, ConversionTimeout, TempFolderFault, or
    ConversionFault.
    """
    if kind in (file_kind.ODT, file_kind.STRICT):
        content = file_kind.repacked(content)
    if not _turn.acquire(timeout=settings.deadline):
        raise past_deadline(settings.deadline)
    try:
        with temp_folders.private(settings.temp_dir, temp_folders.READING) as folder:
            return _converted(content, kind, folder, settings)
    except TimeoutError as error:
        raise past_deadline(settings.deadline) from error
    except OSError as error:
        raise temp_folder_fault(settings.temp_dir, error) from error
    finally:
        _turn.release()


def _converted(content: bytes, kind: str, folder: Path, settings: Settings) -> bytes:
    program = soffice.program(settings.soffice)
    source, target = folder / f"document.{kind}", folder / "out" / "document.docx"
    source.write_bytes(content)
    names = folder / "fonts.conf"
    names.write_text(font_substitutes.configuration(settings.font_dirs), encoding="utf-8")
    home = profile.make(folder / "profile", program)
    options = "--convert-to", _EXPORT, "--outdir", str(target.parent), str(source)
    command = soffice.command(program, home, f"--infilter={_IMPORT_FILTERS[kind]}", *options)
    code = run(command, soffice.environment(folder) | {"FONTCONFIG_FILE": str(names)}, settings.deadline)
    if not target.is_file():
        raise _refused(code, folder)
    return target.read_bytes()


def _refused(code: int, folder: Path) -> KexieError:
    """The error for a LibreOffice that exited with `code` and wrote nothing."""
    if is_full(folder):
        return no_space(folder)
    if code != 0:
        return ConversionFault(
            f"LibreOffice 读取文书时异常退出（退出码 {code}）。请用 Word 或 WPS 另存为 .docx 后重新提交。",
            f"LibreOffice crashed on the document (exit code {code}). Save it as .docx and resubmit it.",
        )
    return UnreadableDocument(
        "LibreOffice 无法打开这份文书：可能已损坏或设有密码。"
        "请用 Word 或 WPS 打开，另存为 .docx 后重新提交。",
        "LibreOffice cannot open the document: it may be damaged or protected by a password. "
        "Open it in Word or WPS, save it as .docx, and resubmit it.",
    )
