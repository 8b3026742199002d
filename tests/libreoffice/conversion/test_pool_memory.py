"""A pool that converts for long holds no more memory than at its start."""

from __future__ import annotations

import dataclasses
from itertools import cycle, islice
from pathlib import Path

from service import catalog, generate
from service.conversion.pool.client import client
from tests.helpers.libreoffice import pool_server_pid
from tests.helpers.processes import below

DOCUMENTS = 500
FIRST = 50


def own(number):
    """The memory in bytes that a process has in RAM (proc(5), VmRSS)."""
    lines = Path(f"/proc/{number}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) * 1024


def memory(settings):
    """The memory in bytes of the pool's process with all below it."""
    return sum(map(own, below(pool_server_pid(settings))))


def raw(pool, docx):
    with pool.convert(docx).pdf as file:
        return file.read()


def test_memory_stays_within_a_fifth_over_five_hundred_documents(settings):
    one = dataclasses.replace(settings, converters=1, recycle_documents=100_000, recycle_memory=100_000)
    samples = [
        generate(form, 2021, catalog.edition(form, 2021).sample(size), ("docx",))["docx"]
        for form in ("annex1", "annex2", "annex3")
        for size in ("full", "minimal")
    ]
    mixed = cycle(samples)
    pool = client(one)
    whole = [raw(pool, docx) for docx in islice(mixed, FIRST)]
    before = memory(one)
    whole += [raw(pool, docx) for docx in islice(mixed, DOCUMENTS - FIRST)]
    after = memory(one)
    print(f"{before / 2**20:.0f} MiB after {FIRST}, {after / 2**20:.0f} MiB after {DOCUMENTS} documents")
    assert all(pdf.startswith(b"%PDF-") and b"%%EOF" in pdf[-1024:] for pdf in whole)
    assert pool.state()["restarts"] == {}
    assert after < 1.2 * before
