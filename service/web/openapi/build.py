"""Assembles the OpenAPI description from the routes' declarations, independent of the mount prefix."""

from collections.abc import Iterable
from typing import Any, ClassVar

from flask import Flask
from flask_smorest import Api, Blueprint

from service import catalog
from service.version import VERSION
from service.web.http import idempotency
from service.web.http.problems import ProblemSchema
from service.web.openapi import errors, operation_ids, parts
from service.web.schemas import openapi_examples
from service.web.schemas.batches import BatchItemSchema, ProgressSchema


class _Api(Api):  # type: ignore[misc]
    """flask-smorest with our problem details in place of its own error body."""

    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA: ClassVar[dict[str, str]] = parts.named("Problem")

    def _register_error_handlers(self) -> None:
        pass  # its application serves no requests

    def _register_pagination_header(self) -> None:
        pass  # lists link to the next page in the body


def describe(blueprints: Iterable[Blueprint]) -> dict[str, Any]:
    """The description of these blueprints' routes, without servers."""
    app = Flask(__name__, static_folder=None)
    app.config.update(API_TITLE="科协表单 kexie-forms", API_VERSION=VERSION, OPENAPI_VERSION="3.1.0")
    documented = _Api(app)
    components = documented.spec.components
    components.schema("Problem", schema=ProblemSchema)
    for blueprint in blueprints:
        documented.register_blueprint(blueprint)
    components.schema("Progress", schema=ProgressSchema)
    components.schema("BatchItem", schema=BatchItemSchema)
    for edition in catalog.editions():
        components.schema(f"{edition.form}_{edition.year}", edition.json_schema())
    for name, scheme in parts.security_schemes().items():
        components.security_scheme(name, scheme)
    described: dict[str, Any] = documented.spec.to_dict()
    for _, _, operation in openapi_examples.operations(described):
        if scopes := operation.pop("x-scopes", None):
            parts.require(operation, list(scopes))
        if kind := operation.pop("x-body", None):
            operation["requestBody"] = parts.body(kind)
        if operation.get("x-idempotent"):
            operation["parameters"] = [*operation.get("parameters", ()), idempotency.PARAMETER]
    operation_ids.complete(described)
    errors.complete(described)
    openapi_examples.complete(described)
    filled: dict[str, Any] = openapi_examples.fill(described, openapi_examples.of_catalogue())
    return filled
