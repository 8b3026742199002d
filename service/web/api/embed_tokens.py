"""The route that issues tokens for embedded forms."""

import dataclasses
import time
from typing import Any
from urllib.parse import quote

from flask import request

from service import catalog
from service.access import embed_token
from service.catalog import Edition
from service.config import Settings
from service.errors import Bilingual, FieldError, InvalidPayload
from service.submission import validate
from service.web.http.auth import caller, needs, require, settings
from service.web.http.blueprint import Blueprint
from service.web.schemas.embed_tokens import DATA, EmbedTokenRequestSchema, EmbedTokenSchema

_PATH = "/api/v1/embed-tokens"
_SECONDS = 600  # lifetime of a token by default

blueprint = Blueprint("tokens", __name__, description="嵌入令牌 / tokens of embedded forms")


@blueprint.post(_PATH)
@needs("generate")
@blueprint.response(201, EmbedTokenSchema, description="嵌入令牌 / the token")
@blueprint.arguments(EmbedTokenRequestSchema, location="json")
def make(body: dict[str, Any]) -> dict[str, str]:
    """签发嵌入令牌 / issue a token for one edition, for a page of a portal"""
    tenant = body.get("tenant", caller().tenant)
    if tenant != caller().tenant:
        require("admin")
    edition = catalog.edition(body["form"], body["year"])
    _validate(edition, data := body.get("data", {}))
    expires = int(time.time()) + body.get("seconds", _SECONDS)
    token = embed_token.EmbedToken(
        edition.form, edition.year, tenant, body["origin"], data, caller().name, expires
    )
    text = _signed(token, settings())
    root = request.script_root + request.path.removesuffix(_PATH)
    address = f"{root}/embed/{quote(edition.form)}/{edition.year}?token={text}"
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(expires))
    return {"token": text, "expires": when, "url": address}


def _validate(edition: Edition, data: dict[str, Any]) -> None:
    try:
        validate(edition, data)
    except InvalidPayload as error:
        moved = (dataclasses.replace(fault, pointer=f"/data{fault.pointer}") for fault in error.errors)
        raise InvalidPayload(tuple(moved)) from error


def _signed(token: embed_token.EmbedToken, settings: Settings) -> str:
    text = embed_token.sign(token, settings)
    if len(text) > embed_token.LIMIT:
        message = Bilingual(
            "内容太多，令牌放不进网址；请只预填短的栏目。",
            "Too large for a token, which is part of a URL: prefill short fields only.",
        )
        raise InvalidPayload((FieldError("/data", DATA, "too_long", message),))
    return text
