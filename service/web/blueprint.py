"""The service as a blueprint for any application: routes, hooks and error handlers."""

import functools
import io
import json
import threading
from typing import Any

from flask import Blueprint, Response, current_app, request
from flask.sansio.app import App
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, MapAdapter

from service import catalog
from service.access import Authenticator
from service.archive.database_handle import DatabaseHandle
from service.batch.hosted.supervisor import Supervisor
from service.catalog import Edition
from service.config import Settings
from service.conversion.fonts.face_table import faces
from service.drafts.draft_store import DraftStore
from service.forms.form_folder import font_folders
from service.object_cache import object_cache
from service.signatures.trust import trusted
from service.submission import use_limits
from service.web.api import (
    audit,
    batches,
    comparison,
    documents,
    drafts,
    embed_tokens,
    facts,
    health,
    identification,
    pasted_text,
    record_list,
    records,
    sealed_copies,
)
from service.web.api.keeping import destruction, handover, received_package, retention
from service.web.http import archive_handle, audit_log, auth, parameters, problems, rate_limit, request_hooks
from service.web.http.cross_site import refuse_other_sites
from service.web.http.form_parser import FormParser
from service.web.http.idempotency_store import IdempotencyStore
from service.web.http.json_blueprint import Blueprint as Declared
from service.web.http.request_metrics import RequestMetrics
from service.web.http.urls import link
from service.web.openapi.build import describe
from service.web.pages import (
    batch_pages,
    error_pages,
    form_pages,
    new_form_pages,
    record_pages,
    render,
    trial_pages,
)
from service.web.pages.administration import audit_page
from service.web.pages.archive_list import record_list_pages
from service.web.pages.comparison import comparison_page, identify_page
from service.web.pages.keeping import (
    destruction_page,
    handover_page,
    record_retention_page,
    retention_page,
)
from service.web.pages.sealed import sealed_pages

_description = Declared("description", __name__)
_PARTS = (
    documents.blueprint,
    drafts.blueprint,
    facts.blueprint,
    pasted_text.blueprint,
    record_list.blueprint,
    records.blueprint,
    sealed_copies.blueprint,
    comparison.blueprint,
    identification.blueprint,
    audit.blueprint,
    retention.blueprint,
    destruction.blueprint,
    handover.blueprint,
    received_package.blueprint,
    batches.blueprint,
    embed_tokens.blueprint,
    health.blueprint,
    form_pages.blueprint,
    new_form_pages.blueprint,
    trial_pages.blueprint,
    batch_pages.blueprint,
    record_list_pages.blueprint,
    record_pages.blueprint,
    sealed_pages.blueprint,
    comparison_page.blueprint,
    identify_page.blueprint,
    audit_page.blueprint,
    retention_page.blueprint,
    record_retention_page.blueprint,
    destruction_page.blueprint,
    handover_page.blueprint,
    _description,
)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


class ServiceBlueprint(Blueprint):
    """A blueprint that adds its settings and per-process objects to the application's config.

    Settings come from the application's `config` (names of `KEXIE_…`), else from the environment.
    """

    def register(self, app: App, options: dict[str, Any]) -> None:
        """Called by `register_blueprint`.

        Raises UsageError for settings that cannot be read, TemplateFault for a broken form or table of faces.
        """
        settings = app.config.get("KEXIE_SETTINGS") or Settings.from_env(_configured(app))
        catalog.use(settings)
        use_limits(settings)
        trusted(settings)
        faces(font_folders(settings))
        database = DatabaseHandle(settings)
        app.config.update(
            KEXIE_SETTINGS=settings,
            KEXIE_AUTHENTICATOR=Authenticator(settings, database=database),
            KEXIE_ARCHIVE_HANDLE=archive_handle.ArchiveHandle(settings, database),
            KEXIE_SUPERVISOR=Supervisor(settings),
            KEXIE_LISTENERS=threading.Semaphore(settings.listeners),
            KEXIE_SHUTDOWN=threading.Event(),
            KEXIE_READINESS=health.Readiness(settings),
            KEXIE_REQUEST_METRICS=RequestMetrics(),
            KEXIE_RATE_LIMITER=rate_limit.RateLimiter(settings),
            KEXIE_IDEMPOTENCY_STORE=IdempotencyStore(settings, database),
            KEXIE_DRAFT_STORE=DraftStore(settings, database),
        )
        super().register(app, options)
        render.check_controls(app)


