"""Constructors of conversion errors with texts in both languages; check for a full temporary folder."""

import errno
import os
from pathlib import Path

from service.errors import (
    Bilingual,
    ConversionFault,
    ConversionTimeout,
    QueueFull,
    TempFolderFault,
    UnreadableDocument,
    VerificationTimeout,
    system_errors,
)

SAVE_AS_DOCX = Bilingual(
    "请用 Word 或 WPS 打开，另存为 .docx 后重新提交。",
    "Open it in Word or WPS, save it as .docx, and resubmit it.",
)
_LITTLE_SPACE = 4 * 1024 * 1024  # bytes left in the temporary folder


def is_full(folder: Path) -> bool:
    """Whether `folder` has less free space than a document may need."""
    try:
        free = os.statvfs(folder)
    except OSError:
        return False
    return free.f_bavail * free.f_frsize < _LITTLE_SPACE


def no_space(folder: Path) -> TempFolderFault:
    """The temporary folder is full."""
    return temp_folder_fault(folder, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))


def temp_folder_fault(folder: Path, error: OSError) -> TempFolderFault:
    """The temporary folder cannot be used, with the reason."""
    why = system_errors.reason(error)
    return TempFolderFault(
        f"无法使用临时目录 {folder}：{why.zh}。请检查其空间和权限，或设置 KEXIE_TEMP_DIR。",
        f"Cannot use the temporary folder {folder}: {why.en}. Check space and permissions or "
        "set KEXIE_TEMP_DIR.",
    )


def no_pdf() -> ConversionFault:
    """LibreOffice wrote no PDF for the document."""
    return ConversionFault(
        "LibreOffice 没有生成 PDF：文档可能已损坏。请执行 kexie-forms doctor 检查环境。",
        "LibreOffice wrote no PDF: the document may be broken. Run kexie-forms doctor to check.",
    )


def not_started() -> ConversionFault:
    """LibreOffice exits right after its start."""
    return ConversionFault(
        "LibreOffice 启动后立即退出。请执行 kexie-forms doctor 检查环境。",
        "LibreOffice exited right after its start. Run kexie-forms doctor to check.",
    )


def past_deadline(deadline: float) -> ConversionTimeout:
    """Waiting or converting took longer than `deadline` seconds."""
    return ConversionTimeout(
        f"转换超过 {deadline:g} 秒仍未完成，已中止。请稍后重试，或缩短正文。",
        f"Conversion exceeded its deadline of {deadline:g} s. Try again later, or shorten the text.",
    )


def readings_busy(seconds: float) -> ConversionTimeout:
    """No document could be opened within `seconds`, for others took as long."""
    return ConversionTimeout(
        f"有别的文书正在读取，等了 {seconds:g} 秒仍未轮到。请稍后重试。",
        f"Other documents are being read; this one waited {seconds:g} s for its turn. Try again later.",
    )


def unreadable(zh: str, en: str) -> UnreadableDocument:
    """A document that an office may open: to be saved as .docx."""
    return UnreadableDocument(f"{zh}{SAVE_AS_DOCX.zh}", f"{en} {SAVE_AS_DOCX.en}")


def unreadable_in(seconds: float) -> UnreadableDocument:
    """LibreOffice did not open the document within `seconds`, which usually takes 1 s."""
    return unreadable(
        f"读取这份文书超过 {seconds:g} 秒仍未完成，已中止：文书可能已损坏，或过于复杂。",
        f"The document could not be read within {seconds:g} s: it may be damaged or too complex.",
    )


def not_verified_in(seconds: float) -> VerificationTimeout:
    """The signatures of a PDF were not verified within `seconds`, for any cause."""
    return VerificationTimeout(
        f"核验签名超过 {seconds:g} 秒仍未完成，已中止，没有得出结果；不表示文件有问题。请稍后重试；"
        "总是超时的，请管理员调大 KEXIE_READ_DEADLINE 和 KEXIE_DEADLINE（以小的为准）。",
        f"The signatures were not verified within {seconds:g} s, so nothing is known of them; this is no "
        "fault of the file. Try again later; if it always takes too long, have KEXIE_READ_DEADLINE "
        "and KEXIE_DEADLINE raised, of which the smaller counts.",
    )


def verifications_busy(seconds: float) -> VerificationTimeout:
    """No turn to verify a PDF came up within `seconds`: others are being verified."""
    return VerificationTimeout(
        f"有别的 PDF 正在核验签名，等了 {seconds:g} 秒仍未轮到，没有得出结果；不表示文件有问题。请稍后重试。",
        f"The signatures of other PDFs are being verified; this one waited {seconds:g} s for its turn, so "
        "nothing is known of it; this is no fault of the file. Try again later.",
    )


def queue_full(waiting: int) -> QueueFull:
    """The queue already holds `waiting` documents."""
    return QueueFull(
        f"已有 {waiting} 份文书在等待转换。请稍后重试。",
        f"{waiting} documents are already waiting for conversion. Try again later.",
    )


def closing() -> ConversionTimeout:
    """The pool is shutting down."""
    return ConversionTimeout(
        "转换服务正在停止。请稍后重试。", "The converter is shutting down. Try again later."
    )


def no_answer() -> ConversionTimeout:
    """The pool's process does not answer."""
    return ConversionTimeout(
        "转换进程没有应答。请稍后重试；仍失败时执行 kexie-forms doctor 检查环境。",
        "The converter does not respond. Try again; if it fails, run kexie-forms doctor.",
    )
