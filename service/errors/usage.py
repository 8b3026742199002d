"""What a caller asked for in a wrong way, or may not do."""

from service.errors.base import KexieError


class UsageError(KexieError, code="usage", status=400, exit_code=2, zh="用法错误", en="Usage error"):
    """The call itself is wrong: an unknown option, format or combination."""


class UnknownForm(UsageError, status=404, zh="没有这个表单", en="Unknown form"):
    """No form has that name."""


class UnknownYear(UsageError, status=404, zh="没有这个年度的版次", en="Unknown year"):
    """The form exists, but not in that plan year."""


class UnknownRecord(UsageError, status=404, zh="没有这条记录", en="Unknown record"):
    """The archive has no record of that key, or the record has no such part."""


class RecordDestroyed(UnknownRecord, status=410, zh="档案已销毁", en="The record was destroyed"):
    """The archive had the record, until a destruction list was carried out."""


class UnknownBatch(UsageError, status=404, zh="没有这个批次", en="Unknown batch"):
    """No batch has that name, or the batch has no such part."""


class DestructionRefused(UsageError, status=409, zh="不能销毁", en="Not to be destroyed"):
    """Records that are held, not due, changed since, or unlike manifest or log; or proposed by the caller."""


class UnknownDraft(UsageError, status=404, zh="没有这份草稿", en="Unknown draft"):
    """The server has no draft of that id and secret, or keeps none."""


class DraftExpired(UsageError, status=410, zh="草稿已到期", en="The draft has expired"):
    """The link of a draft has expired, and its content was deleted."""


class DraftChanged(UsageError, status=412, zh="草稿已有别人存过", en="The draft was saved by another"):
    """Another person has saved the draft since the caller read it."""


class DraftsFull(UsageError, status=429, zh="服务器上的草稿已满", en="Too many drafts"):
    """The tenant has as many drafts on the server as it may have."""

    retry_after = 3600


class UnknownKey(UsageError, status=404, zh="没有这个密钥", en="Unknown key"):
    """No key has that public id."""


class Unauthorized(UsageError, status=401, zh="需要有效的密钥", en="A valid key is needed"):
    """No key or token was sent where one is required, or the one sent is invalid.

    `sent` is True in the second case; `challenge` is the value of WWW-Authenticate (RFC 6750, 3).
    """

    def __init__(self, zh: str, en: str, *, sent: bool = False) -> None:
        super().__init__(zh, en)
        self.sent = sent
        self.challenge = 'Bearer error="invalid_token"' if sent else "Bearer"


class Forbidden(UsageError, status=403, zh="没有权限", en="Forbidden"):
    """The caller is known, but lacks the permission.

    `challenge` is the value of WWW-Authenticate (RFC 6750, 3).
    """

    def __init__(self, zh: str, en: str, *, scopes: tuple[str, ...] = ()) -> None:
        super().__init__(zh, en)
        scope = f', scope="{" ".join(scopes)}"' if scopes else ""
        self.challenge = f'Bearer error="insufficient_scope"{scope}'


class WrongHost(Forbidden, zh="不是本服务的主机名", en="Not a host name of this service"):
    """The request names a host (Host) that is not the service's own, which has no keys."""

    def __init__(self, host: str) -> None:
        shown = host[:100]
        super().__init__(
            f"还没有密钥，服务只认本机的主机名，不认“{shown}”。请管理员生成密钥（kexie-forms keys add），"
            "或在 KEXIE_HOST_NAMES 中列出这个主机名。",
            f"Without keys the service answers only for its own host names, which '{shown}' is not. Ask the "
            "administrator to make a key (kexie-forms keys add), or to list the name in KEXIE_HOST_NAMES.",
        )


class RateExceeded(UsageError, status=429, zh="请求太多", en="Too many requests"):
    """The caller makes more requests than KEXIE_RATE allows.

    `retry_after` is the wait in seconds.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            f"请求过于频繁，请在 {retry_after} 秒后重试。",
            f"Too many requests: try again in {retry_after} seconds.",
        )
        self.retry_after = retry_after


class NewerVersion(UsageError, status=412, zh="已有更新的版本", en="There is a newer version"):
    """Under its id another version was archived than the one that was changed; `newest` is its key."""

    def __init__(self, id: str, version: int, newest: str) -> None:
        super().__init__(
            f"编号“{id}”已有第 {version} 版，不是所改的那一版，没有归档。请先核对第 {version} 版；"
            f"仍要归档，则在 after 中写它的键：{newest}。",
            f"'{id}' has a version {version}, not the one that was changed, so nothing was archived. "
            f"Compare version {version} first; to archive all the same, name its key in after: {newest}.",
        )
        self.newest = newest


class IdempotencyKeyReused(
    UsageError,
    status=422,
    zh="Idempotency-Key 已用于别的请求",
    en="Idempotency-Key was used for another request",
):
    """The Idempotency-Key was used before, with another request."""

    def __init__(self) -> None:
        super().__init__(
            "这个 Idempotency-Key 已用于内容不同的请求。请为新的请求换一个。",
            "This Idempotency-Key was used for another request: use a new one for a new request.",
        )


class IdempotencyConflict(
    UsageError, status=409, zh="同一请求正在处理", en="The same request is in progress"
):
    """The request with this Idempotency-Key is still in progress."""

    def __init__(self) -> None:
        super().__init__(
            "带有这个 Idempotency-Key 的请求仍在处理，请稍后原样重试。",
            "The request with this Idempotency-Key is still in progress: send it again later, unchanged.",
        )
