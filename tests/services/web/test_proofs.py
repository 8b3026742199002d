"""The count of proofs over all web processes."""

from __future__ import annotations

import dataclasses
import urllib.request

from prometheus_client.parser import text_string_to_metric_families

from tests.helpers.serve import served

ANNEX2 = "/api/v1/forms/annex2/2021/documents"


def proofs(text):
    """`kexie_proofs_total` by result."""
    families = {family.name: family for family in text_string_to_metric_families(text)}
    samples = families["kexie_proofs"].samples
    return {
        sample.labels["result"]: sample.value for sample in samples if sample.name == "kexie_proofs_total"
    }


def test_proofs_of_all_web_processes_add_up(settings, tmp_path):
    def asked(path, body=None):
        headers = {"Content-Type": "application/json"} if body else {}
        request = urllib.request.Request(f"http://127.0.0.1:{service.port}{path}", body, headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    with served(dataclasses.replace(settings, workers=2), tmp_path / "log") as service:
        for _ in range(8):
            asked(f"{ANNEX2}?format=docx&prove=true", b"{}")
        assert {str(proofs(asked("/metrics").decode())) for _ in range(4)} == {"{'proved': 8.0}"}
