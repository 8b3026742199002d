"""The notes (说明.txt) of a package: its numbers, how to check it, what was not handed over."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, select

from service.archive.record_tables import RECORDS
from service.handover.classification import Classification
from service.handover.item_name import ItemName
from service.handover.metadata import NAME
from service.handover.package_count import PackageCount
from service.handover.selection import SHORT, Selection
from service.retention.retention_tables import DESTROYED, LISTED, LISTS
from service.submission import time_in_china
from service.version import VERSION

LIST, NOTES, SCHEMA_NAME = "移交目录.csv", "说明.txt", "元数据方案.xsd"
REGISTER = "移交登记表.docx"
_SUBMISSION = ("tenant", "form", "year", "id")
_NOTES = f"""\
电子档案移交包

全宗号：{{fonds}}
机构或问题：{{department}}
密级：{{secrecy}}
件数：{{items}}
版次：{{records}}（一件可有几版，各版都在包内）
文件数：{{files}}（各件的文书、报文、清单、盖章件和签名件）
字节数：{{size}}（上述文件的）
生成时间：{{time}}（北京时间）
生成程序：kexie-forms {VERSION}

一、目录结构
{LIST}：每件一行，可用电子表格软件打开；“日期”是最新一版归档的日期（北京时间）。
{SCHEMA_NAME}：元数据的 XML Schema。
{REGISTER}：打印后由双方填写、签字、盖章。
其余目录每件一个，以档号为名，内有元数据（{NAME}）、正文（PDF/A）、可编辑的文书、报文、清单、盖章件和签名件；
v1、v2…… 是较早的版本。元数据中的时间以 Z 结尾，是协调世界时（UTC），加 8 小时为北京时间。

二、核对
本包是 BagIt 包（RFC 8493）。在包的根目录依次执行：
sha256sum tagmanifest-sha256.txt，与移交方另行告知的校验值比对；
sha256sum -c tagmanifest-sha256.txt，核对清单；
sha256sum -c manifest-sha256.txt，逐个核对文件。
三步都相符，才是移交的那一个包。元数据中另有每个文件的校验值，“业务实体”是审计日志中关于该件的全部各行，每行带有日志中的校验值。
bag-info.txt 中的 Payload-Oxum 是“字节数.文件数”，计 data 目录下的全部文件，共 {{all_files}} 个：
上述 {{files}} 个，元数据 {{items}} 个，移交目录、元数据方案、移交登记表和本说明 4 个。
它的字节数也计入后面这些，所以大于上述字节数。

三、没有移交的
"""
_UNKEPT = """
档号
档案是只读的：新编的档号按全部档案的次序编定，没有记入档案。请据此补记，以免再次移交时编给别的件。
"""


def notes(
    count: PackageCount, classification: Classification, chosen: Selection, destroyed: Sequence[ItemName]
) -> str:
    """The notes; `destroyed` are the destroyed submissions that the selection would have had."""
    numbers = {name: getattr(count, name) for name in ("items", "records", "files", "size")}
    made = f"{time_in_china(datetime.now(UTC)):%Y-%m-%d %H:%M}"
    filled = _NOTES.format(
        **vars(classification), **numbers, all_files=count.files + count.items + 4, time=made
    )
    return filled + "\n".join(_exceptions(count, chosen, destroyed)) + "\n" + ("" if count.kept else _UNKEPT)


def _exceptions(count: PackageCount, chosen: Selection, destroyed: Sequence[ItemName]) -> Iterator[str]:
    """Yields what was chosen, what of it is not in the package, and what is though it usually is not."""
    yield f"所选范围：{_range(chosen)}。"
    if count.left_out:
        yield f"其中 {count.left_out} 件没有移交，因为已冻结，或保管期限不超过 {SHORT} 年。"
    else:
        yield "其中没有因冻结或保管期限短而不移交的。"
    present = "没有移交" if chosen.usual else "也在包内"
    for reason, names in (("已冻结的", count.held), (f"保管期限不超过 {SHORT} 年的", count.short)):
        if names:
            yield f"{reason} {len(names)} 件，{present}：{_listed(names)}"
    if destroyed:
        yield f"已按销毁清册销毁的 {len(destroyed)} 件，不在包内：{_listed(destroyed)}"
    yield "件号可能不连续：不在所选范围的、已销毁的、改编了档号的，其件号不编给别的件。"
    if count.renumbered:
        yield f"改编过档号的 {count.renumbered} 件，原档号见移交目录的“备注”。"


def _listed(names: Sequence[ItemName]) -> str:
    return "、".join(map(str, names))


def _range(chosen: Selection) -> str:
    filters = chosen.filters
    named = [
        f"{name} {filters[key]}"
        for name, key in (("租户", "tenant"), ("年度", "year"), ("表单", "form"))
        if filters.get(key)
    ]
    if chosen.period:
        named.append(f"保管期限 {chosen.period}{' 年' if chosen.period.isdigit() else ''}")
    if chosen.ids:
        named.append(f"指定的 {len(chosen.ids)} 个编号")
    return "、".join(named) or "全部档案"


def destroyed_items(connection: Connection, chosen: Selection) -> list[ItemName]:
    """The destroyed submissions of the form, year and tenant chosen.

    None for a choice of ids, or by period, which is not kept of them.
    """
    if chosen.ids or chosen.period:
        return []
    filters = [LISTED.c[name] == value for name, value in _of_listed(chosen) if value is not None]
    back = exists().where(and_(*(RECORDS.c[name] == LISTED.c[name] for name in _SUBMISSION)))
    found = select(*(LISTED.c[name] for name in _SUBMISSION)).join(LISTS)
    gone = found.where(LISTS.c.state == DESTROYED, *filters, ~back).distinct()
    rows = connection.execute(gone.order_by(*(LISTED.c[name] for name in _SUBMISSION)))
    return [ItemName.of(row, chosen.tenant) for row in rows]


def _of_listed(chosen: Selection) -> Iterator[tuple[str, Any]]:
    return ((name, chosen.filters.get(name)) for name in ("form", "year", "tenant"))
