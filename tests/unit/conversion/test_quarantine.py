"""Documents that ended or hung their process: counted, refused, forgotten."""

from __future__ import annotations

import pytest

from service.conversion.pool.quarantine import Quarantine
from service.errors import DocumentRefused
from tests.helpers.processes import Clock


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def quarantine(clock):
    return Quarantine(clock)


def refused(quarantine, docx):
    try:
        quarantine.check(docx)
    except DocumentRefused:
        return True
    return False


def strike(quarantine, docx):
    """Whether the document is refused at this strike."""
    try:
        quarantine.add(docx)
    except DocumentRefused:
        return True
    return False


def test_the_second_strike_refuses_that_document_and_no_other(quarantine):
    assert [strike(quarantine, b"one") for _ in range(3)] == [False, True, True]
    assert refused(quarantine, b"one")
    assert not refused(quarantine, b"two")


@pytest.mark.parametrize(("later", "still"), [(599.0, True), (600.0, False)])
def test_a_refused_document_is_tried_again_after_ten_minutes(quarantine, clock, later, still):
    strike(quarantine, b"one")
    strike(quarantine, b"one")
    clock.now += later
    assert refused(quarantine, b"one") is still
    assert strike(quarantine, b"one") is still


def test_a_strike_is_forgotten_after_ten_minutes(quarantine, clock):
    strike(quarantine, b"one")
    clock.now += 601
    assert strike(quarantine, b"one") is False


def test_a_success_forgives(quarantine):
    strike(quarantine, b"one")
    quarantine.clear(b"one")
    quarantine.clear(b"never seen")
    assert strike(quarantine, b"one") is False


def test_no_more_than_a_thousand_are_kept_and_the_oldest_go_first(quarantine):
    strike(quarantine, b"old")
    strike(quarantine, b"young")
    strike(quarantine, b"young")
    for number in range(1023):
        strike(quarantine, str(number).encode())
    assert refused(quarantine, b"young")
    assert strike(quarantine, b"old") is False
