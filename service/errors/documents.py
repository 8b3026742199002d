"""Why a document could not be made."""

from service.errors.base import FieldError, KexieError


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


class VerificationTimeout(
    ConversionFault, status=503, zh="核验签名超时", en="Verification of signatures timed out"
):
    """Signatures were not verified within the deadline, or no turn came up; nothing is known of the file."""


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
