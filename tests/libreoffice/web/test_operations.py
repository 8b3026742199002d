"""What an operator sees: the pool's numbers, and a service that starts warm and ends clean."""

from __future__ import annotations

import dataclasses
import json
import signal
import urllib.request

from prometheus_client.parser import text_string_to_metric_families

from service import create_app
from tests.helpers.libreoffice import warm, worker_processes
from tests.helpers.pdf import words
from tests.helpers.processes import awaited, running
from tests.helpers.serve import served

DOCUMENTS = "/api/v1/forms/annex3/2021/documents"
FAMILIES = {
    "kexie_pool_size": "gauge",
    "kexie_pool_workers": "gauge",
    "kexie_pool_busy_workers": "gauge",
    "kexie_pool_starting_workers": "gauge",
    "kexie_pool_queue_length": "gauge",
    "kexie_pool_documents": "counter",
    "kexie_pool_restarts": "counter",
    "kexie_proofs": "counter",
    "kexie_pool_step_seconds": "summary",
}
GAUGES = [(name, "") for name, kind in FAMILIES.items() if kind == "gauge"]


def families(client):
    """The metrics of the pool."""
    answer = client.get("/metrics")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    parsed = text_string_to_metric_families(answer.get_data(as_text=True))
    return [family for family in parsed if not family.name.startswith("kexie_http_")]


def numbers(client):
    """Each number by its name and label, but for the seconds, which are another each time."""
    samples = [sample for family in families(client) for sample in family.samples]
    assert all(sample.value >= 0 for sample in samples)
    return {
        (sample.name, "".join(sample.labels.values())): sample.value
        for sample in samples
        if not sample.name.endswith("_sum")
    }


def test_metrics_count_one_conversion(settings):
    client = create_app(dataclasses.replace(settings, converters=1)).test_client()
    assert {family.name: family.type for family in families(client)} == FAMILIES
    assert numbers(client) == dict.fromkeys(GAUGES, 0)
    assert client.post(DOCUMENTS, json={"case_name": "案例"}).status_code == 200
    assert awaited(lambda: numbers(client)["kexie_pool_busy_workers", ""] == 0)
    assert {family.name: family.type for family in families(client)} == FAMILIES
    assert numbers(client) == {
        **dict.fromkeys(GAUGES, 0),
        ("kexie_pool_size", ""): 1,
        ("kexie_pool_workers", ""): 1,
        ("kexie_pool_documents_total", "converted"): 1,
        **{
            ("kexie_pool_step_seconds_count", step): 1
            for step in ("start", "wait", "load", "export", "finish")
        },
    }


def test_metrics_count_a_process_replaced_and_a_document_refused(settings, fake):
    one = dataclasses.replace(settings, converters=1, deadline=4.0, **fake.fields)
    warm(one)
    client = create_app(one).test_client()
    assert client.post(DOCUMENTS, json={}).status_code == 200
    assert awaited(lambda: numbers(client)["kexie_pool_busy_workers", ""] == 0)
    fake.hang()
    assert client.post(DOCUMENTS, json={"case_name": "案例"}).status_code == 503
    counted = numbers(client)
    assert counted["kexie_pool_documents_total", "converted"] == 1
    assert counted["kexie_pool_documents_total", "conversion_timeout"] == 1
    assert counted["kexie_pool_restarts_total", "hung"] == 1


def posted(port, payload):
    """The PDF that the service on this port makes of a payload."""
    address = f"http://127.0.0.1:{port}{DOCUMENTS}"
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, json.dumps(payload).encode(), headers)
    with urllib.request.urlopen(request, timeout=300) as answer:
        return answer.read()


def test_the_service_is_warm_before_the_first_request_and_leaves_nothing_after_ctrl_c(settings, tmp_path):
    warm = dataclasses.replace(settings, prewarm=True, converters=1, workers=2)
    with served(warm, tmp_path / "log") as service:
        assert awaited(lambda: worker_processes(warm)["soffice"]), (tmp_path / "log").read_text()
        assert "一号案例" in words(posted(service.port, {"case_name": "一号案例"}))
        service.process.send_signal(signal.SIGINT)
        assert service.process.wait(300) == 0, (tmp_path / "log").read_text()
        assert running(str(warm.temp_dir)) == []
        assert list(warm.temp_dir.iterdir()) == []
