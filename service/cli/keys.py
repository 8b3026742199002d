"""The commands on keys: add, list, revoke."""

from datetime import UTC, datetime
from typing import Any

import click

from service.access import SCOPES, ApiKey, ApiKeys
from service.cli.archived.listing import print_rows
from service.cli.terminal import CommandGroup, echo, json_too, print_json, wants_json
from service.config import Settings
from service.database.column_types import iso

_HEADINGS = ("编号 id", "状态 state", "租户 tenant", "权限 scopes", "到期 expires", "备注 name")


@click.group(cls=CommandGroup)
def keys() -> None:
    """密钥：谁可以调用服务 / manage keys: who may call the service."""


@keys.command()
@click.option(
    "--tenant",
    required=True,
    metavar="T",
    help='租户，其档案和批次只有它自己看得到；命令行归档的没有租户，由 --tenant "" 的密钥看到 / '
    'tenant that owns the key and alone sees its records; those of the command line have none: --tenant ""',
)
@click.option(
    "--scope",
    "scopes",
    required=True,
    multiple=True,
    type=click.Choice(SCOPES),
    help="权限，可重复 / scope (repeatable)",
)
@click.option("--name", default="", metavar="N", help="备注 / a note")
@click.option(
    "--days",
    type=click.IntRange(1, 36500),
    metavar="D",
    help="有效天数，默认不过期 / days until it expires (default: never)",
)
@json_too
def add(tenant: str, scopes: tuple[str, ...], name: str, days: int | None) -> None:
    """生成密钥，只显示这一次 / create a key; it is shown only once."""
    with _opened() as found:
        key, secret = found.add(tenant, scopes, name, days)
    if wants_json():
        print_json({**_described(key), "key": secret})
        return
    echo(secret)
    echo("请妥善保存，以后不再显示 / store it safely: it is not shown again", err=True)


@keys.command(name="list")
@json_too
def list_command() -> None:
    """列出密钥，不含其内容 / list all keys, without their secrets."""
    found = ApiKeys.open(Settings.from_env(), create=False)
    listed: list[ApiKey] = []
    if found is not None:
        with found:
            listed = found.all()
    if wants_json():
        print_json([_described(key) for key in listed])
        return
    print_rows(_HEADINGS, map(_cells, listed), "没有密钥 / no keys")


def _cells(key: ApiKey) -> tuple[str, ...]:
    expires = iso(key.expires) if key.expires else "-"
    return key.id, _state(key), key.tenant or "-", ",".join(key.scopes), expires, key.name


@keys.command()
@click.argument("id", metavar="ID")
@json_too
def revoke(id: str) -> None:
    """撤销密钥，几秒内生效 / revoke a key permanently, within seconds."""
    with _opened() as found:
        key = found.revoke(id)
    if wants_json():
        print_json(_described(key))
    else:
        echo(f"已撤销 / revoked: {key.id}")


def _opened() -> ApiKeys:
    found = ApiKeys.open(Settings.from_env(), create=True)
    assert found is not None
    return found


def _state(key: ApiKey) -> str:
    return key.state(datetime.now(UTC))


def _described(key: ApiKey) -> dict[str, Any]:
    times = {"created": key.created, "expires": key.expires, "revoked": key.revoked}
    return {
        "id": key.id,
        "tenant": key.tenant,
        "scopes": list(key.scopes),
        "name": key.name,
        "state": _state(key),
        **{name: iso(time) if time else None for name, time in times.items()},
    }
