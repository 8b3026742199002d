"""Verifies the signatures of a PDF in a process of its own: sandboxed, with a deadline and limited memory."""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from service.config import Settings
from service.conversion.conversion_errors import not_verified_in, temp_folder_fault, verifications_busy
from service.conversion.libreoffice import python_worker, temp_folders
from service.errors import UnreadableDocument
from service.signatures import verdicts
from service.signatures.trust import trusted

_WORKER = Path(__file__).with_name("verify_worker.py")
_TIME_ZONES = Path("/usr/share/zoneinfo")  # pyHanko looks one up as it is imported
_log = logging.getLogger("kexie.signatures")
_turns = threading.BoundedSemaphore(2)  # in each process; each takes a core and 60 MB


@dataclass(frozen=True)
class Examined:
    """What a PDF is, as `verify_worker.facts` has it, and its signatures in the file's order."""

    state: str
    signatures: tuple[verdicts.Signature, ...] = ()


def examine(pdf: bytes, settings: Settings, archived: int = 0) -> Examined:
    """Verifies a PDF's signatures; takes about 1 s, and fetches nothing from the network.

    `archived` is the length of the archived PDF with which it begins, if it does: what was added before each
    signature is examined, too.
    Raises VerificationTimeout where there is no result in time, also while others are verified,
    UnreadableDocument for a PDF that takes too much memory, UsageError for an unusable KEXIE_TRUST,
    SandboxMissing, TempFolderFault.
    """
    seconds = min(settings.read_deadline, settings.deadline)
    if not _turns.acquire(timeout=seconds):
        raise verifications_busy(seconds)
    try:
        with temp_folders.private(settings.temp_dir, temp_folders.READING) as folder:
            return _examined(pdf, folder, settings, seconds, archived)
    except TimeoutError as error:
        _log.warning("signatures not verified within %g s, PDF of %d bytes", seconds, len(pdf))
        raise not_verified_in(seconds) from error
    except OSError as error:
        raise temp_folder_fault(settings.temp_dir, error) from error
    finally:
        _turns.release()


def _examined(pdf: bytes, folder: Path, settings: Settings, seconds: float, archived: int) -> Examined:
    document, known = folder / "document.pdf", folder / "trusted"
    document.write_bytes(pdf)
    known.mkdir()
    for number, (kind, content) in enumerate(trusted(settings)):
        (known / f"{number:05}.{kind}").write_bytes(content)
    arguments = (document, known, str(archived))
    found = python_worker.answer(_WORKER, arguments, folder, settings, seconds, [_TIME_ZONES])
    if found is None:
        raise UnreadableDocument(
            "核验这份 PDF 时程序崩溃：可能已损坏，或需要的内存太多。请重新扫描或导出后再存。",
            "The PDF crashes the program that checks it: it may be damaged or need too much memory. "
            "Scan or export it again.",
        )
    return Examined(found["state"], tuple(map(verdicts.signature, found["signatures"])))
