"""The errors of kexie-forms, each with a stable code, an exit code and an HTTP status.

KexieError                    1  500  internal_error
├── UsageError                2  400  usage
│   ├── UnknownForm           2  404  unknown_form
│   ├── UnknownYear           2  404  unknown_year
│   ├── UnknownRecord         2  404  unknown_record
│   ├── UnknownBatch          2  404  unknown_batch
│   ├── UnknownKey            2  404  unknown_key
│   ├── Unauthorized          2  401  unauthorized
│   ├── Forbidden             2  403  forbidden
│   │   └── WrongHost         2  403  wrong_host    without keys
│   ├── RateExceeded          2  429  rate_exceeded
│   ├── IdempotencyKeyReused  2  422  idempotency_key_reused
│   └── IdempotencyConflict   2  409  idempotency_conflict
├── PayloadError              3
│   ├── NotJson               3  400  not_json
│   ├── InvalidPayload        3  422  invalid_payload    carries every FieldError at once
│   │   └── IncompletePayload 3  422  missing    a complete application was asked for
│   ├── UnreadableDocument    3  422  unreadable_document
│   ├── UnrecognisedForm      3  422  unrecognised_form
│   └── UnreadableInput       3  422  unreadable_input
├── TemplateFault             4  500  template_fault
├── ConversionFault           5  500  conversion_fault
│   ├── CharacterNotDrawable  5  422  character_not_drawable    carries every FieldError at once
│   │   └── FormNotDrawable   5  503  character_not_drawable    the form's own characters
│   ├── ConversionTimeout     5  503  conversion_timeout
│   ├── ConverterMissing      5  503  converter_missing
│   ├── DocumentRefused       5  500  document_refused
│   ├── QueueFull             5  429  queue_full
│   ├── SandboxMissing        5  503  sandbox_missing
│   └── TempFolderFault       5  503  temp_folder_fault
├── ArchiveFault              6  500  archive_fault
│   ├── ObjectMissing         6  500  archive_fault
│   └── ArchiveUnavailable    6  503  archive_unavailable
│       └── ArchiveUnwritable 6  503  archive_unavailable    the disk is full or read-only
├── AccessFault               1  503  access_unavailable    tokens cannot be checked or signed
└── ProofFault                1  500  proof_failed    carries every FieldError at once

Errors are distinguished by class. Their texts are for people: Chinese first, English beside it.
"""

import re
from dataclasses import dataclass
from typing import ClassVar

from schemas.bilingual import Bilingual as Bilingual


@dataclass(frozen=True)
class FieldError:
    """One error in a payload: its place (JSON Pointer, RFC 6901; official label), cause and remedy.

    `at` is the pointer of the field to correct, if it differs: the longest of texts over a common limit.
    """

    pointer: str
    label: str
    code: str
    message: Bilingual
    at: str = ""

    @property
    def shown_at(self) -> str:
        """The pointer of the field at which people see the error."""
        return self.at or self.pointer

    def as_dict(self, lang: str = "zh") -> dict[str, str]:
        """The error as the API prints it, its message in `lang`."""
        return {
            "pointer": self.pointer,
            "label": self.label,
            "code": self.code,
            "message": self.message.of(lang),
        }


@dataclass(frozen=True)
class Remarks:
    """What is unlikely in a payload, and what it lacks of a complete application; neither is an error."""

    advice: tuple[FieldError, ...] = ()
    missing: tuple[FieldError, ...] = ()

    def as_dict(self, lang: str = "zh") -> dict[str, list[dict[str, str]]]:
        """Both lists as the API prints them, their messages in `lang`."""
        lists = {"advice": self.advice, "missing": self.missing}
        return {name: [each.as_dict(lang) for each in found] for name, found in lists.items()}


