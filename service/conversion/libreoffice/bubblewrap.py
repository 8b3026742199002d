"""bubblewrap (bwrap(1)): a box of namespaces, without network, processes and files of the machine."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

# No --new-session: a session has a scheduling group of its own, which would be of normal priority (sched(7)).
# No --proc: in a container, whose own is masked, the kernel allows none.
_NAMESPACES = ("--unshare-all", "--unshare-user", "--cap-drop", "ALL", "--die-with-parent")
_KERNEL_SETTINGS = "/proc/sys/user"  # where bwrap forbids further namespaces; read-only in containers
_TEMPORARY = str(16 * 1024**2)  # bytes of /tmp, where only LibreOffice's sockets lie
_MAYBE_LINKS = (Path("/bin"), Path("/lib"), Path("/lib64"))


def wrap(command: Sequence[str], folder: Path, readable: Sequence[Path]) -> list[str]:
    """`command` in a box that shows `readable`, and `folder` to write in. Raises OSError."""
    program = shutil.which("bwrap")
    if program is None:
        raise FileNotFoundError("bwrap is not installed")
    nested = [] if os.statvfs(_KERNEL_SETTINGS).f_flag & os.ST_RDONLY else ["--disable-userns"]
    links = {link: link.readlink() for link in _MAYBE_LINKS if link.is_symlink()}
    real = (Path("/", links.get(Path(*path.parts[:2]), path.parts[1]), *path.parts[2:]) for path in readable)
    shown = list(dict.fromkeys(map(str, real)))
    return [
        *(program, *_NAMESPACES, *nested, "--dev", "/dev", "--size", _TEMPORARY, "--tmpfs", "/tmp"),  # noqa: S108 - the box's
        *(word for link, target in links.items() for word in ("--symlink", str(target), str(link))),
        *(word for path in shown for word in ("--ro-bind", path, path)),
        *("--bind", str(folder), str(folder), "--chdir", str(folder)),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--", *command),
    ]
