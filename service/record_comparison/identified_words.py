"""What a file was identified as, in words."""

from collections.abc import Iterator
from typing import Any

from service.archive import display_names
from service.errors import Bilingual
from service.record_comparison import identified_signatures
from service.record_comparison.identified import (
    CONTINUED,
    DESTROYED,
    OTHER_DATA,
    SAME_DATA,
    SAME_FILE,
    UNKNOWN,
    Identified,
)
from service.submission import time_in_china

_HEADINGS = {
    SAME_FILE: Bilingual("是归档的那一份", "This is the archived file"),
    CONTINUED: Bilingual("是归档的 PDF，其后加了有效的电子签名", "The archived PDF, with a valid signature"),
    SAME_DATA: Bilingual("不是归档的那一份，但内容相同", "Not the archived file, but with the same content"),
    OTHER_DATA: Bilingual("不是归档的那一份，内容也不同", "Not the archived file; the content differs"),
    DESTROYED: Bilingual("是已销毁档案的文件", "A file of a destroyed record"),
    UNKNOWN: Bilingual("认不出是哪条档案的", "Of no record that is known"),
}
_SENTENCES = {
    SAME_FILE: Bilingual(
        "与{record}的“{part}”完全相同，一个字节也不差。", "The same as the {part} of {record}, to the byte."
    ),
    CONTINUED: Bilingual(
        "开头与{record}的 PDF 文书完全相同，后面的内容是签名、盖章时或此后允许加上的，电子签名有效。",
        "It begins with the PDF document of {record} to the byte; what follows was added by valid "
        "signatures, or later as they allow.",
    ),
    SAME_DATA: Bilingual(
        "填写的内容与{record}相同，但文件另行生成或保存过，版面可能不同。",
        "What is filled in is that of {record}, but the file was made or saved elsewhere, and its pages may "
        "differ in layout.",
    ),
    OTHER_DATA: Bilingual(
        "名称相同的档案里，与{record}最接近，有 {count} 处不同。",
        "Of the records of the same submitter, {record} is closest, with differences: {count}.",
    ),
    DESTROYED: Bilingual(
        "与{record}的“{part}”完全相同，一个字节也不差。"
        "这条档案已于 {when}（北京时间）按销毁清册 {list} 销毁。",
        "The same as the {part} of {record}, to the byte. That record was destroyed at {when} (China) by "
        "destruction list {list}.",
    ),
    UNKNOWN: Bilingual("档案里没有这个文件。", "The archive does not have this file."),
}
#: Of the data attached to a PDF, whose pages are not compared.
_ATTACHED_HEADINGS = {
    SAME_DATA: Bilingual(
        "不是归档的那一份；附带的数据相同，页面没有比对",
        "Not the archived file; the attached data are the same, the pages were not compared",
    ),
    OTHER_DATA: Bilingual(
        "不是归档的那一份，附带的数据也不同", "Not the archived file; the attached data differ"
    ),
}
_UNPROVED = Bilingual("归档的 PDF 之后加了内容", "Content was added after the archived PDF")
_UNPROVED_SENTENCE = Bilingual(
    "开头与{record}的 PDF 文书完全相同，后加的内容没有经核验有效的电子签名：页面上看到的可能已被改动，"
    "请与归档的 PDF 逐页核对。",
    "It begins with the PDF document of {record} to the byte; what was added has no signature that was "
    "verified as valid: what the pages show may have been changed. Compare it with the archived PDF page by "
    "page.",
)
_DESTROYED_CONTINUED = (
    Bilingual(
        "是已销毁档案的 PDF，其后加了内容，没有核验",
        "The PDF of a destroyed record; what was added was not examined",
    ),
    Bilingual(
        "开头与{record}的“{part}”完全相同，后面加的内容没有核验。"
        "这条档案已于 {when}（北京时间）按销毁清册 {list} 销毁。",
        "It begins with the {part} of {record} to the byte; what was added was not examined. That record was "
        "destroyed at {when} (China) by destruction list {list}.",
    ),
)
_DESTROYED_DATA = (
    Bilingual(
        "不是归档的那一份，但内容与已销毁的档案相同",
        "Not the archived file, but with the content of a destroyed record",
    ),
    Bilingual(
        "数据与{record}的相同（校验值一致），但文件另行生成或保存过。"
        "这条档案已于 {when}（北京时间）按销毁清册 {list} 销毁。",
        "Its data are those of {record}, by their hash, but the file was made or saved elsewhere. That "
        "record was destroyed at {when} (China) by destruction list {list}.",
    ),
)
_UNCOMPARED = Bilingual(
    "已销毁的档案（{uncompared} 条）不留内容，无法比对，这个文件也可能是其中一条的，见销毁清册。",
    "The content of destroyed records ({uncompared}) is not kept to compare: it may be of one of them, see "
    "the destruction lists.",
)
_UNCOMPARED_OF_FORM = Bilingual(
    "同一表单已销毁的档案（{uncompared} 条）不留内容，无法比对，这个文件也可能是其中一条的，见销毁清册。",
    "The content of destroyed records of the same form ({uncompared}) is not kept to compare: it may be of "
    "one of them, see the destruction lists.",
)
_UNFINISHED = (
    Bilingual(
        "开头与归档的 PDF 相同；签名未核验完，请逐页核对",
        "Begins with the archived PDF; its signatures were not verified in time: compare the pages",
    ),
    Bilingual(
        "开头与{record}的 PDF 文书完全相同；后面的签名没有核验完，请与归档的 PDF 逐页核对。",
        "It begins with the PDF document of {record} to the byte; the signatures behind were not verified in "
        "time: compare it with the archived PDF page by page.",
    ),
)
#: Where the archived PDF is continued, and signed afterwards: by the verdict.
_BEFORE = {
    "changed_before": (
        Bilingual("签署前文件内容已被改动，请逐页核对", "Changed before it was signed: compare the pages"),
        Bilingual(
            "开头与{record}的 PDF 文书完全相同，但签署之前已加了签名以外的内容：签署的页面可能与"
            "归档的不同，请与归档的 PDF 逐页核对。",
            "It begins with the PDF document of {record} to the byte, but other content than signatures was "
            "added before it was signed: the pages that were signed may differ. Compare it with the archived "
            "PDF page by page.",
        ),
    ),
    "undecided_before": (
        Bilingual(
            "签署前有无改动无法判断，请逐页核对",
            "Unknown whether it was changed before it was signed: compare the pages",
        ),
        Bilingual(
            "开头与{record}的 PDF 文书完全相同，但签署之前加了什么，无法判断：请与归档的 PDF 逐页核对。",
            "It begins with the PDF document of {record} to the byte, but it is unknown what was added "
            "before it was signed: compare it with the archived PDF page by page.",
        ),
    ),
}
_SEALED_COPY = Bilingual(
    "与存入的盖章件 {number} 相同（不是归档的 PDF 本身）",
    "The same as sealed copy {number} (not the archived PDF itself)",
)
_STORED_VERDICT = Bilingual(
    "存入时核验的结果：{verdict}。", "What was found of it when it was added: {verdict}."
)
_RECORD = Bilingual("档案“{id}”第 {version} 版", "'{id}', version {version}")
_ATTACHED = Bilingual(
    "比对的是 PDF 附带的数据，页面没有比对：页面上看到的可能已被改动。",
    "Compared were the data attached to the PDF, not its pages, which may have been changed.",
)
_LIKELY = Bilingual(
    "所列档案有相同的线索，但不能证明就是它的，请人工核对。",
    "The records listed have something in common with it, which proves nothing: compare it yourself.",
)
_NEWER = Bilingual("此后又有新版，最新的是第 {newest} 版。", "There is a newer version since: {newest}.")


