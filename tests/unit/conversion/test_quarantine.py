"""Documents that ended or hung their process: counted, refused, forgotten."""

from __future__ import annotations

import pytest

from service.conversion.pool.quarantine import Strikes
from service.errors import DocumentRefused


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def strikes(clock):
    return Strikes(clock)


def refused(strikes, docx):
    try:
        strikes.check(docx)
    except DocumentRefused:
        return True
    return False


def strike(strikes, docx):
    """Whether the document is refused at this strike."""
    try:
        strikes.add(docx)
    except DocumentRefused:
        return True
    return False


def test_the_second_strike_refuses_that_document_and_no_other(strikes):
    assert [strike(strikes, b"one") for _ in range(3)] == [False, True, True]
    assert refused(strikes, b"one")
    assert not refused(strikes, b"two")


@pytest.mark.parametrize(("later", "still"), [(599.0, True), (600.0, False)])
def test_a_refused_document_is_tried_again_after_ten_minutes(strikes, clock, later, still):
    strike(strikes, b"one")
    strike(strikes, b"one")
    clock.now += later
    assert refused(strikes, b"one") is still
    assert strike(strikes, b"one") is still


def test_a_strike_is_forgotten_after_ten_minutes(strikes, clock):
    strike(strikes, b"one")
    clock.now += 601
    assert strike(strikes, b"one") is False


def test_a_success_forgives(strikes):
    strike(strikes, b"one")
    strikes.clear(b"one")
    strikes.clear(b"never seen")
    assert strike(strikes, b"one") is False


def test_no_more_than_a_thousand_are_kept_and_the_oldest_go_first(strikes):
    strike(strikes, b"old")
    strike(strikes, b"young")
    strike(strikes, b"young")
    for number in range(1023):
        strike(strikes, str(number).encode())
    assert refused(strikes, b"young")
    assert strike(strikes, b"old") is False
