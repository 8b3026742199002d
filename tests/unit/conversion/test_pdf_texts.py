"""The title and text of a stranger's PDF, read in the sandbox; nothing of what cannot be read in time."""

from __future__ import annotations

from service.config import Settings
from service.conversion import pdf_texts
from service.conversion.libreoffice import python_worker
from tests.helpers.signatures import blank_pdf


def test_title_and_text_are_read_in_a_process_of_its_own(tmp_path):
    settings = Settings.from_env({"KEXIE_TEMP_DIR": str(tmp_path)})
    assert pdf_texts.read(blank_pdf("申报书（云泽县科学技术协会）"), settings).splitlines()[0] == (
        "申报书（云泽县科学技术协会）"
    )
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_read_is_no_clue(tmp_path, monkeypatch):
    def late(*_):
        raise TimeoutError

    settings = Settings.from_env({"KEXIE_TEMP_DIR": str(tmp_path)})
    for answer in (late, lambda *_: None):
        monkeypatch.setattr(python_worker, "answer", answer)
        assert pdf_texts.read(b"%PDF-1.7", settings) == ""
