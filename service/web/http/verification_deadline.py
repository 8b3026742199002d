"""The deadline of a request that verifies the whole archive, its whole audit log, or a package."""

import time
from collections.abc import Callable

from service.errors import ArchiveUnavailable, Bilingual
from service.web.http.auth import settings

_ARCHIVE = Bilingual("档案", "archive"), "kexie-forms verify"
PACKAGE = Bilingual("包", "package"), "kexie-forms verify --package"


def in_time(verified: tuple[Bilingual, str] = _ARCHIVE) -> Callable[[object], None]:
    """What a verification calls as it goes on; it raises ArchiveUnavailable past KEXIE_DEADLINE from now.

    `verified` is what is verified, and the command that does so without a deadline.
    """
    what, command = verified
    seconds = settings().deadline
    until = time.monotonic() + seconds

    def check(_: object) -> None:
        if time.monotonic() > until:
            raise ArchiveUnavailable(
                f"{what.zh}较大，{seconds:g} 秒内没有核对完。请管理员在服务器上核对（{command}）。",
                f"The {what.en} was not verified within {seconds:g} seconds: have the administrator verify "
                f"it on the server ({command}).",
            )

    return check
