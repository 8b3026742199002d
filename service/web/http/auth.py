"""Authentication and authorisation of requests: keys and tokens from their headers, and scopes."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import current_app, g, request
from flask_smorest import Blueprint

from service.access import SCOPE_NAMES, Authenticator, Caller
from service.config import Settings
from service.errors import Forbidden

P = ParamSpec("P")
R = TypeVar("R")


def needs(*scopes: str, **flags: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Restricts a view to callers with all of `scopes`, and with those of the `flags` in the query.

    `archive="archive:write"`: with `?archive=true` that scope is needed too, for a stored response as well.

    A caller bound to an edition reaches it only under that edition's path. The OpenAPI file reads the
    scopes from `x-scopes`.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(view)
        def restricted(*args: P.args, **kwargs: P.kwargs) -> R:
            require(*scopes, *(flags[name] for name in flags if request.args.get(name) == "true"))
            if token := caller().embedding:
                named = request.view_args or {}
                require_edition(token.form, token.year, named.get("form"), named.get("year"))
            return view(*args, **kwargs)

        documented: Callable[P, R] = Blueprint.doc(**{"x-scopes": scopes})(restricted)
        vars(documented)["scopes"] = scopes
        return documented

    return decorate


def require(*scopes: str) -> None:
    """Refuses a request whose caller lacks one of `scopes`; for views that need them only in some cases.

    Raises Unauthorized, Forbidden, ArchiveUnavailable or ArchiveFault.
    """
    found = caller()
    if missing := [scope for scope in scopes if scope not in found.scopes]:
        raise missing_scopes(missing, scopes)


def missing_scopes(missing: list[str], required: tuple[str, ...]) -> Forbidden:
    """The error for a key that lacks some of the required scopes."""
    zh = "、".join(f"{SCOPE_NAMES[scope].zh}（{scope}）" for scope in missing)
    en = ", ".join(f"{scope} ({SCOPE_NAMES[scope].en})" for scope in missing)
    return Forbidden(
        f"所用的密钥没有这项权限：{zh}。请向管理员索取有此权限的密钥。",
        f"The key lacks the permission {en}: ask the administrator for one that has it.",
        scopes=required,
    )


def caller() -> Caller:
    """The caller of the current request. Raises Unauthorized, ArchiveUnavailable or ArchiveFault."""
    if "kexie_caller" not in g:
        g.kexie_caller = authenticator().caller(credential())
    found: Caller = g.kexie_caller
    return found


def authenticator() -> Authenticator:
    """The authenticator of the current application."""
    found: Authenticator = current_app.config["KEXIE_AUTHENTICATOR"]
    return found


def settings() -> Settings:
    """The settings of the current application."""
    found: Settings = current_app.config["KEXIE_SETTINGS"]
    return found


def credential() -> str | None:
    """The key or token in the headers of the current request."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    return request.headers.get("X-API-Key")


def require_edition(form: str, year: int, asked_form: str | None, asked_year: str | None) -> None:
    """Rejects a token issued for another edition. Raises Forbidden."""
    if (asked_form, asked_year) != (form, str(year)):
        raise Forbidden(
            f"这个嵌入令牌只能用于 {form} {year}。",
            f"This token of an embedded form is for {form} {year} only.",
        )
