"""The package for an archive and the four properties with servers, and codes that many give at once."""

from __future__ import annotations

import csv
from concurrent.futures import ThreadPoolExecutor

import bagit
import pytest

from service.archive import Archive
from service.audit import chain_proof
from service.four_properties.assess import assess
from service.handover import archival_codes, records_package
from service.handover.classification import Classification
from tests.helpers.archive import numbered, settings_of

CLASSIFICATION = Classification("X043", "科普部", "", "公开")


@pytest.fixture(params=["sqlite-folder", "postgresql-s3"])
def archive(request, tmp_path):
    with Archive.open(settings_of(request.param, tmp_path / "archive", request)) as opened:
        yield opened


def test_a_package_and_an_assessment(archive, tmp_path):
    archive.add(numbered(1, "a"))
    archive.add(numbered(2, "a"))
    archive.add(numbered(3, "b", tenant="某县"))
    count = records_package.export(archive, tmp_path / "package", CLASSIFICATION)
    assert (count.items, count.records) == (2, 3)
    assert [*map(str, count.unnamed)] == ["annex2 2021 a", "某县 annex2 2021 b"]
    bagit.Bag(str(tmp_path / "package")).validate()
    text = (tmp_path / "package" / "data" / "移交目录.csv").read_text(encoding="utf-8-sig")
    assert [row["档号"][-4:] for row in csv.DictReader(text.splitlines())] == ["0001", "0002"]
    verified = archive.verify()
    faults = list(verified)
    with archive.reading() as connection:
        log = chain_proof.prove(connection)
    found = assess(archive, verified, faults, log, "here", who="user:root")
    results = {each.code: (each.count, each.result) for checks in found.checks.values() for each in checks}
    assert results["versions_complete"] == (2, "passed")
    assert results["origin_logged"] == (3, "passed")
    assert results["submitters_present"] == (3, "explain")
    assert results["docx_opens"] == (3, "failed")
    local = archive.objects.folder is not None
    assert results["permissions"][1] == ("passed" if local else "not_checked")


def test_no_code_is_given_twice_by_those_who_give_at_once(archive):
    records = [archive.add(numbered(number)) for number in range(8)]

    def give(record):
        with archive.writing() as connection:
            return archival_codes.give(connection, [record], {record.key: "X-WS·2021-Y"})[record.key].number

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(give, records)) == list(range(1, 9))
