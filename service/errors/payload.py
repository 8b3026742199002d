"""What is wrong in the data, documents and files that are sent in."""

from service.errors.base import FieldError, KexieError


class PayloadError(KexieError, status=400, exit_code=3, zh="报文有误", en="Payload error"):
    """The payload or an uploaded file cannot be accepted."""


class NotJson(PayloadError, zh="报文不是有效的 JSON", en="Not valid JSON"):
    """The payload is not JSON in UTF-8 (RFC 8259)."""


class InvalidPayload(PayloadError, status=422, zh="申报数据有误", en="Invalid data"):
    """The payload is JSON, but its data are invalid; the problem lists every error."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        rest = sum(error.code == "more_faults" for error in errors)  # counts those not listed
        zh, en = ("有超过", "More than ") if rest else ("有", "")
        super().__init__(
            f"共{zh} {len(errors) - rest} 处错误，请逐条改正后重新提交。",
            f"{en}{len(errors) - rest} error(s). Correct each and resubmit.",
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


class OtherRecord(PayloadError, status=409, zh="是另一条记录的文件", en="A file of another record"):
    """A sealed copy belongs to another record, or to another version of the same."""


class NotSealed(PayloadError, status=422, zh="文件没有盖章或签名", en="Neither sealed nor signed"):
    """A sealed copy is the archived PDF itself, to which nothing was added."""
