"""Who calls a route, and whether he may."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app

from service.access import ANYONE, Caller

_View = TypeVar("_View", bound=Callable[..., Any])


def needs(*scopes: str) -> Callable[[_View], _View]:
    """Lets only callers with all of `scopes` reach a view."""

    def guarded(view: _View) -> _View:
        @functools.wraps(view)
        def asked(*args: Any, **kwargs: Any) -> Any:
            require(*scopes)
            return view(*args, **kwargs)

        return asked  # type: ignore[return-value]

    return guarded


def require(*scopes: str) -> None:
    """Refuses a request whose caller lacks one of `scopes`."""
    assert caller().scopes >= set(scopes)


def caller() -> Caller:
    """Who calls."""
    found: Caller = current_app.config.get("KEXIE_CALLER", ANYONE)
    return found
