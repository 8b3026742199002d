"""Reads a posted form whole, or refuses it: Werkzeug takes one that it cannot read for an empty one."""

from typing import IO

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser

from service.errors import UsageError

FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class FormParser(FormDataParser):
    """Parses forms (RFC 7578; URL-encoded in UTF-8); raises UsageError for one that is broken."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        """The rest of the stream, the fields and the files of a form; of another body nothing is read."""
        self.silent = False
        try:
            rest, fields, files = super().parse(stream, mimetype, content_length, options)
        except ValueError as error:
            raise unreadable() from error
        if None in fields or None in files:  # a part without a name
            raise unreadable()
        return rest, fields, files


def unreadable() -> UsageError:
    """The error for a body that is no form, or a broken one."""
    return UsageError(
        "提交的内容无法作为表单读取，没有处理。请在页面上重新提交；由程序提交的，请用 multipart/form-data"
        "（各部分有名称，分隔符、CRLF 换行、结尾齐全）或 UTF-8 的 application/x-www-form-urlencoded。",
        "The body cannot be read as a form, so nothing was done. Submit it again on the page; a program "
        "sends multipart/form-data (named parts, its boundary, CRLF line ends, a closing boundary), or "
        "application/x-www-form-urlencoded in UTF-8.",
    )
