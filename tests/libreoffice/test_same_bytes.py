"""The same document gives the same PDF, for any process, history and clock."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from service import catalog, generate
from service.conversion import convert
from service.conversion.pool.client import client, leave_all
from tests.helpers.forms import FORMS
from tests.helpers.libreoffice import pool_server_pid, stand_in
from tests.helpers.processes import below


@pytest.fixture(scope="module")
def documents():
    """The full samples as .docx."""
    samples = {form: catalog.edition(form, 2021).sample("full") for form in FORMS}
    return {form: generate(form, 2021, payload, ("docx",))["docx"] for form, payload in samples.items()}


def hashes(documents, forms, settings):
    return {form: hashlib.sha256(convert(documents[form], settings)).hexdigest() for form in forms}


@pytest.fixture
def later(settings, tmp_path):
    """The settings of a pool whose LibreOffice lives three years later.

    libfaketime hangs beside jemalloc, and with a faked monotonic clock: it comes alone, and fakes the date.
    """
    (library,) = Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
    faked = f"FAKETIME=+3y FAKETIME_DONT_FAKE_MONOTONIC=1 LD_PRELOAD={library}"
    command = f'exec env {faked} {shutil.which("soffice")} "$@"'
    found = dataclasses.replace(settings, converters=1, soffice=stand_in(tmp_path, command), sandbox="off")
    yield found
    started = below(pool_server_pid(found))
    leave_all()
    for number in started:  # a killed libfaketime leaves its shared memory
        for name in (f"faketime_shm_{number}", f"sem.faketime_sem_{number}"):
            Path("/dev/shm", name).unlink(missing_ok=True)


def test_another_process_and_a_later_year_give_the_same_bytes(documents, settings, later):
    first = hashes(documents, FORMS, dataclasses.replace(settings, converters=1))
    with client(later).convert(documents["annex1"]).pdf as raw, pikepdf.open(raw) as pdf:
        assert int(str(pdf.docinfo.CreationDate)[2:6]) == datetime.now(UTC).year + 3
    assert hashes(documents, FORMS, later) == first


def test_what_a_process_converted_before_changes_nothing(documents, settings):
    one = dataclasses.replace(settings, converters=1)
    assert hashes(documents, FORMS, one) == hashes(documents, FORMS[::-1], one)
