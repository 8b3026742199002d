"""The service as an application in this process, with an archive of its own."""

from __future__ import annotations

import contextlib
import hashlib
import json

from service import create_app, pipeline
from service.access import SCOPES, Caller
from service.conversion.pool.client import leave_all
from service.web.api import archive_document
from tests.helpers.processes import awaited


@contextlib.contextmanager
def application(folder, **settings):
    """An application whose archive lies in `folder`; all that it started is gone afterwards."""
    temporary = folder / "temporary"
    temporary.mkdir(parents=True)
    app = create_app(
        {
            "KEXIE_ARCHIVE": str(folder / "archive"),
            "KEXIE_TEMP_DIR": str(temporary),
            "KEXIE_CONVERTERS": "1",
            "KEXIE_LOG_LEVEL": "ERROR",
            **settings,
        }
    )
    try:
        yield app
    finally:
        app.config["KEXIE_SUPERVISOR"].stop()
        app.config["KEXIE_ARCHIVE_HANDLE"].close()
        leave_all()
    assert awaited(lambda: list(temporary.iterdir()) == []), list(temporary.iterdir())


class _Everyone:
    """Takes every caller for one of this tenant, with all scopes."""

    def __init__(self, tenant):
        self.tenant = tenant

    def configured(self, *, fresh=False):
        return True

    def caller(self, _):
        return Caller(self.tenant, frozenset(SCOPES), "")


def of_tenant(monkeypatch, app, tenant):
    """Lets every request be that of a tenant with all scopes."""
    monkeypatch.setitem(app.config, "KEXIE_AUTHENTICATOR", _Everyone(tenant))


def without_pdf(monkeypatch):
    """Lets what is archived have a PDF that no LibreOffice has made, another for each document."""

    def proved(submission):
        made = pipeline.produce(submission, ("docx",)).documents["docx"]
        pdf = b"%PDF " + hashlib.sha256(made).digest()
        return pipeline.Product({"docx": made, "pdf": pdf}, ())

    monkeypatch.setattr(archive_document, "proved", proved)


def lines(*records):
    """Records as .ndjson."""
    return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records).encode()


def problem(answer):
    """A problem but for its request's id."""
    return {key: value for key, value in answer.json.items() if key != "request_id"}
