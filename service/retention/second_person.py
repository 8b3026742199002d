"""The second person of a destruction: who may carry out a list that another proposed."""

from collections.abc import Sequence

from service.access import ApiKey, ApiKeys
from service.access.actors import Actors, holders
from service.archive import Archive
from service.audit.event import Actor, shared_user
from service.errors import Bilingual, DestructionRefused
from service.retention.destruction_list import DestructionList

MISSING = Bilingual(
    "还没有能执行第二步的另一人：除提出人外，没有别的密钥有销毁权限（archive:destroy）。"
    "请管理员为另一人生成有此权限的密钥，或由另一位系统用户以自己的账户在服务器上执行。",
    "A second person is missing: no key but the proposer's has the scope archive:destroy. Have the "
    "administrator make a key with it for another person, or another system user carry out the second step "
    "on the server, with an account of their own.",
)


def may_destroy(archive: Archive, tenant: str) -> list[ApiKey]:
    """The keys of a tenant with which its records are destroyed."""
    return holders(ApiKeys(archive.engine).all(), tenant, "archive:destroy")


def others(archive: Archive, proposer: str, tenant: str) -> list[ApiKey]:
    """The keys with which another person than `proposer` destroys a tenant's records."""
    return [key for key in may_destroy(archive, tenant) if f"key:{key.id}" != proposer]


def others_for(archive: Archive, found: DestructionList) -> list[ApiKey]:
    """The keys with which another person than proposed a list carries it out: none if it has many tenants."""
    tenant, *more = {entry["tenant"] for entry in found.entries}
    return [] if more else others(archive, found.proposed_by, tenant)


def refuse_same_person(archive: Archive, found: DestructionList, actor: Actor) -> None:
    """Raises DestructionRefused if one person may be behind both steps, saying why and what to do."""
    shared = shared_user(found.proposed_by, actor.who)
    if shared is None:
        return
    actors = Actors.of(archive)
    by, now = actors.words(found.proposed_by), actors.words(actor.who)
    why = Bilingual(f"清册 {found.id} 是您（{by.zh}）提出的", f"You ({by.en}) proposed list {found.id}")
    if found.proposed_by != actor.who:
        user = shared.removeprefix("user:")
        why = Bilingual(
            f"清册 {found.id} 由{by.zh}提出，您是{now.zh}：两步都出自系统用户 {user}，"
            "共用一个账户的各人算一个人（sudo 的调用者不足为凭）",
            f"List {found.id} was proposed by {by.en}, and you are {now.en}: both are system user {user}, "
            "and all who share an account count as one person (who called sudo is no proof)",
        )
    way = _way(others_for(archive, found), actors)
    raise DestructionRefused(
        f"{why.zh}，须由另一人核对后执行。{way.zh}只有一人保管档案的，可由管理员在设置中允许一人完成。",
        f"{why.en}: another person must check it and carry it out. {way.en} Where one person alone keeps the "
        "archive, the administrator can allow that in the settings.",
    )


def _way(keys: Sequence[ApiKey], actors: Actors) -> Bilingual:
    """How another person carries out a list, with `keys` if there are any."""
    if not keys:
        return MISSING
    named = [actors.words(f"key:{key.id}") for key in keys]
    return Bilingual(
        f"可以执行的有：{'、'.join(each.zh for each in named)}，以及以自己的账户使用服务器的另一位系统用户。",
        f"Those who may: {', '.join(each.en for each in named)}, and another system user with an account of "
        "their own on the server.",
    )
