"""The call itself is wrong, or this caller may not make it, or not now."""

from __future__ import annotations

from service.errors.base import Bilingual, KexieError


class UsageError(KexieError):
    """The call itself is wrong: an unknown option, format or combination."""

    code = "usage"
    exit_code = 2
    status = 400
    title = Bilingual("用法错误", "Usage error")


class UnknownForm(UsageError):
    """No form of that name."""

    code = "unknown_form"
    status = 404
    title = Bilingual("没有这个表单", "Unknown form")


class UnknownYear(UsageError):
    """The form exists, but not in that plan year."""

    code = "unknown_year"
    status = 404
    title = Bilingual("没有这个年度的版次", "Unknown year")


class UnknownRecord(UsageError):
    """The archive has no record of that key, or the record has no such part."""

    code = "unknown_record"
    status = 404
    title = Bilingual("没有这条记录", "Unknown record")


class UnknownBatch(UsageError):
    """There is no batch of that name, or it has no such part."""

    code = "unknown_batch"
    status = 404
    title = Bilingual("没有这个批次", "Unknown batch")


class UnknownKey(UsageError):
    """No key has that public id."""

    code = "unknown_key"
    status = 404
    title = Bilingual("没有这个密钥", "Unknown key")


class Unauthorized(UsageError):
    """No key or token where one is needed, or one `sent` that does not count; `challenge` as RFC 6750, 3."""

    code = "unauthorized"
    status = 401
    title = Bilingual("需要有效的密钥", "A valid key is needed")

    def __init__(self, zh: str, en: str, *, sent: bool = False) -> None:
        super().__init__(zh, en)
        self.sent = sent
        self.challenge = 'Bearer error="invalid_token"' if sent else "Bearer"


class Forbidden(UsageError):
    """The caller is known, but may not do this; `challenge` as RFC 6750, 3."""

    code = "forbidden"
    status = 403
    title = Bilingual("没有权限", "Forbidden")

    def __init__(self, zh: str, en: str, *, scopes: tuple[str, ...] = ()) -> None:
        super().__init__(zh, en)
        scope = f', scope="{" ".join(scopes)}"' if scopes else ""
        self.challenge = f'Bearer error="insufficient_scope"{scope}'


class RateExceeded(UsageError):
    """The caller makes more requests than KEXIE_RATE allows; `retry_after` tells when the next may come."""

    code = "rate_exceeded"
    status = 429
    title = Bilingual("请求太多", "Too many requests")

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            f"请求过于频繁，请在 {retry_after} 秒后重试。",
            f"Too many requests: try again in {retry_after} seconds.",
        )
        self.retry_after = retry_after


class IdempotencyKeyReused(UsageError):
    """The Idempotency-Key came before, with another request."""

    code = "idempotency_key_reused"
    status = 422
    title = Bilingual("Idempotency-Key 已用于别的请求", "Idempotency-Key was used for another request")

    def __init__(self) -> None:
        super().__init__(
            "这个 Idempotency-Key 已用于内容不同的请求。请为新的请求换一个。",
            "This Idempotency-Key came with another request: take a new one for a new request.",
        )


class IdempotencyConflict(UsageError):
    """The request with this Idempotency-Key is still at work."""

    code = "idempotency_conflict"
    status = 409
    title = Bilingual("同一请求正在处理", "The same request is at work")

    def __init__(self) -> None:
        super().__init__(
            "带有这个 Idempotency-Key 的请求仍在处理，请稍后原样重试。",
            "The request with this Idempotency-Key is still at work: send it again later, unchanged.",
        )
