"""The portal around an embedded form: what its token and its address say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from service import portal_rules
from service.access import embed_token
from service.catalog import Edition
from service.payload_json import pointer_of_any_row
from service.portal_rules import PortalRules
from service.web.controls import form_data
from service.web.http import security_headers
from service.web.http.auth import caller, credential, require_edition, settings
from service.web.http.json_fields import read_flag

_RULES = ("readonly_fields", "hidden_fields", "required_fields")
#: What the query of an embedded form's address may say.
QUERY = {
    "token": "嵌入令牌 / embed token",
    "origin": "嵌入它的网站，须在 KEXIE_FRAME_ANCESTORS 中 / "
    "origin of the embedding page; must be in KEXIE_FRAME_ANCESTORS",
    "readonly_fields": "只读的栏目，路径以空格分开 / read-only fields, paths separated by spaces",
    "hidden_fields": "不显示的栏目 / hidden fields",
    "required_fields": "必填的栏目 / required fields",
    "steps": "true：一次一节 / a section at a time",
    "buttons": "none：不显示按钮 / without the form's buttons",
    "keeps_draft": "true：门户保存草稿 / the portal keeps the draft",
}


@dataclass(frozen=True)
class Portal:
    """The origin of the page around a form ("" if none is allowed), what it fills in, and its rules.

    `unknown` are paths of the address that name no field. `steps`: one section is shown at a time; `buttons`:
    with those of the form; `keeps_draft`: the portal does; `archives`: submitting archives, under `id` if it
    is not "".
    """

    origin: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    rules: PortalRules = field(default_factory=PortalRules)
    unknown: tuple[str, ...] = ()
    steps: bool = False
    buttons: bool = True
    keeps_draft: bool = False
    archives: bool = False
    id: str = ""


def portal(edition: Edition) -> Portal:
    """The portal of this request, which may show the page in its frame.

    Raises Unauthorized or Forbidden for an invalid token, UsageError.
    """
    security_headers.embeddable()
    lists = [tuple(re.split(r"[\s,]+", request.args.get(name, "").strip())) for name in _RULES]
    stated = PortalRules(*(tuple(filter(None, paths)) for paths in lists))
    paths = (*stated.readonly, *stated.hidden, *stated.required)
    more: dict[str, Any] = {
        "unknown": tuple(portal_rules.unknown(edition, paths)),
        "steps": _flag("steps"),
        "buttons": request.args.get("buttons") != "none",
        "keeps_draft": _flag("keeps_draft"),
    }
    if not (text := sent_token()):
        origin = request.args.get("origin", "")
        return Portal(origin if origin in settings().frame_ancestors else "", rules=stated, **more)
    token = embed_token.read(text, settings())
    require_edition(token.form, token.year, edition.form, str(edition.year))
    security_headers.embeddable(token.origin)
    return Portal(token.origin, token.data, token.rules | stated, archives=token.archive, id=token.id, **more)


def sent_token() -> str | None:
    """The token of an embedded form: the one that its script sends may be newer than that of its address."""
    sent = credential()
    return sent if sent and embed_token.is_embed_token(sent) else request.args.get("token")


def with_filled_in(edition: Edition, sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """A posted form in which read-only and hidden fields have what the token of its portal fills in."""
    if (token := caller().embedding) is None:
        return sent
    rules = token.rules
    locked = portal_rules.pointers(edition, (*rules.readonly, *rules.hidden))
    filled = form_data.texts(edition, token.data)
    kept = [(name, text) for name, text in sent.items(multi=True) if not _is_in(name, locked)]
    return MultiDict([*kept, *((name, text) for name, text in filled.items() if _is_in(name, locked))])


def _is_in(name: str, locked: frozenset[str]) -> bool:
    """Whether a posted name is that of one of these fields, or of a part of it."""
    pattern = pointer_of_any_row(name)
    return pattern in locked or pattern.rpartition("/")[0] in locked


def _flag(name: str) -> bool:
    return read_flag(name, request.args.get(name, "false"))
