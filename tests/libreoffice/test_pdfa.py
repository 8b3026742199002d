"""Every kind of PDF that the service makes is valid PDF/A, by veraPDF: all files in one process of Java."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from service import catalog, generate
from service.archive import Archive
from service.audit import chain_proof
from service.config import Settings
from service.conversion import status
from service.four_properties import report
from service.four_properties.assess import assess
from service.sealed_copies.cover_sheet import cover_sheet
from service.signatures.sign import PdfSigner
from tests.helpers import ROOT
from tests.helpers import signatures as made
from tests.helpers.archive import entry
from tests.helpers.forms import FORMS

VERAPDF = "org.verapdf.apps.GreenfieldCliWrapper"
PLAIN, CARRYING = "PDF/A-2B validation profile", "PDF/A-3B validation profile"
RARE = "㐀䶮𠮷𫟃𬺰鿬𰀀𱍐"  # of HanaMinA, HanaMinB, Kexie Rare
MADE_UP = ("talent", 2024)  # has pictures


@pytest.fixture
def verapdf():
    """The command of veraPDF, which deploy/get-verapdf fetches."""
    jars = [*Path(sys.prefix, "verapdf").glob("*.jar")]
    if not shutil.which("java"):
        pytest.skip("no Java here: apt-get install default-jre-headless maven, then make pdfa")
    if not jars:
        pytest.skip("no veraPDF here: make pdfa fetches it from Maven Central")
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.awt.headless=true"]
    return ["java", *quick, "-cp", str(jars[0]), VERAPDF, "--format", "json"]


def of_forms(settings):
    """Blank, minimal, full and carrying its data: each form; by name and profile."""
    for form, year in [*((form, 2021) for form in FORMS), MADE_UP]:
        edition = catalog.edition(form, year)
        payloads = {"blank": {}, **{name: edition.sample(name) for name in ("minimal", "full")}}
        for name, payload in payloads.items():
            yield f"{form}-{name}", PLAIN, generate(form, year, payload, ("pdf",), settings)["pdf"]
        carrying = generate(form, year, payloads["full"], ("pdf",), settings, attach=True)["pdf"]
        yield f"{form}-carrying", CARRYING, carrying
    rare = {"background": RARE, "case_name": "R&D <é> “—”"}
    yield "rare", PLAIN, generate("annex3", 2021, rare, ("pdf",), settings)["pdf"]


def of_archive(settings, folder):
    """The cover sheet of a record, and the report on the archive."""
    with Archive.open(settings, folder) as archive:
        record = archive.add(entry())
        verified = archive.verify()
        faults = list(verified)
        with archive.reading() as connection:
            log = chain_proof.prove(connection)
        found = assess(archive, verified, faults, log, "县级档案", who="user:root")
    yield "cover-sheet", PLAIN, cover_sheet(record, settings)
    yield "report", PLAIN, report.to_pdf(found, settings)


def signer(settings, folder):
    key = folder / "seal.p12"
    key.write_bytes(made.identity().pkcs12("secret", made.authority()))
    chosen = {"KEXIE_SIGN_KEY": str(key), "KEXIE_SIGN_PASSPHRASE": "secret"}
    return PdfSigner(Settings.from_env(settings.as_env() | chosen))


def validated(verapdf, files):
    """The profile by which veraPDF checked each file, and the faults that it found there."""
    said = subprocess.run([*verapdf, *files], capture_output=True, text=True, check=False, timeout=300)
    for job in json.loads(said.stdout)["report"]["jobs"]:
        results = job.get("validationResult")
        if not results:
            yield Path(job["itemDetails"]["name"]).stem, "", [str(job)]
            continue
        (result,) = results
        rules = result["details"]["ruleSummaries"]
        faults = [f"{rule['clause']}: {rule['description']} ({rule['failedChecks']})" for rule in rules]
        assert result["compliant"] == (not faults)
        yield Path(job["itemDetails"]["name"]).stem, result["profileName"], faults


def test_every_pdf_is_the_pdf_a_that_it_claims_to_be(verapdf, monkeypatch, shared, tmp_path):
    monkeypatch.setenv("KEXIE_FORMS", str(ROOT / "samples" / "forms"))
    pdfs = [*of_forms(shared), *of_archive(shared, tmp_path / "archive")]
    sign = signer(shared, tmp_path).sign
    pdfs += [
        (f"{name}-signed", profile, sign(pdf).content)
        for name, profile, pdf in pdfs
        if name.startswith("annex2")
    ]
    # No PDF/A-1 has object streams: shows that a fault is found.
    pdfs.append(("wrong", "", pdfs[0][2].replace(b"<pdfaid:part>2<", b"<pdfaid:part>1<")))
    for name, _, pdf in pdfs:
        (tmp_path / f"{name}.pdf").write_bytes(pdf)
    found = list(validated(verapdf, [tmp_path / f"{name}.pdf" for name, _, _ in pdfs]))
    assert found.pop()[2]
    failed = {name: faults for name, _, faults in found if faults}
    print(f"\nveraPDF, {status(shared).version}: {len(found)} files, {len(failed)} failures")
    assert failed == {}
    assert [(name, profile) for name, profile, _ in found] == [
        (name, profile) for name, profile, _ in pdfs[:-1]
    ]
