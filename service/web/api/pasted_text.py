"""The route that tidies a text pasted into a field."""

from typing import Any

from service.catalog import Edition
from service.web.controls.pasted_text import TidiedText, tidied
from service.web.http.auth import needs
from service.web.http.json_blueprint import Blueprint
from service.web.schemas.forms import EditionPath
from service.web.schemas.pasted_text import PastedTextBody, TidiedTextSchema

blueprint = Blueprint(
    "pasted_text", __name__, url_prefix="/api/v1/forms/<form>/<year>", description="粘贴 / pasted text"
)


@blueprint.post("/pasted-text")
@blueprint.doc(operationId="makeTidyText")
@needs("generate")
@blueprint.response(200, TidiedTextSchema, description="整理后的文字 / the tidied text")
@blueprint.arguments(EditionPath, location="path")
@blueprint.arguments(PastedTextBody, location="json")
def tidy(edition: Edition, body: dict[str, Any]) -> TidiedText:
    """整理粘贴的文字 / tidy a text pasted into a field"""
    return tidied(edition, body["pointer"], body["text"])
