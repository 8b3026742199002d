"""Many clients at once at a real service: no wrong answer, and nothing is left of it."""

from __future__ import annotations

from benchmarks import load


def test_every_answer_is_right_or_says_when_to_come_again():
    result = load.measure(2.5, 10, alone=0.3, KEXIE_QUEUE="1", KEXIE_CONVERTERS="1")
    assert result.faults() == []
    assert set(result.mixed.statuses()) == {200, 429}
