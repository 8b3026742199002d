"""The routes of drafts on the server: save one, open it by the secret of its link, save again, delete."""

import io
from typing import Any

import segno
from flask import Response, current_app, request

from service.catalog import Edition
from service.config import is_origin
from service.drafts.draft_cipher import DraftLink
from service.drafts.draft_store import DraftStore, SavedDraft
from service.web.http.audit_log import audited, happened
from service.web.http.auth import caller, needs
from service.web.http.json_blueprint import Blueprint
from service.web.http.rate_limit import limiter
from service.web.http.urls import link
from service.web.openapi.parts import header, raises
from service.web.schemas.drafts import (
    DraftBody,
    DraftPath,
    DraftSchema,
    DraftSecret,
    DraftVersion,
    NewDraftSchema,
    SavedDraftSchema,
)
from service.web.schemas.forms import EditionPath

NEW_DRAFTS = "60 per hour"  # drafts of one caller
_UNKNOWN = ("unknown_draft", "archive_fault")
_KNOWN = (*_UNKNOWN, "draft_expired")
_ETAG = {"ETag": header("草稿的版本 / the draft's version", pattern='^"[0-9]+"$')}

blueprint = Blueprint(
    "drafts", __name__, url_prefix="/api/v1/forms/<form>/<year>/drafts", description="草稿 / drafts"
)


@blueprint.post("")
@blueprint.doc(operationId="makeDraft", **raises(*_UNKNOWN, "drafts_full"))
@needs("generate")
@audited("draft_saved")
@blueprint.response(201, NewDraftSchema, headers=_ETAG, description="草稿和它的链接 / the draft and its link")
@blueprint.arguments(EditionPath, location="path")
@blueprint.arguments(DraftBody, location="json")
def add(edition: Edition, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """把草稿存到服务器 / save a draft on the server, encrypted; the link is shown once"""
    limiter().check_rarer(NEW_DRAFTS, "drafts")
    draft = _store().add(caller().tenant, _about(edition), body)
    page = link("pages.form", form=edition.form, year=edition.year)
    url = f"{page}#draft={draft.link.id}.{draft.link.secret}"
    return {**vars(draft), "url": url, "qr": _qr(_origin() + url)}, _logged(draft)


@blueprint.get("/<id>")
@blueprint.doc(**raises(*_KNOWN))
@needs("generate")
@audited("draft_read")
@blueprint.response(200, DraftSchema, headers=_ETAG, description="草稿 / the draft")
@blueprint.arguments(DraftPath, location="path")
@blueprint.arguments(DraftSecret, location="headers")
def get(edition: Edition, id: str, secret: str) -> tuple[SavedDraft, dict[str, str]]:
    """打开服务器上的草稿 / open a draft with the secret of its link"""
    draft = _store().get(caller().tenant, _about(edition), DraftLink(id, secret))
    return draft, _logged(draft)


@blueprint.put("/<id>")
@blueprint.doc(**raises(*_KNOWN, "drafts_full", "draft_changed"))
@needs("generate")
@audited("draft_saved")
@blueprint.response(200, SavedDraftSchema, headers=_ETAG, description="已存回 / saved")
@blueprint.arguments(DraftPath, location="path")
@blueprint.arguments(DraftVersion, location="headers")
@blueprint.arguments(DraftBody, location="json")
def put(
    edition: Edition, id: str, secret: str, version: int | None, body: dict[str, Any]
) -> tuple[SavedDraft, dict[str, str]]:
    """存回服务器 / save a draft again, unless somebody else has meanwhile (412)"""
    store, drafted = _store(), DraftLink(id, secret)
    draft = store.replace(caller().tenant, _about(edition), drafted, body, version)
    return draft, _logged(draft)


@blueprint.delete("/<id>")
@blueprint.doc(**raises(*_UNKNOWN))
@needs("generate")
@audited("draft_deleted")
@blueprint.response(204, description="已删除 / deleted")
@blueprint.arguments(DraftPath, location="path")
@blueprint.arguments(DraftSecret, location="headers")
def delete(edition: Edition, id: str, secret: str) -> Response:
    """删除服务器上的草稿 / delete a draft from the server"""
    _store().delete(caller().tenant, DraftLink(id, secret))
    happened(detail=id)
    return Response(status=204)


def _store() -> DraftStore:
    store: DraftStore = current_app.config["KEXIE_DRAFT_STORE"]
    return store


def _about(edition: Edition) -> str:
    return f"{edition.form} {edition.year}"


def _logged(draft: SavedDraft) -> dict[str, str]:
    """The headers of a draft, whose id the audit log has."""
    happened(detail=draft.link.id)
    return {"ETag": f'"{draft.version}"'}


def _origin() -> str:
    """The origin by which the caller's browser knows the service; behind a proxy that is not trusted too."""
    origin = request.headers.get("Origin", "")
    return origin if is_origin(origin) else request.host_url.rstrip("/")


def _qr(url: str) -> str:
    written = io.BytesIO()
    segno.make(url, error="m", micro=False).save(written, kind="svg", scale=4, light="#fff", xmldecl=False)
    return written.getvalue().decode()