class KexieError(Exception):
    """Base of every expected error: `title` names the kind, `text` is the cause and the remedy.

    `errors` lists each error of the data, if any. A subclass passes in its class statement what differs from
    its base: `zh` and `en` are its title; with a title it gets a code, by default from its name.
    """

    code: ClassVar[str] = "internal_error"
    exit_code: ClassVar[int] = 1
    status: ClassVar[int] = 500
    title: ClassVar[Bilingual] = Bilingual("服务内部错误", "Internal error")
    retry_after: int = 5  # seconds to wait before retrying, for statuses that allow it
    remarks: Remarks | None = None  # on a payload that was refused

    def __init_subclass__(
        cls, code: str = "", status: int = 0, exit_code: int = 0, zh: str = "", en: str = ""
    ) -> None:
        if zh:
            cls.title = Bilingual(zh, en)
            cls.code = code or re.sub("(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()
        cls.status, cls.exit_code = status or cls.status, exit_code or cls.exit_code

    def __init__(self, zh: str, en: str, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(zh)
        self.text = Bilingual(zh, en)
        self.errors = errors


class UsageError(KexieError, code="usage", status=400, exit_code=2, zh="用法错误", en="Usage error"):
    """The call itself is wrong: an unknown option, format or combination."""


class UnknownForm(UsageError, status=404, zh="没有这个表单", en="Unknown form"):
    """No form has that name."""


class UnknownYear(UsageError, status=404, zh="没有这个年度的版次", en="Unknown year"):
    """The form exists, but not in that plan year."""


class UnknownRecord(UsageError, status=404, zh="没有这条记录", en="Unknown record"):
    """The archive has no record of that key, or the record has no such part."""


class UnknownBatch(UsageError, status=404, zh="没有这个批次", en="Unknown batch"):
    """No batch has that name, or the batch has no such part."""


class UnknownKey(UsageError, status=404, zh="没有这个密钥", en="Unknown key"):
    """No key has that public id."""


class Unauthorized(UsageError, status=401, zh="需要有效的密钥", en="A valid key is needed"):
    """No key or token was sent where one is required, or the one sent is invalid.

    `sent` tells the two apart; `challenge` is the value of WWW-Authenticate (RFC 6750, 3).
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


class PayloadError(KexieError, status=400, exit_code=3, zh="报文有误", en="Payload error"):
    """The payload or an uploaded file cannot be accepted."""


class NotJson(PayloadError, zh="报文不是有效的 JSON", en="Not valid JSON"):
    """The payload is not JSON in UTF-8 (RFC 8259)."""


class InvalidPayload(PayloadError, status=422, zh="申报数据有误", en="Invalid data"):
    """The payload is JSON, but its data are invalid; the problem lists every error."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(
            f"共有 {len(errors)} 处错误，请逐条改正后重新提交。",
            f"{len(errors)} error(s). Correct each and resubmit.",
            errors,
        )


class IncompletePayload(InvalidPayload, code="missing", zh="申报材料不完整", en="Incomplete application"):
    """The payload is valid, but not complete, as the caller demanded; the problem lists what is missing."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        KexieError.__init__(
            self,
            f"完整的申报材料还缺 {len(errors)} 项，请填写后重新提交，或去掉 complete。",
            f"{len(errors)} field(s) of a complete application are blank. Fill them in, or omit `complete`.",
            errors,
        )


class UnreadableDocument(PayloadError, status=422, zh="无法读取文书", en="The document cannot be read"):
    """An uploaded file is not a Word document, or is corrupt."""


class UnrecognisedForm(PayloadError, status=422, zh="认不出是哪份表单", en="Unrecognised form"):
    """An uploaded document is none of the official forms, or does not show its year."""


class UnreadableInput(PayloadError, status=422, zh="无法读取批次文件", en="The batch's file cannot be read"):
    """A batch's file cannot be read as a whole: corrupt, too large, or without headings."""


class TemplateFault(KexieError, exit_code=4, zh="模板故障", en="Template fault"):
    """A template cannot be read, compiled or rendered."""


class ConversionFault(KexieError, exit_code=5, zh="转换 PDF 失败", en="Conversion to PDF failed"):
    """LibreOffice produced no usable PDF."""


class CharacterNotDrawable(
    ConversionFault, status=422, zh="有字符无法印出", en="Characters that no font draws"
):
    """No installed font has a glyph for some characters; the problem lists each with its field."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(
            f"共有 {len(errors)} 处字符没有字体可以印出，未生成 PDF。请逐条处理，或改取 .docx。",
            f"No font draws {len(errors)} character(s), so no PDF was made. Correct each, or take the .docx.",
            errors,
        )


class FormNotDrawable(CharacterNotDrawable, status=503):
    """No installed font has a glyph for some characters of the form itself, with any payload."""


class ConversionTimeout(ConversionFault, status=503, zh="转换 PDF 超时", en="Conversion to PDF timed out"):
    """Conversion exceeded its deadline, or LibreOffice or its pool did not respond."""


class ConverterMissing(
    ConversionFault,
    status=503,
    zh="没有可用的 LibreOffice 或字体",
    en="LibreOffice or fonts are not available",
):
    """LibreOffice or fonts are not installed, or cannot be used."""


class SandboxMissing(
    ConversionFault, status=503, zh="没有 LibreOffice 的沙箱", en="No sandbox for LibreOffice"
):
    """KEXIE_SANDBOX=required, and none works on this machine."""


class DocumentRefused(
    ConversionFault, zh="文书使 LibreOffice 反复失败", en="The document breaks LibreOffice"
):
    """The document crashed or hung LibreOffice twice; it is rejected for a while."""


class QueueFull(ConversionFault, status=429, zh="等待转换的文书太多", en="Too many documents are waiting"):
    """The conversion queue is full."""


class TempFolderFault(
    ConversionFault, status=503, zh="无法使用临时目录", en="The temporary folder cannot be used"
):
    """The folder for temporary files does not exist, cannot be written, or is full."""


class ArchiveFault(KexieError, exit_code=6, zh="档案故障", en="Archive fault"):
    """The archive's data differ from what was written, or cannot be used."""


class ObjectMissing(ArchiveFault):
    """A file of the archive is missing."""


class ArchiveUnavailable(ArchiveFault, status=503, zh="档案暂不可用", en="The archive is not available"):
    """The archive's database or store does not answer, is full, or is read-only; retry later."""


class ArchiveUnwritable(ArchiveUnavailable):
    """The disk under the archive is full or read-only: no item is at fault."""


class AccessFault(
    KexieError,
    code="access_unavailable",
    status=503,
    zh="暂不能核对或签发令牌",
    en="Tokens cannot be checked or signed",
):
    """Tokens cannot be checked or signed: the issuer's keys cannot be fetched, or KEXIE_SECRET is not set."""


class ProofFault(
    KexieError, code="proof_failed", zh="文书未通过读回校验", en="The document failed its round-trip check"
):
    """A .docx, read back, differs from its data.

    Exit code 1: the check cannot tell the cause.
    """

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__(
            f"文书读回后有 {len(errors)} 处与申报数据不符，未予交付。这是服务的故障，请告知管理员。",
            f"Read back, it differs from the data in {len(errors)} place(s). Notify the administrator.",
            errors,
        )
