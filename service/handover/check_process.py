"""Checks a stranger's package in a process of its own: sandboxed, with a deadline and limited memory."""

import logging
import threading
from pathlib import Path

from service.config import Settings
from service.conversion.conversion_errors import temp_folder_fault
from service.conversion.libreoffice import python_worker, temp_folders
from service.errors import PackageTimeout, UnreadablePackage
from service.handover.package_check import PackageCheck
from service.handover.package_faults import PackageFault

_WORKER = Path(__file__).with_name("check_worker.py")
_ROOT = Path(__file__).parents[2]
_log = logging.getLogger("kexie.handover")
_turns = threading.BoundedSemaphore(1)  # in each process; it takes a core


def check_zip(package: bytes, settings: Settings) -> PackageCheck:
    """What a package, a zip, holds and what is wrong with it; its faults are the first 50.

    Raises UnreadablePackage for what is no zip, or may do harm; PackageTimeout without a result in time, also
    while another is checked; SandboxMissing, TempFolderFault.
    """
    seconds = settings.deadline
    if not _turns.acquire(timeout=seconds):
        raise _timeout(seconds)
    try:
        with temp_folders.private(settings.temp_dir, temp_folders.READING) as folder:
            return _checked(package, folder, settings, seconds)
    except TimeoutError as error:
        _log.warning("package of %d bytes not checked within %g s", len(package), seconds)
        raise _timeout(seconds) from error
    except OSError as error:
        raise temp_folder_fault(settings.temp_dir, error) from error
    finally:
        _turns.release()


def _checked(package: bytes, folder: Path, settings: Settings, seconds: float) -> PackageCheck:
    file = folder / "package.zip"
    file.write_bytes(package)
    readable = [_ROOT / name for name in ("service", "schemas")]
    found = python_worker.answer(_WORKER, (_ROOT, file), folder, settings, seconds, readable)
    if found is None:
        raise UnreadablePackage(
            "核对这个包时程序中止：它可能已损坏，或要占太多内存。请让移交方重新导出、重新传送，"
            "或请管理员在服务器上用命令核对。",
            "The program that checks the package stopped: it may be damaged, or take too much memory. "
            "Have it exported and sent again, or checked by the command on the server.",
        )
    if refused := found.get("refused"):
        raise UnreadablePackage(*refused)
    faults = [PackageFault(**each) for each in found.pop("faults")]
    return PackageCheck(**found, faults=faults)


def _timeout(seconds: float) -> PackageTimeout:
    return PackageTimeout(
        f"{seconds:g} 秒内没有核对完这个包，没有得出结果。请管理员在服务器上用命令核对。",
        f"The package was not checked within {seconds:g} seconds, so nothing is known of it: have it checked "
        "by the command on the server.",
    )
