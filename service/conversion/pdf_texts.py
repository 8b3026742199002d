"""The text of a stranger's PDF, read in a process of its own: sandboxed, with a deadline."""

import logging
import threading
from pathlib import Path

from service.config import Settings
from service.conversion.libreoffice import python_worker, temp_folders
from service.errors import KexieError

_WORKER = Path(__file__).with_name("text_worker.py")
_log = logging.getLogger("kexie.conversion")
_turns = threading.BoundedSemaphore(2)  # in each process


def read(pdf: bytes, settings: Settings) -> str:
    """Title and text, a line each; "" where they cannot be read in time: they are clues and no more."""
    seconds = min(settings.read_deadline, settings.deadline)
    if not _turns.acquire(timeout=seconds):
        return ""
    try:
        with temp_folders.private(settings.temp_dir, temp_folders.READING) as folder:
            document = folder / "document.pdf"
            document.write_bytes(pdf)
            return "\n".join(python_worker.answer(_WORKER, (document,), folder, settings, seconds) or ())
    except (KexieError, OSError, TimeoutError) as error:
        _log.warning("no text of a PDF of %d bytes: %s", len(pdf), type(error).__name__)
        return ""
    finally:
        _turns.release()
