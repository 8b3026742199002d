"""The OpenAPI file: what the routes' decorators tell, gathered once for whatever prefix they stand under."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any, ClassVar

from flask import Flask
from flask_smorest import Api, Blueprint

from service.web.openapi import batches, errors, forms, operation_ids, parts, records


class _Api(Api):  # type: ignore[misc]
    """flask-smorest with our problem details in place of its own error body."""

    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA: ClassVar[dict[str, str]] = {"$ref": "#/components/schemas/Problem"}

    def _register_error_handlers(self) -> None:
        pass  # its application answers nobody


def describe(blueprints: Iterable[Blueprint]) -> dict[str, Any]:
    """The description of these blueprints' routes, without servers."""
    app = Flask(__name__, static_folder=None)
    app.config.update(
        API_TITLE="科协表单 kexie-forms", API_VERSION=version("kexie-forms"), OPENAPI_VERSION="3.1.0"
    )
    documented = _Api(app)
    for blueprint in blueprints:
        documented.register_blueprint(blueprint)
    components = forms.components() | records.components() | batches.components()
    for name, schema in components.items():
        documented.spec.components.schema(name, schema)
    for name, scheme in parts.security_schemes().items():
        documented.spec.components.security_scheme(name, scheme)
    described: dict[str, Any] = documented.spec.to_dict()
    parts.complete(described["paths"])
    operation_ids.complete(described)
    errors.complete(described)
    return described
