"""The pages on which two versions differ, as pictures: the fields that differ are outlined on each side."""

from __future__ import annotations

import copy
import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from service import catalog, pipeline
from service.archive import Archive, Entry
from service.payload_json import dump
from service.record_comparison import sides
from service.record_comparison.changed_pages import changed_pages
from service.submission import validate

EDITION = catalog.edition("annex2", 2021)
RED = (208, 0, 0)


@pytest.fixture
def payloads():
    before = EDITION.sample("full")
    after = copy.deepcopy(before)
    after["cover"]["email"] = "new@example.org"
    after["budget"] = {"items": [after["budget"]["items"][1]]}
    return before, after


def red_rows(png, left=0.0, right=1.0):
    """The shares of a picture's height at which a red line crosses that part of its width."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    part = picture.crop((round(left * picture.width), 0, round(right * picture.width), picture.height))
    reds = [
        sum(abs(one - other) for one, other in zip(part.getpixel((x, y)), RED, strict=True)) < 60
        for y in range(part.height)
        for x in (part.width // 2,)
    ]
    return [y / part.height for y, red in enumerate(reds) if red]


def test_fields_that_differ_are_outlined_on_the_archived_page_and_on_that_of_a_file(
    tmp_path, shared, payloads
):
    before, after = payloads
    documents = pipeline.produce(validate(EDITION, before), settings=shared).documents
    with Archive.open(shared, tmp_path / "archive") as archive:
        files = {"payload": dump(before), **documents}
        record = archive.add(Entry("annex2", 2021, "1", EDITION.summary(), files, datetime.now(UTC)))
        one = sides.of_record(archive, record)
    other = sides.of_file("a.json", dump(after), EDITION, shared)
    found = list(changed_pages(one, other, sides.differences(one, other), shared))
    cover, budget = found
    assert cover.number == 1
    # The line of the e-mail is the last of five on the cover.
    for png in (cover.before, cover.after):
        rows = red_rows(png)
        assert 0.5 < min(rows) < max(rows) < 0.7
    # Nine rows are gone: outlined where they were; beside them only the sum differs.
    assert len(red_rows(budget.before, 0, 0.5)) > len(red_rows(budget.after, 0, 0.5)) == 0
    assert red_rows(budget.after, 0.7, 0.95)


def test_equal_sides_are_not_drawn(shared, payloads):
    side = sides.of_file("a.json", dump(payloads[0]), EDITION, shared)
    assert list(changed_pages(side, side, [], shared)) == []