def _configured(app: App) -> dict[str, str]:
    """The settings of an application's `config`, completed from the environment."""
    given = {name: value for name, value in app.config.items() if name.startswith("KEXIE_")}
    texts = {name: str(int(value) if isinstance(value, bool) else value) for name, value in given.items()}
    return Settings.environment() | texts


@_description.get("/openapi.json")
@_description.response(200, {"type": "object"}, description="接口描述 / this description")
def openapi_json() -> Response:
    """接口描述 / this description; its server is the prefix of this request"""
    described = {
        **_described(catalog.editions()),
        "servers": [{"url": link("pages.index").rstrip("/") or "/"}],
    }
    return Response(json.dumps(described, indent=2), content_type="application/json")


@functools.lru_cache(maxsize=1)
def _described(editions: tuple[Edition, ...]) -> dict[str, Any]:
    """The description of the routes and forms, kept until the editions change."""
    return describe(_PARTS)


def _routes() -> MapAdapter:
    """Our routes without the one for unmatched URLs."""
    return _known(current_app.url_map, (request.blueprint or "").partition(".")[0]).bind_to_environ(
        request.environ
    )


@object_cache
def _known(url_map: Map, name: str) -> Map:
    """The routes of the blueprint registered by a name, kept: a map takes long to make."""
    unmatched = f".{_unmatched.__name__}"
    rules = [rule for rule in url_map.iter_rules() if rule.endpoint.startswith(f"{name}.")]
    others = [rule.empty() for rule in rules if not rule.endpoint.endswith(unmatched)]
    return Map(others, converters=url_map.converters, merge_slashes=False)


def _unmatched(address: str) -> Response:
    """A page of its own or 404 for an unmatched URL below our prefix; raises 405 for a known one."""
    try:
        _routes().match()
    except NotFound:
        if error_pages.asks_for_page() and not address.startswith("api/"):
            return error_pages.no_such_page()
    raise NotFound


def _options() -> Response | None:
    """Responds to OPTIONS with a URL's methods; Flask would include those of `_unmatched`."""
    if request.method != "OPTIONS" or not (methods := _routes().allowed_methods()):
        return None
    response = Response(status=204)
    del response.headers["Content-Type"]
    response.allow.update(sorted(methods))
    return response


def _begin() -> None:
    request.max_content_length = auth.settings().body_limit
    parameters.allow_pictures()
    request.form_data_parser_class = FormParser
    # Files stay in memory, which their limit allows, unless a view sets `new_file`.
    request.new_file = io.BytesIO  # type: ignore[attr-defined]
    request._get_file_stream = lambda *_, **__: request.new_file()  # type: ignore[method-assign, attr-defined]
    request_hooks.begin()
    current_app.config["KEXIE_SUPERVISOR"].resume()


def _build() -> ServiceBlueprint:
    service = ServiceBlueprint("kexie", __name__, static_folder="static", template_folder="templates")
    for part in _PARTS:
        service.register_blueprint(part)
    others = Blueprint("others", __name__)  # so that `link` finds the routes from there too
    others.add_url_rule(
        "/<path:address>", _unmatched.__name__, _unmatched, methods=_METHODS, provide_automatic_options=False
    )
    service.register_blueprint(others)
    service.before_request(_begin)
    service.before_request(_options)
    service.before_request(refuse_other_sites)
    service.before_request(rate_limit.check)
    service.after_request(request_hooks.finish)
    service.after_request(audit_log.queue)
    service.teardown_request(request_hooks.end)
    service.add_app_template_filter(render.china_time)
    service.context_processor(lambda: {"link": link})
    problems.register(service)
    return service


blueprint = _build()
