"""Who acted, as the audit log names them, in words: a key with its name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from service.access.api_keys import ApiKey, ApiKeys
from service.archive import Archive
from service.audit.event import by_sudo
from service.errors import Bilingual, UsageError

_WORDS = MappingProxyType(
    {
        "key": Bilingual("密钥 {name}", "key {name}"),
        "embed": Bilingual("嵌入的表单（密钥 {name}）", "embedded form (key {name})"),
        "jwt": Bilingual("门户（{name}）", "portal ({name})"),
        "user": Bilingual("服务器上的用户 {name}", "user {name} on the server"),
        "worker": Bilingual("批次处理程序", "batch worker"),
        "service": Bilingual("本服务", "the service"),
        "anyone": Bilingual("未使用密钥的人", "someone without a key"),
    }
)
_BY_KEY = ("key", "embed")


@dataclass(frozen=True)
class Actors:
    """The names of keys by id, with which those who acted are put in words."""

    names: Mapping[str, str]

    @classmethod
    def of(cls, archive: Archive, tenant: str | None = None) -> "Actors":
        """Those of an archive, or of one tenant."""
        return cls(
            {key.id: key.name for key in ApiKeys(archive.engine).all() if tenant in (None, key.tenant)}
        )

    def name(self, who: str) -> str:
        """The name of the key that acted; "" if it has none, or no key acted."""
        kind, _, id = who.partition(":")
        return self.names.get(id, "") if kind in _BY_KEY else ""

    def whose(self, key: str) -> tuple[str, ...]:
        """Who acted with the key of that id or name; `kind:id` is taken as the log has it.

        Raises UsageError if several keys have the name, or none has it.
        """
        if key.partition(":")[0] in _WORDS:
            return (key,)
        ids = [id for id, name in self.names.items() if key in (id, name)]
        if len(ids) > 1:
            raise UsageError(
                f"有 {len(ids)} 个密钥名为“{key}”，请改用编号：{'、'.join(ids)}。",
                f"{len(ids)} keys have the name '{key}': give an id: {', '.join(ids)}.",
            )
        if not ids:
            raise UsageError(
                f"没有编号或名称为“{key}”的密钥。名称要写全；服务器上的用户写作 user:用户名。",
                f"No key has the id or name '{key}'. Give the whole name; a user on the server is user:NAME.",
            )
        return tuple(f"{kind}:{ids[0]}" for kind in _BY_KEY)

    def named(self, of: object, *fields: str) -> dict[str, Any]:
        """Those fields of `of` that say who acted, each with `…_name`, the name of the key."""
        values = {name: getattr(of, name) for name in fields}
        return values | {f"{name}_name": self.name(who or "") for name, who in values.items()}

    def words(self, who: str) -> Bilingual:
        """Who acted, in words."""
        account, caller = by_sudo(who)
        kind, _, id = account.partition(":")
        if kind not in _WORDS:
            return Bilingual(who, who)
        if caller:
            found = self.words(account)
            return Bilingual(f"{found.zh}（{caller} 用 sudo）", f"{found.en} ({caller} by sudo)")
        name = self.name(who)
        zh, en = (f"{id}“{name}”", f"{id} '{name}'") if name else (id, id)
        return Bilingual(_WORDS[kind].zh.format(name=zh), _WORDS[kind].en.format(name=en))


def holders(keys: Iterable[ApiKey], tenant: str, scope: str) -> list[ApiKey]:
    """Those of `keys` that are of a tenant, have a scope, and are neither expired nor revoked."""
    now = datetime.now(UTC)
    return [key for key in keys if key.tenant == tenant and scope in key.scopes and key.state(now) == "live"]
