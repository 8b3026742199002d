"""What the audit log says of one act: who, what, on which record, with which result."""

import os
import pwd
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, Protocol

from service.audit.audit_table import AUDIT
from service.database.column_types import iso
from service.errors import Bilingual

#: What is logged. A name is never given another meaning: rows that have it stay.
ACTIONS = {
    "generate": Bilingual("生成文书", "generated a document"),
    "archive": Bilingual("归档", "archived"),
    "read": Bilingual("查看", "read"),
    "download": Bilingual("下载", "downloaded"),
    "search": Bilingual("查找", "searched"),
    "list": Bilingual("导出目录", "exported a list"),
    "compare": Bilingual("比较", "compared"),
    "identify": Bilingual("核对文件", "identified a file"),
    "verify": Bilingual("校验", "verified"),
    "export": Bilingual("导出档案", "exported records"),
    "regenerate": Bilingual("重新生成", "regenerated"),
    "import": Bilingual("导入旧文书", "imported documents"),
    "batch": Bilingual("提交批次", "submitted a batch"),
    "batch_cancel": Bilingual("取消批次", "cancelled a batch"),
    "seal": Bilingual("添加盖章件", "added a sealed copy"),
    "sign": Bilingual("签名", "signed"),
    "key_made": Bilingual("生成密钥", "made a key"),
    "key_revoked": Bilingual("撤销密钥", "revoked a key"),
    "token_made": Bilingual("签发嵌入令牌", "issued an embed token"),
    "draft_saved": Bilingual("保存草稿", "saved a draft"),
    "draft_read": Bilingual("打开草稿", "opened a draft"),
    "draft_deleted": Bilingual("删除草稿", "deleted a draft"),
    "retention_set": Bilingual("设定保管期限", "set a retention period"),
    "hold": Bilingual("冻结，不得销毁", "put on legal hold"),
    "hold_lifted": Bilingual("解除冻结", "lifted a legal hold"),
    "deletion_proposed": Bilingual("提出销毁", "proposed a deletion"),
    "deletion_withdrawn": Bilingual("撤回销毁", "withdrew a deletion"),
    "deletion": Bilingual("销毁", "deleted"),
    "audit": Bilingual("查看审计日志", "read the audit log"),
    "rows_lost": Bilingual("审计记录缺失", "audit rows lost"),
}

SUBMITTING = ("batch", "import", "regenerate")  # the acts that name the batch which they submit
OK = "ok"
BEGUN = "begun"  # of an act that takes long: another row says how it ended
SAME = "same"  # nothing new was archived: there is a version with the same content
BY_SUDO = " sudo:"  # between the account and who called sudo
COMPARED_WITH = "with="  # before the key of the other record
_LENGTHS = {column.name: getattr(column.type, "length", None) for column in AUDIT.columns}


@dataclass(frozen=True)
class Actor:
    """Who acts (a key's id, a user's name), from where (an address, a host's name), for which batch."""

    who: str
    origin: str
    batch: str | None = None


@cache
def process_actor(kind: str = "user") -> Actor:
    """The user of this process, on this host: of a command (`user`) or of a batch's worker (`worker`).

    Of a command by sudo, behind the account who called it: `user:root sudo:zhang`.
    """
    try:
        name = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        name = str(os.geteuid())
    called_by = os.environ.get("SUDO_USER", "") if kind == "user" else ""
    behind = f"{BY_SUDO}{called_by}" if called_by not in ("", name) else ""
    return Actor(f"{kind}:{name}{behind}", socket.gethostname())


def by_sudo(who: str) -> tuple[str, str]:
    """Who acted, and the user that called sudo, "" if none did."""
    who, _, caller = who.partition(BY_SUDO)
    return who, caller


def shared_user(one: str, other: str) -> str | None:
    """Who may be behind both: an account that they share, or who called sudo; None for two persons."""
    return min(_users(one) & _users(other), default=None)


def same_person(one: str, other: str) -> bool:
    """Whether one person may be behind both."""
    return shared_user(one, other) is not None


def _users(who: str) -> set[str]:
    account, caller = by_sudo(who)
    return {account, f"user:{caller}"} if caller else {account}


class ArchivedRecord(Protocol):
    """What a row says of a record."""

    @property
    def key(self) -> str: ...
    @property
    def tenant(self) -> str: ...
    @property
    def form(self) -> str: ...
    @property
    def year(self) -> int: ...
    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def manifest(self) -> str: ...


def on_record(record: ArchivedRecord) -> dict[str, Any]:
    """The fields of an event that name a record."""
    names = ("tenant", "form", "year", "id", "version", "manifest")
    return {name: getattr(record, name) for name in names} | {"record": record.key}


@dataclass(frozen=True)
class Event:
    """A row of the audit log before it has its place in the chain.

    It holds ids and nothing else of a person: no names, no text of a search, nothing of a payload. `detail`
    is a part of a record, the id of a key (of a new one also scopes, expiry, half of its secret's hash), of a
    draft or destruction list, years, counts, what a record was compared with (a record's key, a file's
    SHA-256), or in what it left: the kind of package, the SHA-256 of its tagmanifest, its department
    and level of secrecy. `result` is OK, BEGUN, SAME or the code of an error.
    """

    actor: Actor
    action: str
    tenant: str = ""
    form: str | None = None
    year: int | None = None
    id: str | None = None
    version: int | None = None
    record: str | None = None
    manifest: str | None = None
    batch: str | None = None
    detail: str | None = None
    result: str = OK
    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    def fields(self) -> dict[str, Any]:
        """The row's own fields; text is cut to what the table holds, characters that nobody sees replaced."""
        if self.action not in ACTIONS:
            raise ValueError(self.action)
        own = {name: value for name, value in vars(self).items() if name != "actor"}
        exact = {"time": iso(self.time), "batch": self.batch or self.actor.batch}
        found = vars(self.actor) | own | exact
        return {
            name: _plain(name, value) if isinstance(value, str) else value for name, value in found.items()
        }


def _plain(name: str, text: str) -> str:
    if not text.isprintable():
        text = "".join(each if each.isprintable() or each == "\u3000" else "?" for each in text)
    return text[: _LENGTHS[name]]
