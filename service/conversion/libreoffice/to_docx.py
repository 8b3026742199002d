"""Converts other document formats to .docx, each with a separate LibreOffice."""

import signal
import threading
from pathlib import Path

from service.config import Settings
from service.conversion import file_kind
from service.conversion.conversion_errors import (
    is_full,
    no_space,
    readings_busy,
    temp_folder_fault,
    unreadable,
    unreadable_in,
)
from service.conversion.fonts import font_substitutes
from service.conversion.libreoffice import profile, sandbox, soffice, temp_folders
from service.conversion.libreoffice.reaped_process import run
from service.conversion.libreoffice.withheld_pictures import WithheldPictures
from service.errors import ConversionFault, KexieError
from service.forms.form_folder import font_folders

# Explicit, otherwise LibreOffice reads unknown content as plain text.
_IMPORT_FILTERS = {
    file_kind.DOC: "MS Word 97",
    file_kind.ODT: "writer8",
    file_kind.RTF: "Rich Text Format",
    file_kind.STRICT: soffice.IMPORT_FILTER,
}
# How LibreOffice ends when a document breaks it, or takes more memory, time or files than the limits allow.
_CRASHES = {128 + number for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGXCPU, signal.SIGXFSZ)}
_EXPORT = f"docx:{soffice.IMPORT_FILTER}"

# In each process at once, so that one that hangs delays none; each takes about 200 MB and a whole core.
_turns = threading.BoundedSemaphore(4)


def to_docx(content: bytes, kind: str, settings: Settings) -> bytes:
    """Converts a document of `kind` (`file_kind.kind`, not DOCX or PDF) to transitional .docx.

    Waits at most `settings.read_deadline` seconds for its turn, and as long again for LibreOffice, which
    takes about 1 s. Raises UnreadableDocument, ConverterMissing, SandboxMissing, ConversionTimeout,
    TempFolderFault, or ConversionFault.
    """
    withheld = WithheldPictures()
    if kind in (file_kind.ODT, file_kind.STRICT):
        content = withheld.without(content)
    seconds = min(settings.read_deadline, settings.deadline)
    if not _turns.acquire(timeout=seconds):
        raise readings_busy(seconds)
    try:
        with temp_folders.private(settings.temp_dir, temp_folders.READING) as folder:
            return withheld.restored(_converted(content, kind, folder, settings, seconds))
    except TimeoutError as error:
        raise unreadable_in(seconds) from error
    except OSError as error:
        raise temp_folder_fault(settings.temp_dir, error) from error
    finally:
        _turns.release()


def _converted(content: bytes, kind: str, folder: Path, settings: Settings, seconds: float) -> bytes:
    program = soffice.program(settings.soffice)
    source, target = folder / f"document.{kind}", folder / "out" / "document.docx"
    source.write_bytes(content)
    names = folder / "fonts.conf"
    names.write_text(font_substitutes.configuration(font_folders(settings)), encoding="utf-8")
    home = profile.make(folder / "profile", program)
    options = "--convert-to", _EXPORT, "--outdir", str(target.parent), str(source)
    command = soffice.command(program, home, f"--infilter={_IMPORT_FILTERS[kind]}", *options)
    command = sandbox.of(settings).command(command, folder, [names], seconds)
    environment = soffice.environment(folder, program) | {"FONTCONFIG_FILE": str(names)}
    code = run(command, environment, seconds)
    if not target.is_file():
        raise _refused(code, folder)
    return target.read_bytes()


def _refused(code: int, folder: Path) -> KexieError:
    """The error for a LibreOffice that exited with `code` and wrote nothing."""
    if is_full(folder):
        return no_space(folder)
    if code in _CRASHES:
        return unreadable(
            "读取这份文书时程序崩溃：可能已损坏，或需要的内存太多。",
            "The document crashes the program that reads it: it may be damaged or need too much memory.",
        )
    if code != 0:
        return ConversionFault(
            f"读取文书的程序异常退出（退出码 {code}）。请用 Word 或 WPS 另存为 .docx 后重新提交。",
            f"Reading the document crashed the program (exit code {code}). Save it as .docx and resubmit it.",
        )
    return unreadable(
        "无法打开这份文书：可能已损坏、设有密码，或需要的内存太多。",
        "The document cannot be opened: it may be damaged, protected by a password, or need too much memory.",
    )
