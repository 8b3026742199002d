"""Forms filled and dressed at random give their payload back, or a warning at each field that differs."""

from __future__ import annotations

import os

import pytest

from tests.helpers.hostile.dressed import dressed, silent

_CASES = int(os.environ.get("DRESSED_CASES", "480"))
_PARTS = max(8, _CASES // 60)


@pytest.mark.parametrize("part", range(_PARTS))
def test_nothing_is_lost_in_silence(part):
    for seed in range(part, _CASES, _PARTS):
        paper, worn = dressed(seed)
        assert silent(paper, paper.docx()) == {}, (seed, worn)
