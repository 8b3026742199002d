"""The WSGI application: settings, routes, headers, request ids."""

from __future__ import annotations

import io
import logging
import re
import time
import uuid
from collections.abc import Mapping
from importlib.metadata import version
from typing import IO, Any, ClassVar

from flask import Flask, Request, Response, g, request
from flask_smorest import Api

from service.access import Registry
from service.config import Settings
from service.web import api, openapi, operations, problems, tokens

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_CSP_API = "default-src 'none'; frame-ancestors 'none'"
_CSP_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)

_log = logging.getLogger("kexie.web")


class _Request(Request):
    """A request whose files stay in memory, which their limit allows, and are never written to disk."""

    def _get_file_stream(self, *args: Any, **kwargs: Any) -> IO[bytes]:
        return io.BytesIO()


class _Api(Api):  # type: ignore[misc]
    """flask-smorest with our problem details in place of its own error body."""

    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA: ClassVar[dict[str, str]] = {"$ref": "#/components/schemas/Problem"}

    def _register_error_handlers(self) -> None:
        problems.register(self._app)


def create_app(config: Settings | Mapping[str, str] | None = None) -> Flask:
    """The service as a WSGI application, to be served alone or mounted under a prefix.

    `config` are the settings, or values for them by name (`KEXIE_…`); by default those of
    the environment. Raises UsageError for settings that cannot be read.
    """
    settings = config if isinstance(config, Settings) else Settings.from_env(config)
    app = Flask("service.web")
    app.request_class = _Request
    app.config.update(
        KEXIE_SETTINGS=settings,
        KEXIE_ACCESS=Registry(settings),
        KEXIE_READINESS=operations.Readiness(settings),
        MAX_CONTENT_LENGTH=settings.body_limit,
        API_TITLE="科协表单 kexie-forms",
        API_VERSION=version("kexie-forms"),
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={"servers": [{"url": "."}]},  # beside openapi.json, under any prefix
    )
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False  # its redirect names this host, which a proxy may hide
    app.before_request(_begin)
    app.after_request(_finish)
    _describe(app)
    return app


def _describe(app: Flask) -> None:
    documented = _Api(app)
    documented.register_blueprint(api.blueprint)
    documented.register_blueprint(tokens.blueprint)
    documented.register_blueprint(operations.blueprint)
    for name, schema in openapi.components().items():
        documented.spec.components.schema(name, schema)
    for name, scheme in openapi.security_schemes().items():
        documented.spec.components.security_scheme(name, scheme)
    rule = next(app.url_map.iter_rules("api-docs.openapi_json"))
    documented.spec.path(rule=rule, operations={"get": openapi.operation("接口描述 / this description")})


def _begin() -> None:
    sent = request.headers.get("X-Request-ID", "")
    g.request_id = sent if _REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
    g.began = time.monotonic()


def _finish(response: Response) -> Response:
    page = response.mimetype == "text/html" or request.endpoint == "static"
    response.headers["X-Request-ID"] = g.request_id
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Security-Policy"] = _CSP_PAGE if page else _CSP_API
    if not page:
        response.headers.setdefault("Cache-Control", "no-store")
        response.vary.update(("Accept", "Accept-Language"))
    rule = request.url_rule.rule if request.url_rule else "-"
    took = (time.monotonic() - g.began) * 1000
    # The route's rule, never the address: an address may hold personal data.
    _log.info("%s %s %s %.0f ms %s", request.method, rule, response.status_code, took, g.request_id)
    return response
