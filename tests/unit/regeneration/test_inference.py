"""Regeneration by fingerprint: which records are sampled, and when a PDF follows from its fingerprint."""

from __future__ import annotations

import hashlib

import pytest

from service.errors import UsageError
from service.regeneration import inference
from service.regeneration.sample import Sample, sample_size

KEYS = [f"record-{number}" for number in range(200)]
ENGINE = {"libreoffice": "aa", "fonts": "bb", "steps": "cc"}
DOCX = b"PK"
BEFORE = {"payload": b"{}", "docx": DOCX, "pdf": b"%PDF"}


@pytest.mark.parametrize(
    "size, count",
    [("0", 0), ("1", 1), ("60", 60), ("500", 200), ("0%", 0), ("1%", 2), ("0.6%", 2), ("100%", 200)],
)
def test_a_sample_has_its_size_and_is_the_same_for_its_seed(size, count):
    drawn = Sample(sample_size(size), "seed").drawn(KEYS)
    assert len(drawn) == count
    assert drawn == Sample(size, "seed").drawn(KEYS[::-1])
    ranked = sorted(KEYS, key=lambda key: hashlib.sha256(f"seed\0{key}".encode()).hexdigest())
    assert drawn == set(ranked[:count])


def test_another_seed_draws_others():
    assert Sample("10", "one").drawn(KEYS) != Sample("10", "other").drawn(KEYS)


@pytest.mark.parametrize("size", ["", "-1", "101%", "a", "5 records", "%", "1e3"])
def test_the_size_of_a_sample_is_a_number_or_a_percentage(size):
    with pytest.raises(UsageError):
        sample_size(size)


def why(
    way=inference.BY_FINGERPRINT, engine=ENGINE, before=BEFORE, docx=DOCX, carries_data=False, now=ENGINE
):
    return inference.reason(way, {"engine": engine}, now, before, docx, carries_data=carries_data)


def test_a_pdf_follows_where_document_and_engine_are_those_of_the_archiving():
    assert why() is None


@pytest.mark.parametrize(
    "what, code",
    [
        ({"docx": b"PK other"}, "docx_differs"),
        ({"engine": None}, "no_fingerprint"),
        ({"now": None}, "engine_differs"),
        ({"before": {"payload": b"{}", "pdf": b"%PDF"}}, "no_fingerprint"),
        ({"carries_data": True}, "carries_data"),
        ({"way": inference.SAMPLED}, "sample"),
        ({"way": inference.SAMPLED, "docx": b"PK other"}, "docx_differs"),
        *(({"now": {**ENGINE, part: "changed"}}, "engine_differs") for part in ENGINE),
    ],
)
def test_else_it_is_converted_and_the_reason_is_named(what, code):
    assert why(**what) == code
    assert code in inference.REASONS


def test_only_a_sampled_pdf_that_differs_refutes_fingerprints():
    of = {"state": "changed", "reason": "sample"}
    assert inference.refuted(of)
    assert not inference.refuted({**of, "reason": "docx_differs"})
    assert not inference.refuted({**of, "state": "identical"})
