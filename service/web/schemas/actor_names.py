"""Who acted, in responses: an id as the audit log has it, and the name of its key."""

from typing import Any

from flask import g
from marshmallow.fields import String

from service.access.actors import Actors
from service.web.http import json_fields
from service.web.http.archive_handle import archive
from service.web.http.auth import caller


class _KeyName(String):
    def __init__(self, of: str, **options: Any) -> None:
        super().__init__(**options)
        self._of = of

    def get_value(self, obj: Any, attr: str, *accessor: Any, **more: Any) -> Any:
        """The value of the other attribute."""
        return super().get_value(obj, self._of, *accessor, **more)

    def _serialize(self, value: str | None, *_: Any, **__: Any) -> str:
        return actors().name(value or "")


def key_name(attribute: str) -> Any:
    """Field with the name of the key that acted, whose id is `attribute`."""
    about = "密钥的备注名，没有则为空 / name of the key, empty without one"
    return json_fields.field(_KeyName, "档案室张", about, attribute)


def actors() -> Actors:
    """The names of the keys of the caller's tenant, read once in a request."""
    if "kexie_actors" not in g:
        g.kexie_actors = Actors.of(archive(), caller().tenant)
    found: Actors = g.kexie_actors
    return found
