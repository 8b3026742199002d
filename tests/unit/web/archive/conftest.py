"""An application and its archive."""

import pytest

from tests.helpers.application import application


@pytest.fixture
def app(tmp_path):
    with application(tmp_path) as made:
        yield made


@pytest.fixture
def archive(app):
    return app.config["KEXIE_ARCHIVE_HANDLE"].archive()
