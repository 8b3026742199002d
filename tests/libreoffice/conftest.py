"""Fixtures for tests that need LibreOffice."""

from __future__ import annotations

import pytest

from service.conversion.pool.client import client
from tests.helpers.docx_builder import docx, paragraph
from tests.helpers.libreoffice import FakeDriver


@pytest.fixture
def fake(tmp_path, shared):
    """A driver without LibreOffice, whose documents all become the PDF of one small document."""
    with client(shared).convert(docx(paragraph("县级科协"))).pdf as file:
        return FakeDriver(tmp_path, file.read())
