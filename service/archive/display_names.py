"""What the files of a record, and the details of the audit log's rows, are called."""

import re
from types import MappingProxyType

from service.audit.event import ACTIONS
from service.errors import Bilingual
from service.signatures.verdicts import VERDICTS

#: The files of a record by part, and its manifest.
PARTS = MappingProxyType(
    {
        "payload": Bilingual("数据", "data"),
        "docx": Bilingual("Word 文书", "Word document"),
        "pdf": Bilingual("PDF 文书", "PDF document"),
        "original": Bilingual("导入的原件", "imported original"),
        "manifest": Bilingual("清单", "manifest"),
    }
)
SIGNED = Bilingual("PDF 文书（本服务已签名）", "PDF document, signed by this service")
_DETAILS = {
    **PARTS,
    "signed": SIGNED,
    "cover": Bilingual("封面页", "cover sheet"),
    "compare": Bilingual("用于比较", "to compare it"),
    "replayed": Bilingual("重发的请求", "request sent again"),
    "same_file": Bilingual("与存档的文件相同", "the same as an archived file"),
    "continued": Bilingual("归档的 PDF，其后有添加", "the archived PDF, continued"),
    "same_data": Bilingual("另一份文件，内容相同", "another file, same content"),
    "other_data": Bilingual("另一份文件，内容不同", "another file, other content"),
    "destroyed": Bilingual("已销毁档案的文件", "a file of a destroyed record"),
    "destroyed_continued": Bilingual(
        "已销毁档案的 PDF，其后有添加", "the PDF of a destroyed record, continued"
    ),
    "destroyed_data": Bilingual(
        "另一份文件，内容与已销毁的档案相同", "another file, with the content of a destroyed record"
    ),
    "unknown": Bilingual("认不出", "not known"),
    "permanent": Bilingual("永久", "for good"),
    "whole_tenant": Bilingual("整个租户", "a tenant whole"),
    "expires=never": Bilingual("长期有效", "does not expire"),
    "profile=bagit": Bilingual("归档包", "a BagIt bag"),
    "profile=dat46": Bilingual("移交包", "a package for an archive"),
    "documents.zip": Bilingual("批次的全部文书", "the documents of a batch"),
    "report": Bilingual("四性检测报告", "report on the four properties"),
    "package": Bilingual("收到的移交包", "a received package for an archive"),
}
_VALUES = {
    "records": Bilingual("{} 条记录", "{} records"),
    "files": Bilingual("{} 个文件", "{} files"),
    "faults": Bilingual("{} 处错误", "{} faults"),
    "audit": Bilingual("日志 {} 行", "{} rows of the log"),
    "done": Bilingual("完成 {}", "{} done"),
    "failed": Bilingual("未成 {}", "{} failed"),
    "scopes": Bilingual("权限 {}", "scopes {}"),
    "expires": Bilingual("到期 {}", "expires {}"),
    "secret": Bilingual("密钥的校验值 {}", "hash of the secret {}"),
    "items": Bilingual("{} 件", "{} items"),
    "tagmanifest": Bilingual("包的校验值 {}", "hash of the package {}"),
    "secrecy": Bilingual("密级 {}", "secrecy {}"),
    "department": Bilingual("机构或问题 {}", "department {}"),
    "with": Bilingual("与记录 {}", "with record {}"),
    "sha256": Bilingual("文件的 SHA-256 为 {}", "file of SHA-256 {}"),
    "file": Bilingual("{}", "{}"),
    "signatures": Bilingual("签名：{}", "signatures: {}"),
}
_SIGNATURES = VERDICTS | {
    "none": Bilingual("没有", "none"),
    "unfinished": Bilingual("没有核验完", "not verified in time"),
    "unverified": Bilingual("没有核验", "not verified"),
}
_ADDED = re.compile(r"(sealed|signed)-([0-9]+)(?: ([0-9a-f]{64}))?")
_LIST = re.compile(r"[0-9a-f]{12}\b")  # the id of a destruction list,
_ON_LISTS = ("read", "list", "deletion_proposed", "deletion_withdrawn", "deletion")  # of these acts
_YEARS = re.compile(r"([0-9]+) years")


def act(action: str, text: str | None) -> Bilingual:
    """What a row of the audit log says was done, with its detail if it has one."""
    done = ACTIONS[action]
    if not text:
        return done
    of = detail(text)
    if action in _ON_LISTS and _LIST.match(text):
        of = Bilingual(f"清册 {of.zh}", f"list {of.en}")
    return Bilingual(f"{done.zh}：{of.zh}", f"{done.en}: {of.en}")


def compared(id: str | None, version: int) -> Bilingual:
    """A comparison with that version, of another record if it has another `id`."""
    zh, en = (f" {id} ", f"{id}, ") if id else ("", "")
    done = ACTIONS["compare"]
    return Bilingual(f"{done.zh}：与{zh}第 {version} 版", f"{done.en}: with {en}version {version}")


def detail(text: str) -> Bilingual:
    """The detail of a row of the audit log in words; an id, or what is not known, as it is."""
    if text in _DETAILS:
        return _DETAILS[text]
    if added := _ADDED.fullmatch(text):
        return _added(*added.groups())
    if years := _YEARS.fullmatch(text):
        return Bilingual(f"{years[1]} 年", "1 year" if years[1] == "1" else text)
    if "=" not in text:
        return Bilingual(text, text)
    counted, last, department = text.partition(" department=")  # which may have spaces
    pieces = [_valued(each) for each in counted.split(" ") + [last[1:] + department] * bool(last)]
    return Bilingual("，".join(each.zh for each in pieces), ", ".join(each.en for each in pieces))


def _added(kind: str, number: str, sha256: str | None) -> Bilingual:
    """A sealed copy or signed PDF, with its hash where the row has it."""
    of = sealed(int(number)) if kind == "sealed" else SIGNED
    return Bilingual(f"{of.zh}，校验值 {sha256}", f"{of.en}, hash {sha256}") if sha256 else of


def sealed(number: int) -> Bilingual:
    """The sealed copy of that number."""
    return Bilingual(f"第 {number} 份盖章件", f"sealed copy {number}")


def _valued(piece: str) -> Bilingual:
    name, equals, value = piece.partition("=")
    if piece in _DETAILS or not equals or name not in _VALUES:
        return _DETAILS.get(piece, Bilingual(piece, piece))
    of = _SIGNATURES.get(value) if name == "signatures" else detail(value) if name == "file" else None
    zh, en = (of.zh, of.en) if of else (value, value)
    return Bilingual(_VALUES[name].zh.format(zh), _VALUES[name].en.format(en))
