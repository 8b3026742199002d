"""The route that issues tokens for embedded forms."""

import dataclasses
import time
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from flask import request

from service import catalog, portal_rules
from service.access import embed_token
from service.batch.inputs.item_identity import id_errors
from service.catalog import Edition
from service.config import Settings
from service.errors import Bilingual, FieldError, InvalidPayload
from service.submission import validate
from service.web.http.audit_log import audited, happened
from service.web.http.auth import caller, needs, require, settings
from service.web.http.json_blueprint import Blueprint
from service.web.schemas.embed_tokens import (
    DATA,
    FIELD_LISTS,
    ID,
    ID_WITHOUT_ARCHIVE,
    EmbedTokenRequestSchema,
    EmbedTokenSchema,
    no_field,
)

_PATH = "/api/v1/embed-tokens"
_SECONDS = 600  # lifetime of a token by default

blueprint = Blueprint("tokens", __name__, description="嵌入令牌 / tokens of embedded forms")


@blueprint.post(_PATH)
@blueprint.doc(operationId="makeEmbedToken")
@needs("generate")
@audited("token_made")
@blueprint.response(201, EmbedTokenSchema, description="嵌入令牌 / the token")
@blueprint.arguments(EmbedTokenRequestSchema, location="json")
def make(body: dict[str, Any]) -> dict[str, str]:
    """签发嵌入令牌 / issue a token for one edition, for a page of a portal"""
    tenant = body.get("tenant", caller().tenant)
    if tenant != caller().tenant:
        require("admin")
    if body.get("archive"):
        require("archive:write")
    edition = catalog.edition(body["form"], body["year"])
    happened(tenant=tenant, form=edition.form, year=edition.year)
    expires = int(time.time()) + body.pop("seconds", _SECONDS)
    stated = {"data": {}, **body, "tenant": tenant, "maker": caller().name, "expires": expires}
    token = embed_token.EmbedToken(**stated)
    _check(edition, token)
    text = _signed(token, settings())
    root = request.script_root + request.path.removesuffix(_PATH)
    address = f"{root}/embed/{quote(edition.form)}/{edition.year}?token={text}"
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(expires))
    return {"token": text, "expires": when, "url": address}


def _check(edition: Edition, token: embed_token.EmbedToken) -> None:
    """Raises InvalidPayload with every error of the prefilled values, the rules of fields, and the id."""
    wrong = [error for name in FIELD_LISTS for error in _unknown(edition, name, getattr(token, name))]
    if token.id:
        wrong += id_errors(token.id)
        if not token.archive:
            wrong.append(FieldError("/id", ID, "invalid", ID_WITHOUT_ARCHIVE))
    try:
        validate(edition, token.data)
    except InvalidPayload as error:
        wrong += (dataclasses.replace(fault, pointer=f"/data{fault.pointer}") for fault in error.errors)
    else:
        unfillable = portal_rules.unfillable(edition, token.rules, token.data)
        wrong += (dataclasses.replace(each, pointer="/required_fields") for each in unfillable)
    if wrong:
        raise InvalidPayload(tuple(wrong))


def _unknown(edition: Edition, name: str, paths: Sequence[str]) -> Iterator[FieldError]:
    for path in portal_rules.unknown(edition, paths):
        yield FieldError(f"/{name}/{paths.index(path)}", FIELD_LISTS[name], "unknown_field", no_field(path))


def _signed(token: embed_token.EmbedToken, settings: Settings) -> str:
    text = embed_token.sign(token, settings)
    if len(text) > embed_token.LIMIT:
        message = Bilingual(
            "内容太多，令牌放不进网址；请只预填短的栏目。",
            "Too large for a token, which is part of a URL: prefill short fields only.",
        )
        raise InvalidPayload((FieldError("/data", DATA, "too_long", message),))
    return text
