"""The box around LibreOffice: which mechanism this machine has, and a command in it with its limits."""

import logging
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from service.config import Settings
from service.conversion.libreoffice import bubblewrap, landlock, sandbox_files
from service.errors import Bilingual, SandboxMissing
from service.forms.form_folder import font_folders

# Each confines a command to a folder and what it may read; in the order of preference.
MECHANISMS: dict[str, Callable[[Sequence[str], Path, Sequence[Path]], list[str]]] = {
    "bubblewrap": bubblewrap.wrap,
    "landlock": landlock.wrap,
}
_GIVEN = {
    "bubblewrap": Bilingual(
        "bubblewrap：LibreOffice 没有网络，只看得见自己的目录",
        "bubblewrap: LibreOffice has no network and sees its own folder alone",
    ),
    "landlock": Bilingual(
        "Landlock：LibreOffice 没有网络，只能读写自己的目录；装上 bubblewrap 并允许用户命名空间更严密",
        "Landlock: LibreOffice has no network and can open its own folder alone; bubblewrap is stricter, "
        "where user namespaces are allowed",
    ),
}
_LARGEST_FILE = 512 * 1024**2  # bytes; LibreOffice's PDF holds pictures as they are
_PROCESSES = 64  # within the box, threads included
_PROBE_FOLDER = Path("/usr/share")  # any folder, for `true` writes nothing
_PROBE_TIMEOUT = 30.0  # seconds

_log = logging.getLogger("kexie.conversion")
_working: set[str] = set()  # mechanisms that this process has tried


@dataclass(frozen=True)
class Sandbox:
    """A box: its mechanism, None for none, what all commands in it may read, and their memory in bytes."""

    mechanism: str | None
    readable: tuple[Path, ...]
    memory: int

    def command(
        self,
        command: Sequence[str],
        folder: Path,
        readable: Iterable[Path] = (),
        seconds: float | None = None,
    ) -> list[str]:
        """`command`, which may write in `folder` alone and read its own files and `readable`.

        With `seconds`, it gets only so much processor time.
        """
        limited = [*self._limits(seconds), *command]
        if self.mechanism is None:
            return limited
        own = [Path(limited[0]), *sandbox_files.of_program(Path(command[0]))]
        seen = sandbox_files.existing([*self.readable, *readable, *own])
        return MECHANISMS[self.mechanism](limited, folder, seen)

    def seal(self) -> str:
        """A filter in hexadecimal that keeps LibreOffice itself from connecting to sockets; may be empty."""
        return landlock.without_connections().hex() if self.mechanism == "landlock" else ""

    def _limits(self, seconds: float | None) -> list[str]:
        """prlimit(1) and the limits."""
        prlimit = shutil.which("prlimit")
        if prlimit is None:
            return []
        # The address space: jemalloc's ways of mapping memory escape RLIMIT_DATA.
        limits: dict[str, object] = {"core": 0, "as": self.memory, "fsize": _LARGEST_FILE}
        if self.mechanism == "bubblewrap":  # without a user namespace all processes of the user count
            limits["nproc"] = _PROCESSES
        if seconds is not None:
            most = int(seconds) + 1
            limits["cpu"] = f"{most}:{most + 1}"  # SIGXCPU first, by which one knows the cause
        return [prlimit, *(f"--{name}={value}" for name, value in limits.items()), "--"]


@dataclass(frozen=True)
class State:
    """The mechanism in use, if any; whether the settings allow to convert with it; what there is to say."""

    mechanism: str | None
    allowed: bool
    text: Bilingual


def of(settings: Settings) -> Sandbox:
    """The box that the settings and this machine give. Raises SandboxMissing."""
    found = state(settings)
    if not found.allowed:
        raise SandboxMissing(found.text.zh, found.text.en)
    if found.mechanism is None:
        _warn_once(found.text.en)
    readable = sandbox_files.shared(font_folders(settings))
    return Sandbox(found.mechanism, readable, settings.libreoffice_memory * 1024**2)


def state(settings: Settings) -> State:
    """What the settings and this machine give; takes about 20 ms the first time."""
    if settings.sandbox == "off":
        return State(None, True, Bilingual("已关闭（KEXIE_SANDBOX=off）", "off (KEXIE_SANDBOX=off)"))
    faults: list[str] = []
    for name in MECHANISMS:
        found = fault(name)
        if found is None:
            return State(name, True, _GIVEN[name])
        faults.append(f"{name}: {found}")
    why = "; ".join(faults)
    text = Bilingual(
        f"LibreOffice 没有沙箱（{why}）。请安装 bubblewrap，并允许用户命名空间（见部署文档）。",
        f"no sandbox for LibreOffice ({why}). Install bubblewrap and allow user namespaces "
        "(see the page on deployment).",
    )
    return State(None, settings.sandbox != "required", text)


@lru_cache
def _warn_once(text: str) -> None:
    _log.warning("%s", text)


def fault(name: str) -> str | None:
    """Why a mechanism does not work here, found by a trial; None if it does."""
    if name in _working:
        return None
    true = shutil.which("true") or "/bin/true"
    try:
        command = Sandbox(name, sandbox_files.shared(()), 1024**3).command([true], _PROBE_FOLDER)
        answer = subprocess.run(  # noqa: S603 - a fixed program
            command, env={}, capture_output=True, text=True, timeout=_PROBE_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if answer.returncode == 0:
        _working.add(name)
        return None
    return answer.stderr.strip().rpartition("\n")[2] or f"exit code {answer.returncode}"
