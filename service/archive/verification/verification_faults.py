"""What verification can find wrong in an archive, and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.archive.record import Record
from service.errors import Bilingual

MESSAGES = {
    "object_changed": Bilingual(
        "内容与校验值不符，已被改动。请从备份恢复此文件。",
        "Its content differs from what was archived. Restore this file from a backup.",
    ),
    "wrong_size": Bilingual(
        "大小与登记的不符，可能被截断。请从备份恢复此文件。",
        "Its size differs from the recorded one; it may be truncated. Restore this file from a backup.",
    ),
    "object_missing": Bilingual(
        "文件不见了。请从备份恢复此文件。", "The file is missing. Restore it from a backup."
    ),
    "manifest_changed": Bilingual(
        "清单被改动。请从备份恢复此文件。", "The manifest was edited. Restore this file from a backup."
    ),
    "row_without_object": Bilingual(
        "索引中有这条记录，但存储中没有它的清单。请从备份恢复此文件；若记录本不该有，从备份恢复索引。",
        "The index has this record, but the store lacks its manifest. Restore this file from a backup, "
        "or the index if the record should not exist.",
    ),
    "row_differs": Bilingual(
        "索引与清单不一致，索引被改动。请从备份恢复索引。",
        "Index and manifest differ: the index was edited. Restore the index from a backup.",
    ),
    "search_differs": Bilingual(
        "列表、页面和查找所用的名称等文字与归档的报文不符：可能被改动，也可能是其后改过表的查找字段。"
        "请执行 kexie-forms records reindex 按报文重新读取；若仍不符，从备份恢复索引，并查明是谁改了数据库。",
        "The name and other texts by which lists, pages and the search show the record are not those of its "
        "payload: they were edited, or the form has named other fields since. Run kexie-forms records "
        "reindex; if they still differ, restore the index from a backup and find out who changed it.",
    ),
    "sm3_differs": Bilingual(
        "内容与清单中的 SM3 不符。请从备份恢复清单和此文件。",
        "Its content differs from the SM3 in the manifest. Restore the manifest and this file from a backup.",
    ),
    "sm3_unchecked": Bilingual(
        "清单中有 SM3，但本机的 OpenSSL 不支持 SM3，未能校验。请在支持的机器上校验，见 kexie-forms doctor。",
        "The manifest has SM3, which this machine's OpenSSL lacks, so it was not checked. Verify elsewhere; "
        "see kexie-forms doctor.",
    ),
    "record_missing": Bilingual(
        "审计日志记有这条记录归档，没有记它销毁，索引中却没有它。请从备份恢复索引和文件。",
        "The audit log says that this record was archived, and not that it was destroyed, but the index "
        "lacks it. Restore index and files from a backup.",
    ),
    "addition_missing": Bilingual(
        "审计日志记有这份盖章件或签名件，档案中却没有。请从备份恢复索引和文件。",
        "The audit log says that this sealed copy or signed PDF was added, but the archive lacks it. "
        "Restore index and files from a backup.",
    ),
    "differs_from_log": Bilingual(
        "与审计日志在存入时记下的校验值不符，已被替换。请从备份恢复索引和文件。",
        "It is not what the audit log noted when it was added: it was replaced. "
        "Restore index and files from a backup.",
    ),
    "addition_unlogged": Bilingual(
        "审计日志没有记这份盖章件或签名件的存入：不是本服务存入的。请查明来历，或从备份恢复索引。",
        "The audit log does not say that this sealed copy or signed PDF was added: the service did not. "
        "Find out where it is from, or restore the index from a backup.",
    ),
    "hold_missing": Bilingual(
        "审计日志记有它的冻结，没有记解除，索引中却没有冻结。请从备份恢复索引，或重新冻结。",
        "The audit log says that it was put on hold, and not that the hold was lifted, but the index has no "
        "hold. Restore the index from a backup, or put it on hold again.",
    ),
    "period_differs": Bilingual(
        "保管期限不是审计日志最后一次记下的，不是用本服务改的。请查明是谁改了数据库，"
        "并用 kexie-forms retention set 重新设定。",
        "The retention period is not the last one in the audit log: the service did not change it. Find out "
        "who changed the database, and set it again with kexie-forms retention set.",
    ),
    "hold_differs": Bilingual(
        "数据库中有这项冻结，审计日志没有记，或已记解除，或记的是另一人：不是用本服务冻结的。"
        "请查明是谁改了数据库；先用 kexie-forms retention lift 解除，仍须冻结的再用 hold 冻结。",
        "The database has this hold, but the audit log does not, says that it was lifted, or names another "
        "person: the service did not make it. Find out who changed the database; lift it with kexie-forms "
        "retention lift, then hold again what is to be kept.",
    ),
    "list_differs": Bilingual(
        "销毁清册与审计日志记的提出、撤回、销毁不符，清册被改动。请从备份恢复数据库，并查明是谁改的；"
        "尚未执行的，撤回后重新提出。",
        "The destruction list is not what the audit log says was proposed, withdrawn or carried out: it was "
        "edited. Restore the database from a backup and find out who changed it; withdraw a list that is not "
        "carried out, and propose again.",
    ),
    "key_differs": Bilingual(
        "密钥与审计日志记的生成、撤销不符，不是用本服务改的。请立即用 kexie-forms keys revoke 撤销它，"
        "另发一把，并查明是谁改了数据库、用它做过什么。",
        "The key is not as the audit log says that it was made or revoked: the service did not change it. "
        "Revoke it at once with kexie-forms keys revoke, make another, and find out who changed the database "
        "and what was done with it.",
    ),
    "foreign_file": Bilingual(
        "不是档案的文件：文件名不是校验值。它不影响任何记录，请移到档案目录之外。",
        "Not a file of the archive: its name is no SHA-256. It affects no record; move it elsewhere.",
    ),
    "object_without_row": Bilingual(
        "没有记录引用此文件。若索引完好，可将其移走。",
        "No record names this file. If the index is intact, move the file away.",
    ),
    "young_object_without_row": Bilingual(
        "没有记录引用此文件，它写入还不到一小时：可能正在归档，或归档中途被中止。"
        "请重新执行中止的任务，再校验一次。",
        "No record names this file, which is less than an hour old: archiving is in progress or was "
        "interrupted. Run the interrupted job again, then verify again.",
    ),
}


@dataclass(frozen=True)
class VerificationFault:
    """One fault of an archive: its code, the path below the store's root, the record and its file.

    `columns` are those of the row that differ. Of a row beside the records, `values` are the audit log's and
    the database's by column, and `tenant` is the one that may know of it (None: all).
    """

    code: str
    place: str
    record: Record | None = None
    file: str = ""
    columns: Sequence[str] = ()
    values: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    tenant: str | None = None

    @property
    def visible_to(self) -> str | None:
        """The tenant that may know of it; None is every tenant."""
        return self.record.tenant if self.record else self.tenant

    @property
    def message(self) -> Bilingual:
        """What is wrong, and what to do."""
        found, names = MESSAGES[self.code], ", ".join(self.columns)
        if self.values:
            zh = "；".join(f"{name} 日志为 {a}，现为 {b}" for name, (a, b) in self.values.items())
            en = "; ".join(f"{name} {b}, in the log {a}" for name, (a, b) in self.values.items())
            return Bilingual(f"{found.zh}{zh}。", f"{found.en} Now: {en}.")
        if not names:
            return found
        return Bilingual(f"{found.zh}不符的栏：{names}。", f"{found.en} Columns that differ: {names}.")

    def as_dict(self, lang: str = "zh") -> dict[str, Any]:
        """The fault for JSON."""
        return {
            "code": self.code,
            "place": self.place,
            "record": getattr(self.record, "key", None),
            **{name: getattr(self.record, name, None) for name in ("form", "year", "id", "version")},
            "file": self.file,
            "columns": list(self.columns),
            "values": {name: {"log": log, "now": now} for name, (log, now) in self.values.items()},
            "message": self.message.of(lang),
        }
