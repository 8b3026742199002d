"""The WSGI application: the service's blueprint alone, behind proxies."""

from collections.abc import Mapping

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from service.config import Settings
from service.web.blueprint import blueprint
from service.web.http import problems, request_hooks, tracing
from service.web.http.cross_site import refuse_other_hosts

__all__ = ["blueprint", "create_app"]


def create_app(config: Settings | Mapping[str, str] | None = None) -> Flask:
    """The service as a WSGI application, to be served alone or mounted under a prefix.

    `config` is the settings, or values by name (`KEXIE_…`) that override the environment.
    Raises UsageError for settings that cannot be read or used.
    """
    if isinstance(config, Settings):
        settings = config
    else:
        settings = Settings.from_env(Settings.environment() | dict(config or {}))
    app = Flask("service.web", static_folder=None)
    app.config["KEXIE_SETTINGS"] = settings
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False  # its redirect contains this host, which a proxy may hide
    app.before_request(refuse_other_hosts)
    app.register_blueprint(blueprint)
    # A request with an unknown method matches no blueprint.
    problems.register(app)
    app.after_request(lambda response: response if request.blueprint else request_hooks.finish(response))
    tracing.install(app, settings)
    if count := settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_prefix=count
        )
    return app
