"""The limit of open files of a web process (RLIMIT_NOFILE): raised as far as needed and allowed."""

import resource

from service.config import Settings
from service.errors import Bilingual, UsageError

_OF_PROCESS = 64  # log, listeners, database, templates
_OF_THREAD = 4  # connection to the pool, temporary files
_CONNECTIONS = 1000  # of a web process


def connections(settings: Settings) -> int:
    """The number of connections that a web process may hold. Raises UsageError for too few open files."""
    if shortage := too_few(settings):
        raise UsageError(shortage.zh, shortage.en)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _needed(settings) + _CONNECTIONS
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return min(_CONNECTIONS, allowed - _needed(settings) + settings.threads)


def too_few(settings: Settings) -> Bilingual | None:
    """Why the limit does not do for the threads of a web process; None if it does."""
    hard, needed = resource.getrlimit(resource.RLIMIT_NOFILE)[1], _needed(settings)
    if hard == resource.RLIM_INFINITY or hard >= needed:
        return None
    return Bilingual(
        f"每个进程最多只能打开 {hard} 个文件，KEXIE_THREADS={settings.threads} 需要 {needed} 个。请提高上限"
        f"（ulimit -n {needed}；systemd：LimitNOFILE=；docker：--ulimit nofile=），或减小 KEXIE_THREADS。",
        f"A process may open only {hard} files, but KEXIE_THREADS={settings.threads} needs {needed}. Raise "
        f"the limit (ulimit -n {needed}; systemd: LimitNOFILE=; docker: --ulimit nofile=), or lower "
        "KEXIE_THREADS.",
    )


def _needed(settings: Settings) -> int:
    return _OF_PROCESS + (_OF_THREAD + 1) * settings.threads
