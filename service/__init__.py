"""kexie-forms: official Word forms and their PDF/A from JSON."""

from __future__ import annotations

from typing import Any

from service.pipeline import generate

__all__ = ["create_app", "generate"]


def create_app(config: Any = None) -> Any:
    """The WSGI application; see `service.web.create_app`."""
    from service.web import create_app as create

    return create(config)
