"""A program of our own that reads a stranger's file in the sandbox, and answers with JSON."""

import json
import os
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from service.config import Settings
from service.conversion.libreoffice import sandbox
from service.conversion.libreoffice.reaped_process import run

_PACKAGES = list(dict.fromkeys(Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")))
_ANSWER = "answer.json"
_ANSWER_LIMIT = 1024 * 1024  # bytes


def answer(
    worker: Path,
    arguments: Sequence[Path | str],
    folder: Path,
    settings: Settings,
    seconds: float,
    readable: Sequence[Path] = (),
) -> Any:
    """What the Python program `worker` wrote as JSON to the file that is its last argument.

    It may write in `folder` alone, and read `readable` and the packages installed. None if it crashed or
    wrote too much. Raises TimeoutError after `seconds`, SandboxMissing, OSError.
    """
    written = folder / _ANSWER
    python = Path(sys.executable).resolve()  # a link of a venv leads out of the sandbox
    command = [str(python), "-B", "-s", "-P", str(worker), *map(str, (*arguments, written))]
    libraries = (python.parent.parent / "lib").glob("libpython3*")
    environment = {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(map(str, _PACKAGES))}
    boxed = sandbox.of(settings).command(
        command, folder, [worker, *readable, *_PACKAGES, *libraries], seconds
    )
    run(boxed, environment, seconds)
    if not written.is_file() or written.stat().st_size > _ANSWER_LIMIT:
        return None
    return json.loads(written.read_bytes())
