"""The metadata of one electronic record as XML after DA/T 46, valid by the schema beside this module."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from service.access.actors import Actors
from service.archive import Record, display_names
from service.archive.additions.addition import Addition
from service.archive.bagit_export import WrittenFile
from service.audit.event import ACTIONS, OK
from service.errors import ArchiveFault
from service.handover.archival_codes import ArchivalCode
from service.handover.classification import Classification
from service.record_lists.list_columns import title
from service.signatures.verdicts import VERDICTS
from service.submission import date_in_china

NAME = "元数据.xml"
SCHEMA = Path(__file__).with_name("electronic_record.xsd")
NAMESPACE = "urn:kexie-forms:electronic-record:1"
_MEDIA_TYPES = {
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".tif": "image/tiff",
}
_OTHER = "application/octet-stream"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_LONGEST = 1000  # characters


@dataclass(frozen=True)
class ItemVersion:
    """A version of a submission in the package: its manifest, its additions, its files below `folder`."""

    record: Record
    manifest: Mapping[str, Any]
    additions: Sequence[Addition]
    files: Sequence[WrittenFile]
    folder: str  # below that of the item, with "/" at the end; "" for the newest version


@dataclass(frozen=True)
class Item:
    """A submission handed over (件): its versions, oldest first, its rows of the audit log, who acted."""

    code: ArchivalCode
    former: Sequence[ArchivalCode]  # codes that it had before, which are void
    years: int | None  # that it is kept; None is 永久
    versions: Sequence[ItemVersion]
    history: Sequence[Mapping[Any, Any]]
    actors: Actors

    @property
    def newest(self) -> Record:
        """The newest version, which the metadata describe."""
        return self.versions[-1].record

    @property
    def title(self) -> str:
        """题名: the form's title, and whose it is."""
        name = self.newest.submitter
        return title(self.newest) + (f"（{name}）" if name else "")

    @property
    def period(self) -> str:
        """保管期限."""
        return "永久" if self.years is None else f"{self.years}年"


def metadata(item: Item, classification: Classification) -> bytes:
    """The metadata as an XML file. Raises ArchiveFault if it is not valid by the schema."""
    record = item.newest
    root = etree.Element(_tag("电子文件"), nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    _add(root, "聚合层次", "件")
    _add(root, "电子文件号", record.key)
    _add_code(root, item, classification)
    content = _add(root, "内容描述")
    _add(content, "题名", item.title)
    _add(content, "文件编号", record.id)
    if record.submitter:
        _add(content, "责任者", record.submitter)
    _add(content, "日期", date_in_china(record.created).isoformat())
    _add(content, "密级", classification.secrecy)
    form = _add(root, "形式特征")
    _add(form, "件数", 1)
    if record.pages:
        _add(form, "页数", record.pages)
    files = _add(root, "电子属性")
    for version in item.versions:
        _add_files(files, version)
    _add_signatures(root, item)
    _add_history(_add(root, "业务实体"), item)
    _validate(root, record)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


@cache
def schema() -> etree.XMLSchema:
    """The schema of the metadata."""
    return etree.XMLSchema(etree.parse(SCHEMA))


def _validate(root: etree._Element, record: Record) -> None:
    try:
        schema().assertValid(root)
    except etree.DocumentInvalid as fault:
        raise ArchiveFault(
            f"“{record.id}”的元数据不符合移交包的方案，未生成移交包：{fault}",
            f"The metadata of '{record.id}' are not valid by the schema, so no package was made: {fault}",
        ) from fault


def _add_code(root: etree._Element, item: Item, classification: Classification) -> None:
    code = _add(root, "档号", 值=str(item.code))
    _add(code, "全宗号", classification.fonds)
    _add(code, "年度", item.newest.year)
    _add(code, "保管期限", item.period)
    named = {"代码": classification.department_code} if classification.department_code else {}
    _add(code, "机构或问题", classification.department, **named)
    _add(code, "室编件号", f"{item.code.number:04}")


def _add_files(files: etree._Element, version: ItemVersion) -> None:
    record, made_by = version.record, version.manifest["made_by"]
    programs = {"docx": f"kexie-forms {made_by['service']}", "pdf": made_by["libreoffice"]}
    parts = {file["name"]: file for file in version.manifest["files"]}
    for name, file, _ in version.files:
        described = parts.get(name, {})
        path = f"{version.folder}{name}"
        added = _add(files, "计算机文件", 路径=path, 版本=str(record.version), 记录号=record.key)
        _add(added, "计算机文件名", name)
        _add(added, "计算机文件大小", file.size)
        _add(added, "格式信息", _MEDIA_TYPES.get(Path(name).suffix, _OTHER))
        if program := programs.get(described.get("part", "")):
            _add(added, "文档创建程序", program)
        _add(added, "校验值", file.sha256, 算法="SHA-256")
        if "sm3" in described:
            _add(added, "校验值", described["sm3"], 算法="SM3")


def _add_signatures(root: etree._Element, item: Item) -> None:
    for version in item.versions:
        for addition in version.additions:
            for signature in addition.result.get("signatures", [addition.result]):
                added = _add(root, "电子签名")
                _add(added, "计算机文件名", f"{version.folder}{addition.name}")
                for name, key in (("签名人", "signer"), ("签名时间", "time")):
                    if signature.get(key):
                        _add(added, name, signature[key])
                verdict = VERDICTS.get(signature.get("verdict", ""))
                _add(added, "签名结果", verdict.zh if verdict else signature.get("level"))


def _add_history(history: etree._Element, item: Item) -> None:
    for row in item.history:
        version = {"版本": str(row["version"])} if row["version"] else {}
        act = _add(history, "行为", 日志行=str(row["seq"]), 校验值=row["hash"], **version)
        _add(act, "业务行为", ACTIONS[row["action"]].zh)
        _add(act, "行为时间", row["time"])
        _add(act, "机构人员标识", row["who"])
        if name := item.actors.name(row["who"]):
            _add(act, "机构人员名称", name)
        _add(act, "行为描述", _described(row))


def _described(row: Mapping[Any, Any]) -> str:
    """The result of an act, and what else the log has of it."""
    result = "成功" if row["result"] == OK else str(row["result"])
    return f"{result}：{display_names.detail(row['detail']).zh}" if row["detail"] else result


def _add(parent: etree._Element, name: str, value: object = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, _tag(name), attributes)
    if value is not None:
        element.text = " ".join(_FORBIDDEN.sub("\ufffd", str(value)).split())[:_LONGEST]
    return element


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
