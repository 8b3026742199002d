"""The printed report on the four properties: PDF/A, with each check, and room for signature and seal."""

from __future__ import annotations

import pypdfium2

from service.archive import Archive
from service.archive.object_store import object_name
from service.audit import chain_proof
from service.four_properties import report
from service.four_properties.assess import assess
from tests.helpers.archive import Tamper, entry
from tests.helpers.docx_read import squash
from tests.helpers.pdf import words


def test_the_report_has_every_check_its_evidence_and_the_faults(shared, tmp_path):
    with Archive.open(shared, tmp_path / "archive") as archive:
        record = archive.add(entry())
        Tamper(archive).delete(record.files["pdf"].sha256)
        verified = archive.verify()
        faults = list(verified)
        with archive.reading() as connection:
            log = chain_proof.prove(connection)
        found = assess(archive, verified, faults, log, "县级档案", who="user:root")
    pdf = report.to_pdf(found, shared)
    printed = words(pdf)
    for part in (
        "电子档案四性检测报告",
        "检测对象县级档案",
        "检测操作者服务器上的用户 root",
        "1条记录，3个文件",
        "二、完整性：不合格",
        "四、安全性：合格（另有2项未检测）",
        "编号3201-0001第1版申报书.pdf：文件不见了。请从备份恢复此文件。",
        "检测单位（盖章）：",
        *(each.name.zh for checks in found.checks.values() for each in checks),
    ):
        assert squash(part) in squash(printed), part
    assert object_name(record.manifest) not in printed
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 2
