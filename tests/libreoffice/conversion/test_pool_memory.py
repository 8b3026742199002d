"""A LibreOffice process that converts for long takes no more memory than at its start."""

from __future__ import annotations

from benchmarks.memory import MOST_CREEP, pool_growth


def test_memory_grows_little_with_the_documents(settings):
    before, after = pool_growth(settings, 15, 45)
    print(f"{before:.0f} MiB after 15, {after:.0f} MiB after 45 documents")
    assert after < MOST_CREEP * before
