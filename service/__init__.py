"""kexie-forms: official Word forms and their PDF/A from JSON."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from service.pipeline import generate
    from service.web import create_app
    from service.web.blueprint import blueprint

__all__ = ["blueprint", "create_app", "generate"]

# Imported at first use: the pool's own process needs neither templates nor Flask.
_MODULES = {"blueprint": "service.web.blueprint", "create_app": "service.web", "generate": "service.pipeline"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULES[name]), name)
