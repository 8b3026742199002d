"""Landlock and seccomp (landlock(7), seccomp(2)): a box where the kernel allows no user namespaces.

Run as a program, it confines itself and becomes the command. As namespaces hide what Landlock only closes,
the command can find out whether a file exists, and all sockets of the machine have their names. Linux only;
few imports, so that it starts in 20 ms.
"""

import ctypes
import errno
import json
import os
import platform
import stat
import struct
import sys
from collections.abc import Sequence

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _BENEATH = 1, 1
_NO_NEW_PRIVILEGES, _SECCOMP, _DROP_CAPABILITY = 38, 22, 24  # prctl(2)
_CAPABILITIES = 64

# LANDLOCK_ACCESS_FS_* (linux/landlock.h), and how many of them each version of the interface knows.
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _MAKE_SOCK, _TRUNCATE = 1, 2, 4, 8, 1 << 9, 1 << 14
_ACCESS_BITS = ((5, 16), (3, 15), (2, 14), (1, 13))
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_OTHERS = {
    "/tmp": _MAKE_SOCK,  # noqa: S108 - LibreOffice's choice
    "/dev/null": _READ_FILE | _WRITE_FILE,
    "/dev/urandom": _READ_FILE,
}

# System calls on x86_64 and arm64 (asm/unistd.h). What Landlock leaves open: sockets, other processes, rights
# of files; io_uring, which evades seccomp; and what only attacks need.
_NONE = 0xFFFFFFFF
_DENIED = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kill": (62, 129), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438), "kcmp": (312, 272),
    "chmod": (90, _NONE), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, _NONE), "lchown": (94, _NONE), "fchownat": (260, 54), "truncate": (76, 45),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "removexattr": (197, 14), "lremovexattr": (198, 15),
    "io_uring_setup": (425, 425), "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "open_tree": (428, 428),
    "fsopen": (430, 430),
}  # fmt: skip
_SOCKET, _CLONE, _CLONE3, _CONNECT = (41, 198), (56, 220), (435, 435), (42, 203)
_MACHINES = {
    "x86_64": (0, 0xC000003E),
    "aarch64": (1, 0xC00000B7),
}  # column above, AUDIT_ARCH_* (linux/audit.h)
_OTHER_ABI = 0x40000000  # x32's system calls on x86_64
_NEW_NAMESPACES = 0x7E020000  # CLONE_NEW* (sched.h)
_UNIX, _STREAM = 1, 1

# Berkeley packet filter (linux/bpf_common.h, linux/seccomp.h).
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_KILL, _ERROR, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, (16, 24)  # offsets in seccomp_data

_Path = os.PathLike[str]  # importing pathlib is slow

_libc = ctypes.CDLL(None, use_errno=True)


def wrap(command: Sequence[str], folder: _Path, readable: Sequence[_Path]) -> list[str]:
    """`command` in a box that lets it read `readable`, and write in `folder`."""
    seen = json.dumps([str(folder), *map(str, readable)])
    return [sys.executable, "-I", "-S", __file__, seen, *command]


def main(folder: str, readable: list[str], command: list[str]) -> None:
    """Confines this process and becomes `command`. Raises OSError where the kernel has no Landlock."""
    _prctl(_NO_NEW_PRIVILEGES, 1)
    for capability in range(_CAPABILITIES):  # of root; nobody else has any
        _libc.prctl(_DROP_CAPABILITY, capability, 0, 0, 0)
    rights = dict.fromkeys(readable, _READ) | _OTHERS | {folder: ~_EXECUTE}
    _restrict({path: right for path, right in rights.items() if os.path.exists(path)})  # noqa: PTH110 - as above
    _install(_filter())
    os.chdir(folder)
    os.execv(command[0], command)  # noqa: S606 - the command is the caller's


def without_connections() -> bytes:
    """A filter of system calls that lets a program connect to no socket."""
    return _program(_refusal(_of_machine(_CONNECT), errno.EACCES))


def _install(filter: bytes) -> None:
    """Installs a filter of system calls for this process and its children. Raises OSError."""
    kept = ctypes.create_string_buffer(filter, len(filter))
    _prctl(_SECCOMP, 2, struct.pack("HxxxxxxQ", len(filter) // 8, ctypes.addressof(kept)))


def _restrict(rights: dict[str, int]) -> None:
    version = _landlock(_CREATE_RULESET, None, 0, _VERSION)
    handled = (1 << next(bits for least, bits in _ACCESS_BITS if version >= least)) - 1
    attributes = struct.pack("QQQ", handled, 3, 3)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = _landlock(_CREATE_RULESET, attributes, len(attributes), 0)
    for path, right in rights.items():
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
        fitting = -1 if stat.S_ISDIR(os.fstat(beneath).st_mode) else _OF_FILES
        _landlock(_ADD_RULE, ruleset, _BENEATH, struct.pack("=Qi", right & fitting & handled, beneath), 0)
        os.close(beneath)
    _landlock(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _filter() -> bytes:
    refused = b"".join(_refusal(_of_machine(call), errno.EPERM) for call in _DENIED.values())
    return _program(
        refused
        + _refusal(_of_machine(_CLONE3), errno.ENOSYS)  # its flags cannot be seen; clone(2) is used instead
        + _step(_EQUAL, _of_machine(_CLONE), no=4)
        + (_step(_LOAD, _ARGUMENTS[0]) + _step(_ANY_BIT, _NEW_NAMESPACES, no=1))
        + (_step(_RETURN, _ERROR | errno.EPERM) + _step(_RETURN, _ALLOW))
        + _step(_EQUAL, _of_machine(_SOCKET), no=7)
        + (_step(_LOAD, _ARGUMENTS[0]) + _step(_EQUAL, _UNIX, no=3))
        + (_step(_LOAD, _ARGUMENTS[1]) + _step(_AND, 0xF) + _step(_EQUAL, _STREAM, yes=1))
        + (_step(_RETURN, _ERROR | errno.EAFNOSUPPORT) + _step(_RETURN, _ALLOW))
    )


def _program(steps: bytes) -> bytes:
    """A filter that allows what `steps` do not refuse, and ends programs of another architecture."""
    return (
        _step(_LOAD, _ARCHITECTURE)
        + (_step(_EQUAL, _MACHINES[platform.machine()][1], yes=1) + _step(_RETURN, _KILL))
        + (_step(_LOAD, _NUMBER) + _step(_AT_LEAST, _OTHER_ABI, no=1) + _step(_RETURN, _ERROR | errno.ENOSYS))
        + (steps + _step(_RETURN, _ALLOW))
    )


def _refusal(number: int, error: int) -> bytes:
    return _step(_EQUAL, number, no=1) + _step(_RETURN, _ERROR | error)


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    """One instruction; `yes` and `no` are how many it skips."""
    return struct.pack("HBBI", code, yes, no, value)


def _of_machine(numbers: tuple[int, int]) -> int:
    return numbers[_MACHINES[platform.machine()][0]]


def _prctl(*arguments: int | bytes) -> None:
    if _libc.prctl(*arguments, *[0] * (5 - len(arguments))):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _landlock(*arguments: int | bytes | None) -> int:
    """A system call of Landlock. Raises OSError."""
    result: int = _libc.syscall(*arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"no Landlock: {os.strerror(ctypes.get_errno())}")
    return result


if __name__ == "__main__":
    own, *others = json.loads(sys.argv[1])
    main(own, others, sys.argv[2:])
