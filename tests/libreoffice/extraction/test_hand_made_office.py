"""Forms that LibreOffice opened and saved again, by way of other formats, read back whole."""

from __future__ import annotations

import subprocess

import pytest

from service import catalog, generate
from service.extraction import extract
from service.submission import validate
from tests.helpers.hand_made import flat, present

FILTERS = {
    "docx": "docx:MS Word 2007 XML",
    "odt": "odt:writer8",
    "doc": "doc:MS Word 97",
    "rtf": "rtf:Rich Text Format",
}


@pytest.fixture(scope="module")
def convert(tmp_path_factory):
    """Files saved in another format by one LibreOffice with a profile of its own."""
    folder = tmp_path_factory.mktemp("office")

    def converted(paths, to):
        out = folder / f"{to}-{len(list(folder.iterdir()))}"
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", FILTERS[to], "--outdir", out, *paths]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        made = [out / f"{path.stem}.{to}" for path in paths]
        assert all(path.exists() for path in made)
        return made

    return converted


@pytest.mark.parametrize("way", [("docx",), ("odt", "docx"), ("doc", "docx"), ("rtf", "docx")], ids="-".join)
def test_a_form_saved_by_libreoffice_holds_the_same(way, convert, editions_full, tmp_path):
    paths = []
    for form, (payload, _) in editions_full.items():
        path = tmp_path / f"{form}.docx"
        path.write_bytes(generate(form, 2021, payload, ("docx",))["docx"])
        paths.append(path)
    for step in way:
        paths = convert(paths, step)
    for path, (form, (_, data)) in zip(paths, editions_full.items(), strict=True):
        read = extract(path.read_bytes())
        assert read.edition.form == form
        assert flat(read.data) == flat(data)
        assert read.warnings == ()


@pytest.fixture(scope="module")
def editions_full():
    made = {}
    for form in ("annex1", "annex2", "annex3"):
        edition = catalog.edition(form, 2021)
        payload = edition.sample("full")
        made[edition.form] = payload, present(validate(edition, payload).data)
    return made
