"""kexie-forms: official Word forms and their PDF/A from JSON."""

from __future__ import annotations

from typing import Any

__all__ = ["blueprint", "create_app", "generate"]

# All import when first asked for: the pool's own process needs neither templates nor Flask.


def __getattr__(name: str) -> Any:
    if name == "blueprint":
        from service.web import blueprint

        return blueprint
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def create_app(config: Any = None) -> Any:
    """The WSGI application; see `service.web.create_app`."""
    from service.web import create_app as create

    return create(config)


def generate(form: str, year: int, payload: Any, *args: Any, **kwargs: Any) -> dict[str, bytes]:
    """The documents of a payload, as bytes by format; see `service.pipeline.generate`."""
    from service.pipeline import generate as make

    return make(form, year, payload, *args, **kwargs)
