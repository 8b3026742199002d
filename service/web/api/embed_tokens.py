"""The route that makes tokens of embedded forms."""

from __future__ import annotations

import dataclasses
import time
from typing import Any
from urllib.parse import quote

from flask import Response, request
from flask_smorest import Blueprint

from service import catalog
from service.access import embed_token
from service.access.caller import is_tenant
from service.catalog import Edition
from service.config import Settings, is_origin
from service.errors import Bilingual, FieldError, InvalidPayload
from service.submission import pointer, validate
from service.web.http.auth import caller, needs, require, settings
from service.web.http.parameters import payload
from service.web.http.problems import json_response
from service.web.openapi import embed_tokens

_PATH = "/api/v1/embed-tokens"
_SECONDS = 600  # of a token, where the request tells no other

blueprint = Blueprint("tokens", __name__, description="嵌入令牌 / tokens of embedded forms")

# Each field of the body: its name for people, and what it must be.
_FIELDS: dict[str, tuple[str, Bilingual]] = {
    "form": ("表单", Bilingual("应为表单的名称，例如 annex2。", "Must be a form's name, such as annex2.")),
    "year": ("年度", Bilingual("应为整数，例如 2021。", "Must be a whole number, such as 2021.")),
    "origin": (
        "门户的源",
        Bilingual(
            "应为门户页面的源，小写，例如 https://portal.example。",
            "Must be the origin of the portal's page, in lower case, such as https://portal.example.",
        ),
    ),
    "data": ("预填内容", Bilingual("应为 JSON 对象。", "Must be a JSON object.")),
    "seconds": (
        "有效秒数",
        Bilingual(
            f"应为 1 至 {embed_token.LONGEST} 的整数。",
            f"Must be a whole number from 1 to {embed_token.LONGEST}.",
        ),
    ),
    "tenant": (
        "租户",
        Bilingual("应为 1 至 100 个可见字符。", "Must be 1 to 100 visible characters."),
    ),
}


@blueprint.post(_PATH)
@blueprint.doc(**embed_tokens.embed_tokens())
@needs("generate")
def make() -> Response:
    """签发嵌入令牌 / a token for one form in one year, for a page of a portal"""
    body = _checked(payload())
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
    return json_response({"token": text, "expires": when, "url": address}, 201)


def _checked(body: Any) -> dict[str, Any]:
    """The body, null fields left out. Raises InvalidPayload with every fault of its own fields."""
    if not isinstance(body, dict):
        raise InvalidPayload((FieldError("", "请求", "not_an_object", _FIELDS["data"][1]),))
    given = {name: value for name, value in body.items() if value is not None}
    unknown = Bilingual("没有这一项，请删去。", "There is no such field: remove it.")
    faults = [
        FieldError(pointer((name,)), "请求", "unknown_field", unknown)
        for name in given
        if name not in _FIELDS
    ]
    for name, (label, message) in _FIELDS.items():
        if name not in given and name in ("form", "year", "origin"):
            faults.append(FieldError(pointer((name,)), label, "required", message))
        elif name in given and not _fits(name, given[name]):
            faults.append(FieldError(pointer((name,)), label, "invalid", message))
    if faults:
        raise InvalidPayload(tuple(faults))
    return given


def _fits(name: str, value: Any) -> bool:
    match name:
        case "year":
            return type(value) is int
        case "seconds":
            return type(value) is int and 1 <= value <= embed_token.LONGEST
        case "origin":
            return isinstance(value, str) and is_origin(value)
        case "data":
            return isinstance(value, dict)
        case "tenant":
            return is_tenant(value)
    return isinstance(value, str)


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
            "Too much for a token, which travels in an address: fill in short fields only.",
        )
        raise InvalidPayload((FieldError("/data", _FIELDS["data"][0], "too_long", message),))
    return text
