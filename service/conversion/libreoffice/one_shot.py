"""Worker that starts LibreOffice for each document: slower, for machines without python3-uno."""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from service.conversion.conversion_errors import is_full, no_pdf, no_space, temp_folder_fault
from service.conversion.libreoffice import profile, soffice
from service.conversion.libreoffice.reaped_process import run
from service.conversion.libreoffice.worker_protocol import Converted, Setup, WorkerHung, WorkerLost

Runner = Callable[[Sequence[str], Mapping[str, str], float], int]

_KINDS = {bool: "boolean", int: "long"}
_FILTER = "pdf:writer_pdf_Export:" + json.dumps(
    {
        name: {"type": _KINDS[type(value)], "value": str(value).lower()}
        for name, value in soffice.EXPORT.items()
    },
    separators=(",", ":"),
)


class OneShotWorker:
    """A Worker that starts a new LibreOffice with its own profile and folder for each document."""

    def __init__(self, setup: Setup, runner: Runner = run) -> None:
        self._setup = setup
        self._runner = runner

    def start(self, seconds: float) -> None:
        """See Worker. Raises ConverterMissing."""
        soffice.program(self._setup.soffice)

    def stop(self) -> None:
        """See Worker: no process outlives a document."""

    def healthy(self) -> bool:
        """See Worker."""
        return True

    def settle(self, seconds: float) -> bool:
        """See Worker."""
        return True

    def memory(self) -> int:
        """See Worker: no memory is held between documents."""
        return 0

    def convert(self, docx: bytes, seconds: float) -> Converted:
        """See Worker; reports a single step, `convert`."""
        began = time.monotonic()
        try:
            folder = Path(tempfile.mkdtemp(prefix="worker-", dir=self._setup.root))
        except OSError as error:
            raise temp_folder_fault(self._setup.root, error) from error
        try:
            pdf = self._convert(docx, folder, seconds)
        except TimeoutError as error:
            raise WorkerHung from error
        except OSError as error:
            raise temp_folder_fault(folder, error) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return Converted(pdf, {"convert": time.monotonic() - began})

    def _convert(self, docx: bytes, folder: Path, seconds: float) -> BinaryIO:
        program = soffice.program(self._setup.soffice)
        source, target = folder / "document.docx", folder / "out" / "document.pdf"
        source.write_bytes(docx)
        home = profile.make(folder / "profile", program)
        options = "--convert-to", _FILTER, "--outdir", str(target.parent), str(source)
        command = soffice.command(program, home, f"--infilter={soffice.IMPORT_FILTER}", *options)
        command = self._setup.sandbox.command(command, folder, [self._setup.fonts], seconds)
        environment = soffice.environment(folder, program) | {"FONTCONFIG_FILE": str(self._setup.fonts)}
        try:
            code = self._runner(command, environment, seconds)
        finally:
            profile.forget(home)
        if target.is_file():
            return target.open("rb")
        if is_full(folder):
            raise no_space(folder)
        if code != 0 or not (folder / "profile" / "user").is_dir():
            raise WorkerLost  # LibreOffice also exits with 0 if it cannot load a document
        raise no_pdf()
