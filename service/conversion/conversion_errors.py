"""The errors that conversion meets, in both languages, and whether the temporary folder is full."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from service.errors import ConversionFault, ConversionTimeout, QueueFull, TempFolderFault

_REASONS = {
    errno.ENOSPC: "空间已满",
    errno.EDQUOT: "空间已满",
    errno.ENOENT: "目录不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "目录只读",
}
_LITTLE_SPACE = 4 * 1024 * 1024  # bytes left in the temporary folder


def is_full(folder: Path) -> bool:
    """Whether less room is left in `folder` than a document may need."""
    try:
        free = os.statvfs(folder)
    except OSError:
        return False
    return free.f_bavail * free.f_frsize < _LITTLE_SPACE


def no_space(folder: Path) -> TempFolderFault:
    """The fault of a temporary folder that is full."""
    return temp_folder_fault(folder, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))


def temp_folder_fault(folder: Path, error: OSError) -> TempFolderFault:
    """The fault that says what is wrong with the temporary folder."""
    en = error.strerror or type(error).__name__
    zh = _REASONS.get(error.errno or 0, en)
    return TempFolderFault(
        f"无法使用临时目录 {folder}：{zh}。请检查其空间和权限，或设置 KEXIE_TEMP_DIR。",
        f"Cannot use the temporary folder {folder}: {en}. Check its space and rights, or set KEXIE_TEMP_DIR.",
    )


def no_pdf() -> ConversionFault:
    """The fault of a document of which LibreOffice made no PDF."""
    return ConversionFault(
        "LibreOffice 没有生成 PDF：文档可能已损坏。请执行 kexie-forms doctor 检查环境。",
        "LibreOffice wrote no PDF: the document may be broken. Run kexie-forms doctor to check.",
    )


def not_started() -> ConversionFault:
    """The fault of a LibreOffice that ends as soon as it is started."""
    return ConversionFault(
        "LibreOffice 启动后立即退出。请执行 kexie-forms doctor 检查环境。",
        "LibreOffice ended as soon as it was started. Run kexie-forms doctor to check.",
    )


def slow_start(seconds: float) -> ConversionTimeout:
    """The error of a LibreOffice that is not ready within `seconds`."""
    return ConversionTimeout(
        f"LibreOffice 在 {seconds:g} 秒内没有启动。请稍后重试。",
        f"LibreOffice did not start within {seconds:g} s: try again.",
    )


def past_deadline(deadline: float) -> ConversionTimeout:
    """The error of a document that waited, or was converted, for longer than `deadline` seconds."""
    return ConversionTimeout(
        f"转换超过 {deadline:g} 秒仍未完成，已中止。请稍后重试，或缩短正文。",
        f"Conversion passed its deadline of {deadline:g} s: try again, or shorten the text.",
    )


def queue_full(waiting: int) -> QueueFull:
    """The error of a document that finds `waiting` others before it."""
    return QueueFull(
        f"已有 {waiting} 份文书在等待转换。请稍后重试。",
        f"{waiting} documents are waiting for conversion already: try again later.",
    )


def closing() -> ConversionTimeout:
    """The error of a document that comes while the pool ends."""
    return ConversionTimeout("转换服务正在停止。请稍后重试。", "The converter is stopping: try again later.")


def no_answer() -> ConversionTimeout:
    """The error of a document that the pool's process took and never answered."""
    return ConversionTimeout(
        "转换进程没有应答。请稍后重试；仍失败时执行 kexie-forms doctor 检查环境。",
        "The converter does not answer. Try again; if it fails again, run kexie-forms doctor.",
    )
