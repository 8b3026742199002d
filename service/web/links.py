"""Addresses of this service's own routes, under whatever prefix it is mounted; and the names of downloads."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import request, url_for


def link(endpoint: str, **values: Any) -> str:
    """The path of a route named "blueprint.function", wherever these blueprints are nested."""
    above = (request.blueprint or "").rpartition(".")[0]
    return url_for(f"{above}.{endpoint}" if above else endpoint, **values)


def saved_as(plain: str, name: str) -> str:
    """Content-Disposition of a download: an ASCII name, and the true one (RFC 6266, RFC 8187)."""
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
