"""Blueprints of JSON routes, whose schemas parse requests, dump responses and describe both."""

import functools
from collections.abc import Callable
from typing import Any

import flask_smorest
from flask import current_app, request
from flask_smorest.utils import set_status_and_headers_in_response, unpack_tuple_response
from marshmallow import Schema
from werkzeug import Response

from service.errors import UsageError
from service.web.http.auth import settings
from service.web.http.parameters import payload, upload
from service.web.http.problems import json_response

View = Callable[..., Any]
_SHOWN = 40  # characters of a parameter's name in a message
_SOURCES: dict[str, Callable[[Schema], Any]] = {
    "query": lambda _: request.args,
    "headers": lambda schema: {
        name: request.headers[name] for name in _names(schema) if name in request.headers
    },
    "json": lambda _: payload(),
    "files": lambda schema: upload(getattr(settings(), getattr(schema, "limit", "file_limit"))),
}


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """flask-smorest's blueprint with our JSON and errors; undeclared query parameters are rejected."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.before_request(_refuse_unknown_parameters)

    def arguments(
        self, schema: type[Schema], *, location: str = "query", **described: Any
    ) -> Callable[[View], View]:
        """Loads the parameters with `schema` and passes them to the view as keyword arguments.

        Path values replace the raw strings. A body ("json", "files") is passed as one argument, `body`.
        """
        loaded, known = schema(), {"in": location, "schema": schema, "required": True, **described}

        def decorate(view: View) -> View:
            @functools.wraps(view)
            def taken(*args: Any, **kwargs: Any) -> Any:
                if location == "path":
                    return view(*args, **loaded.load(kwargs))
                found = loaded.load(_SOURCES[location](loaded))
                return view(*args, **kwargs, **({"body": found} if location in ("json", "files") else found))

            vars(taken)["_apidoc"] = {**vars(taken).get("_apidoc", {})}
            before = taken._apidoc.get("arguments", {}).get("parameters", [])  # type: ignore[attr-defined]
            taken._apidoc["arguments"] = {"parameters": [known, *before]}  # type: ignore[attr-defined]
            return taken

        return decorate

    def response(
        self,
        status_code: int,
        schema: type[Schema] | dict[str, Any] | None = None,
        *,
        write: Callable[..., Response] = json_response,
        **described: Any,
    ) -> Callable[[View], View]:
        """Dumps the view's value, alone or with headers, with `schema`, and serialises it with `write`.

        A Response is returned unchanged; `schema` may then be an OpenAPI dict.
        """
        document = super().response(status_code, schema, **described)
        dumped = schema() if isinstance(schema, type) else None

        def decorate(view: View) -> View:
            @functools.wraps(view)
            def answered(*args: Any, **kwargs: Any) -> Any:
                value, _, headers = unpack_tuple_response(view(*args, **kwargs))
                if not isinstance(value, Response):
                    value = write(dumped.dump(value) if dumped else value, status_code)
                    set_status_and_headers_in_response(value, None, headers)
                return value

            decorated: View = document(answered)
            return decorated

        return decorate


def allow_unknown_parameters(view: View) -> View:
    """Accepts undeclared query parameters, which links from other sites may carry."""
    vars(view)["allows_unknown_parameters"] = True
    return view


def _refuse_unknown_parameters() -> None:
    """Rejects undeclared query parameters with UsageError."""
    if not request.args or request.endpoint is None:
        return
    view = current_app.view_functions[request.endpoint]
    if vars(view).get("allows_unknown_parameters"):
        return
    known = _declared(view)
    for name in request.args:
        if name not in known:
            zh, en = "、".join(known) or "无", ", ".join(known) or "none"
            raise UsageError(
                f"没有查询参数 {name[:_SHOWN]!r}；可用的参数：{zh}。",
                f"Unknown query parameter {name[:_SHOWN]!r}; known here: {en}.",
            )


@functools.cache
def _declared(view: View) -> tuple[str, ...]:
    """The names of the query parameters that a view declares."""
    arguments = vars(view).get("_apidoc", {}).get("arguments", {}).get("parameters", ())
    schemas = [one["schema"]() for one in arguments if one["in"] == "query"]
    return tuple(name for schema in schemas for name in _names(schema))


def _names(schema: Schema) -> list[str]:
    return [field.data_key or name for name, field in schema.fields.items()]
