"""可用性: that documents open, in formats that last."""

from functools import partial

from service.errors import Bilingual
from service.four_properties.check import EXPLAIN, Check, result
from service.four_properties.content import Content

_Check = partial(Check, "usability")


def usability(content: Content) -> list[Check]:
    """The checks of usability."""
    pdf, docx, payload = (len(content.broken(part)) for part in ("pdf", "docx", "payload"))
    return [
        _Check(
            "pdf_opens",
            Bilingual("版式文件（PDF）可以打开", "PDFs open"),
            content.count("pdf"),
            result(pdf),
            Bilingual(
                f"逐份打开，共 {content.pages} 页；打不开 {pdf} 份",
                f"each opened, {content.pages} pages in all; {pdf} do not open",
            ),
        ),
        _Check(
            "pdf_a",
            Bilingual("版式文件为长期保存格式（PDF/A）", "PDFs are PDF/A"),
            content.count("pdf"),
            result(len(content.unclaimed), EXPLAIN),
            Bilingual(
                f"查其 PDF/A 标识（ISO 19005），没有的 {len(content.unclaimed)} 份",
                f"by their claim (ISO 19005): {len(content.unclaimed)} without",
            ),
        ),
        _Check(
            "docx_opens",
            Bilingual("可编辑的文书可以读出", "Word documents are readable"),
            content.count("docx"),
            result(docx),
            Bilingual(f"逐份读出，读不出 {docx} 份", f"each read, {docx} are not readable"),
        ),
        _Check(
            "payload_readable",
            Bilingual("申报数据可以读出", "Data are readable"),
            content.count("payload"),
            result(payload),
            Bilingual(f"逐份读出，读不出 {payload} 份", f"each read, {payload} are not readable"),
        ),
        _formats(content),
    ]


def _formats(content: Content) -> Check:
    listed = "，".join(f"{name} {number} 份" for name, number in sorted(content.formats.items()))
    plain = ", ".join(f"{name} {number}" for name, number in sorted(content.formats.items()))
    return _Check(
        "formats",
        Bilingual("文件格式适宜长期保存", "Formats last"),
        sum(content.formats.values()),
        result(len(content.passing), EXPLAIN),
        Bilingual(
            f"{listed or '没有文件'}；原件不宜长期保存的 {len(content.passing)} 份",
            f"{plain or 'no files'}; {len(content.passing)} originals in formats that do not last",
        ),
    )
