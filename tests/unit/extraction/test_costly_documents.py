"""Small documents whose reading would take minutes or gigabytes are read at once."""

from __future__ import annotations

import time
from contextlib import contextmanager

import pytest

from service.extraction import extract
from tests.helpers.hand_made import Paper, put

MOST = 4.0  # seconds of processor time, of which it takes some tenths


@contextmanager
def at_once():
    began = time.process_time()
    yield
    assert time.process_time() - began < MOST


@pytest.mark.parametrize("blank", [" ", "\u200b"])
def test_thousands_of_blanks_before_a_value_are_read_at_once(blank):
    paper = Paper()
    put(paper.value("负责人姓名"), f"{blank * 2000}陆{' ' * 30}怀\n川")
    with at_once():
        read = extract(paper.docx())
    assert read.data["basic_info"]["leader_name"].strip(blank) == f"陆{' ' * 30}怀川"
