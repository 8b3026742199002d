"""A form that LibreOffice saved is still laid out as the official one."""

from __future__ import annotations

from service import catalog, generate
from service.layout import certify
from tests.helpers.libreoffice import save


def filled(form, sample="full"):
    edition = catalog.edition(form, 2021)
    payload = {} if sample == "blank" else edition.sample(sample)
    return generate(form, 2021, payload, ("docx",))["docx"]


def reported(docx, form):
    certificate = certify(docx, catalog.edition(form, 2021))
    return [(each.code, each.place.zh, each.message.zh) for each in certificate.differences]


def test_libreoffice_saves_a_form_as_official(edition, tmp_path):
    names = []
    for sample in ("blank", "full"):
        names.append(tmp_path / f"{sample}.docx")
        names[-1].write_bytes(filled(edition.form, sample))
    save(names, "docx", tmp_path)
    for name in names:
        assert reported((tmp_path / "out" / name.name).read_bytes(), edition.form) == []
