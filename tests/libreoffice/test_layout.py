"""A form that LibreOffice saved is still laid out as the official one."""

from __future__ import annotations

from tests.helpers.layout_cases import filled, reported
from tests.helpers.libreoffice import save


def test_libreoffice_saves_a_form_as_official(edition, tmp_path):
    names = []
    for sample in ("blank", "full"):
        names.append(tmp_path / f"{sample}.docx")
        names[-1].write_bytes(filled(edition.form, sample))
    save(names, "docx", tmp_path)
    for name in names:
        assert reported((tmp_path / "out" / name.name).read_bytes(), edition.form) == []
