"""Adds the sealed copy that came back to its record, with what was found of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.archive import Archive, Record
from service.archive.additions import add_file, whole_picture
from service.archive.additions.addition import PDF, SEALED, SIGNED, Addition
from service.archive.object_store import stored_file
from service.audit.event import Actor, process_actor
from service.config import Settings
from service.errors import Bilingual, NotSealed, UnreadableDocument
from service.sealed_copies.match_record import DATA, ORIGINAL, UNKNOWN, match
from service.signatures import verdicts
from service.signatures.verifier_process import examine

#: The kinds of files that are taken, by their first bytes.
SIGNS = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
SIGNS |= dict.fromkeys((b"II*\0", b"MM\0*"), "image/tiff")
UNSIGNED = Bilingual("没有电子签名", "No electronic signature")
STAMPED = Bilingual("没有电子签名，只有时间戳", "No electronic signature, a time stamp alone")
MATCHES = {
    ORIGINAL: Bilingual(
        "文件以本记录的 PDF 原样开头，章或签名加在其后。",
        "The file begins with this record's own PDF, to which the seal or signature was added.",
    ),
    DATA: Bilingual(
        "文件附带的数据与本记录一致。", "The data that the file carries are those of this record."
    ),
    UNKNOWN: Bilingual(
        "扫描件或另行生成的文件，不能自动判断是否属于本记录，请人工核对。",
        "A scan, or a file made elsewhere: it is unknown whether it is of this record; compare it yourself.",
    ),
}

_CONTINUED_UNSIGNED = Bilingual(
    "归档的 PDF 之后加了内容，没有电子签名：页面上看到的可能已被改动，请与归档的 PDF 逐页核对。",
    "Content was added after the archived PDF, without an electronic signature: what its pages show may have "
    "been changed. Compare it with the archived PDF page by page.",
)
_CONTINUED_DOUBTFULLY = Bilingual(
    "文件以本记录的 PDF 原样开头，后加的内容没有有效的签名证明：页面上看到的可能已被改动，"
    "请与归档的 PDF 逐页核对。",
    "The file begins with this record's own PDF; no valid signature vouches for what was added: what its "
    "pages show may have been changed. Compare it with the archived PDF page by page.",
)
_CHANGED_BEFORE = Bilingual(
    "文件以本记录的 PDF 原样开头，但签署之前已加了签名以外的内容：签署的页面可能与归档的不同，"
    "请与归档的 PDF 逐页核对。",
    "The file begins with this record's own PDF, but other content than signatures was added before it was "
    "signed: the pages that were signed may differ. Compare it with the archived PDF page by page.",
)
_BEFORE_UNKNOWN = Bilingual(
    "文件以本记录的 PDF 原样开头，但签署之前加了什么，无法判断：请与归档的 PDF 逐页核对。",
    "The file begins with this record's own PDF, but it is unknown what was added before it was signed: "
    "compare it with the archived PDF page by page.",
)
_BEFORE_NOT_EXAMINED = Bilingual(
    "文件以本记录的 PDF 原样开头，其后有签名；存入时还不核验签署之前加了什么，请与归档的 PDF 核对。",
    "The file begins with this record's own PDF, followed by signatures. When it was added, what came before "
    "the signatures was not examined yet: compare it with the archived PDF.",
)
_REFUSALS = {
    "encrypted": Bilingual(
        "这份 PDF 设有密码，没有存入：档案须能长期打开。请取消密码后再存。",
        "The PDF is protected by a password, so it was not added: an archived file must open in future. "
        "Remove the password first.",
    ),
    "damaged": Bilingual(
        "这份 PDF 已损坏或不完整，没有存入。请重新扫描或导出后再存。",
        "The PDF is damaged or incomplete, so it was not added. Scan or export it again.",
    ),
    "crowded": Bilingual(
        "这份 PDF 的签名太多，无法逐个核验，没有存入。请联系签署人。",
        "The PDF has too many signatures to check each, so it was not added. Ask the signer.",
    ),
}


@dataclass(frozen=True)
class Finding:
    """What was found of a sealed copy when it was added, in words.

    `unproved`: it begins with the archived PDF, and no valid signature vouches for the rest: its pages are to
    be compared with the archived ones.
    """

    verdict: str | None
    name: Bilingual
    explanation: Bilingual
    match: Bilingual
    signatures: tuple[verdicts.Signature, ...]
    unproved: bool


def add(
    archive: Archive, record: Record, content: bytes, settings: Settings, actor: Actor | None = None
) -> tuple[Addition, bool]:
    """Adds a PDF or a picture to a record; returns it, and whether it is new. None is ever replaced.

    `actor` is by default the user of this process.
    Raises UnreadableDocument for another kind of file, or one that is encrypted, damaged or too large;
    OtherRecord; NotSealed for the archived PDF itself, or the one that the service signed; UsageError,
    ArchiveFault, ArchiveUnavailable, and as
    `verifier_process.examine`.
    """
    media_type = _media_type(content, settings)
    for each in add_file.additions(archive, record, SEALED):
        if each.file == stored_file(content):
            return each, False
    result = _result(archive, record, content, settings) if media_type == PDF else _of_picture(content)
    return add_file.add(archive, record, SEALED, content, media_type, result, actor or process_actor())


def also_in(other: Record) -> Bilingual:
    """The notice that a sealed copy is among those of another record, too."""
    return Bilingual(
        f"同一个文件也存在档案“{other.id}”第 {other.version} 版中，请核对是否存错。",
        f"The same file is among the sealed copies of '{other.id}', version {other.version}, too: check "
        "whether it belongs here.",
    )


def finding(addition: Addition) -> Finding:
    """What was found of a sealed copy."""
    return found_in(addition.result)


def found_in(result: Mapping[str, Any]) -> Finding:
    """A result of an addition, in words."""
    signatures = tuple(verdicts.Signature(**each) for each in result["signatures"])
    stamped = bool(signatures) and all(each.kind == "timestamp" for each in signatures)
    verdict = None if stamped and result["verdict"] == "valid" else result["verdict"]
    is_original = result["match"] == ORIGINAL
    return Finding(
        verdict,
        verdicts.VERDICTS[verdict] if verdict else STAMPED if stamped else UNSIGNED,
        verdicts.EXPLANATIONS[verdict] if verdict else Bilingual("", ""),
        _continued(verdict, signatures) if is_original else MATCHES[result["match"]],
        signatures,
        is_original and verdict != "valid",
    )


def _continued(verdict: str | None, signatures: tuple[verdicts.Signature, ...]) -> Bilingual:
    """What is to be thought of what was added to the archived PDF."""
    if verdict == "valid":
        examined = all(each.before for each in signatures)
        return MATCHES[ORIGINAL] if examined else _BEFORE_NOT_EXAMINED
    known = {None: _CONTINUED_UNSIGNED, "changed_before": _CHANGED_BEFORE}
    return (known | {"undecided_before": _BEFORE_UNKNOWN}).get(verdict, _CONTINUED_DOUBTFULLY)


def _result(archive: Archive, record: Record, pdf: bytes, settings: Settings) -> dict[str, Any]:
    if record.files.get("pdf") == stored_file(pdf):
        raise NotSealed(
            "这就是归档的那份 PDF，没有盖章，也没有签名，不必再存。请选择盖章后的文件。",
            "This is the archived PDF itself, without seal or signature. Choose the file that was sealed.",
        )
    if any(each.file == stored_file(pdf) for each in add_file.additions(archive, record, SIGNED)):
        raise NotSealed(
            "这是本服务签名的那份 PDF，档案里已有，不必再存。请选择盖章后的文件。",
            "This is the PDF that the service signed, which the archive has. Choose the sealed file.",
        )
    matched, archived = match(archive, record, pdf)
    return signatures_of(pdf, settings, archived) | {"match": matched}


def signatures_of(pdf: bytes, settings: Settings, archived: int = 0) -> dict[str, Any]:
    """The signatures of a PDF, of which the first bytes are `archived`, and the verdict on them.

    Raises as `add`.
    """
    examined = examine(pdf, settings, archived)
    if examined.state in _REFUSALS:
        refusal = _REFUSALS[examined.state]
        raise UnreadableDocument(refusal.zh, refusal.en)
    signatures = [each.as_dict() for each in examined.signatures]
    return {"verdict": verdicts.worst(examined.signatures), "signatures": signatures}


def _of_picture(content: bytes) -> dict[str, Any]:
    if not whole_picture.is_whole(content):
        raise UnreadableDocument(
            "这张图片打不开：已损坏、不完整或像素过多，没有存入。请重新扫描或导出后再存。",
            "The picture does not open: it is damaged, incomplete or has too many pixels, and was not "
            "added. Scan or export it again.",
        )
    return {"match": UNKNOWN, "verdict": None, "signatures": []}


def _media_type(content: bytes, settings: Settings) -> str:
    """The kind of a file by its first bytes, regardless of its name."""
    if len(content) > settings.sealed_limit:
        raise UnreadableDocument(
            f"文件超过 {settings.sealed_limit // 1024**2} MiB，没有存入。请降低扫描的分辨率后再存。",
            f"The file is larger than {settings.sealed_limit // 1024**2} MiB. Scan it at a lower resolution.",
        )
    for sign, media_type in SIGNS.items():
        if content.startswith(sign):
            return media_type
    raise UnreadableDocument(
        "盖章件须是 PDF，或 PNG、JPEG、TIFF 扫描图片，这个文件不是（按内容判断，不看文件名）。"
        "OFD 等其他格式请先导出为 PDF。",
        "A sealed copy is a PDF, or a scan as PNG, JPEG or TIFF; this file is none of them, by its content. "
        "Export other formats, such as OFD, as PDF first.",
    )
