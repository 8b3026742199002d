"""URLs of the service's own routes under any mount prefix, and the file names of downloads."""

from typing import Any
from urllib.parse import quote, urlencode

from flask import request, url_for


def link(endpoint: str, **values: Any) -> str:
    """The path of the route "blueprint.function", however the blueprints are nested."""
    above = (request.blueprint or "").rpartition(".")[0]
    return url_for(f"{above}.{endpoint}" if above else endpoint, **values)


def following(after: object) -> str:
    """The current URL with `after` replaced: the address of the next page."""
    # Not by url_for: some names in a query would be its own parameters.
    query = request.args.to_dict() | {"after": str(after)}
    return f"{url_for(request.endpoint or '', **request.view_args or {})}?{urlencode(query)}"


def with_version(name: str, version: int) -> str:
    """A file's name, without its extension, of a version of a record: the first has none in it."""
    return f"{name}第{version}版" if version > 1 else name


def saved_as(plain: str, name: str) -> str:
    """Content-Disposition of a download: an ASCII name, and the true one (RFC 6266, RFC 8187)."""
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
