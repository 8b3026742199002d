"""The deadline of a request that verifies the whole archive, or its whole audit log."""

import time
from collections.abc import Callable

from service.errors import ArchiveUnavailable
from service.web.http.auth import settings


def in_time() -> Callable[[object], None]:
    """What a verification calls as it goes on; it raises ArchiveUnavailable past KEXIE_DEADLINE from now."""
    seconds = settings().deadline
    until = time.monotonic() + seconds

    def check(_: object) -> None:
        if time.monotonic() > until:
            raise ArchiveUnavailable(
                f"档案较大，{seconds:g} 秒内没有核对完。请管理员在服务器上核对（kexie-forms verify）。",
                f"The archive was not verified within {seconds:g} seconds: have the administrator verify it "
                "on the server (kexie-forms verify).",
            )

    return check