def heading(found: Identified) -> Bilingual:
    """The answer in few words, with what was found of signatures unless they are in them."""
    answer, of = _heading(found), identified_signatures.in_heading(found)
    return Bilingual(f"{answer.zh}；{of.zh}", f"{answer.en}. {of.en}") if of.zh else answer


def _heading(found: Identified) -> Bilingual:
    if copy := found.sealed_copy:
        return Bilingual(*(_SEALED_COPY.of(lang).format(number=copy.number) for lang in ("zh", "en")))
    if found.attached and found.result in _ATTACHED_HEADINGS:
        return _ATTACHED_HEADINGS[found.result]
    return _answer(found)[0]


def explanation(found: Identified) -> Bilingual:
    """The answer in whole sentences, and why signatures were not verified."""
    texts = [*sentences(found), found.unverified]
    return Bilingual("".join(each.zh for each in texts), " ".join(each.en for each in texts).strip())


def sentences(found: Identified) -> list[Bilingual]:
    """The answer in whole sentences: which record, what of it, whether it is the newest version."""
    zh, en = _values(found, "zh"), _values(found, "en")
    texts = [Bilingual(each.zh.format(**zh), each.en.format(**en)) for each in _sentences(found)]
    return [each for each in (*texts, found.reason, *_afterwards(found)) if each.zh]


def _values(found: Identified, lang: str) -> dict[str, Any]:
    """What the sentences name."""
    values = {"part": part(found).of(lang), "count": len(found.differences), "newest": found.newest}
    if found.finding:
        values["verdict"] = found.finding.name.of(lang)
    if of := found.record or found.destroyed:
        values["record"] = _RECORD.of(lang).format(id=of.id, version=of.version)
    if gone := found.destroyed:
        values |= {"when": f"{time_in_china(gone.ended):%Y-%m-%d %H:%M}", "list": gone.list.id}
    return values


def _sentences(found: Identified) -> Iterator[Bilingual]:
    yield _answer(found)[1]
    if found.finding and found.sealed_copy:
        yield from (_STORED_VERDICT, found.finding.match)
    if found.record and found.newest > found.record.version:
        yield _NEWER
    if found.attached:
        yield _ATTACHED


def _afterwards(found: Identified) -> Iterator[Bilingual]:
    """What is said besides where nothing is known."""
    if found.uncompared:
        text = _UNCOMPARED_OF_FORM if found.forms else _UNCOMPARED
        yield Bilingual(*(text.of(lang).format(uncompared=found.uncompared) for lang in ("zh", "en")))
    if found.likely:
        yield _LIKELY


def _answer(found: Identified) -> tuple[Bilingual, Bilingual]:
    """The heading and the first sentence."""
    if found.result == CONTINUED and found.unproved:
        return _unproved(found)
    if found.destroyed and not found.part:
        return _DESTROYED_DATA
    if found.destroyed and found.continued:
        return _DESTROYED_CONTINUED
    return _HEADINGS[found.result], _SENTENCES[found.result]


def _unproved(found: Identified) -> tuple[Bilingual, Bilingual]:
    """The heading and the sentence where no valid signature covers what was added to the archived PDF."""
    if found.unfinished:
        return _UNFINISHED
    verdict = found.finding.verdict if found.finding else None
    return _BEFORE.get(verdict or "", (_UNPROVED, _UNPROVED_SENTENCE))


def part(found: Identified) -> Bilingual:
    """What of its record an archived file is; "" for another file."""
    if found.part:
        return display_names.detail(found.part)
    if found.addition is None:
        return Bilingual("", "")
    return display_names.sealed(found.addition.number) if found.sealed_copy else display_names.SIGNED
