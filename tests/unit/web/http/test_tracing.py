"""Traces of requests reach the collector of the settings, and hold nothing of what was sent."""

from __future__ import annotations

import sys

import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as otlp

from service import create_app
from service.errors import UsageError
from tests.helpers.servers import Receiver

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


def test_a_request_is_a_span_with_its_route_and_without_its_content():
    collector = Receiver()
    url = f"http://{collector.host}/v1/traces"
    app = create_app({"KEXIE_TRACES_URL": url, "KEXIE_ALLOWED_HOSTS": collector.host})
    headers = {"traceparent": f"00-{TRACE}-{PARENT}-01", "X-Request-ID": "portal-7"}
    answer = app.test_client().post(
        "/api/v1/forms/annex3/2021/validate?complete=false", json={"case_name": "秘密"}, headers=headers
    )
    assert answer.status_code == 200
    app.extensions["kexie_tracing"].shutdown()
    ((sent, body),) = collector.at("/v1/traces")
    assert sent["Content-Type"] == "application/x-protobuf"
    (resource,) = otlp.ExportTraceServiceRequest.FromString(body).resource_spans
    ((span,),) = (scope.spans for scope in resource.scope_spans)
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, PARENT)
    assert span.name == "POST /api/v1/forms/<form>/<year>/validate"
    found = {each.key: each.value.string_value or each.value.int_value for each in span.attributes}
    assert found == {
        "http.request.method": "POST",
        "http.route": "/api/v1/forms/<form>/<year>/validate",
        "http.response.status_code": 200,
        "kexie.request_id": "portal-7",
    }
    assert "秘密".encode() not in body
    assert span.end_time_unix_nano > span.start_time_unix_nano


def test_a_collector_must_be_allowed():
    with pytest.raises(UsageError, match="KEXIE_ALLOWED_HOSTS"):
        create_app({"KEXIE_TRACES_URL": "http://collector:4318/v1/traces"})


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.propagate", None)
    with pytest.raises(UsageError, match=r"kexie-forms\[otel\]"):
        create_app({"KEXIE_TRACES_URL": "http://collector:4318/v1/traces"})


def test_without_the_setting_nothing_is_added():
    app = create_app()
    assert "kexie_tracing" not in app.extensions
    assert len(app.before_request_funcs[None]) == 1
