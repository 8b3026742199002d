"""The whole OpenAPI file tried by schemathesis, every check of it on, by a caller with a key of all scopes."""

from __future__ import annotations

import collections

import pytest
import schemathesis
from http_help import application
from schemathesis.config import GenerationConfig, PhasesConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.transport.wsgi import WSGITransport

from service.access import SCOPES, Keys

AT_LEAST = 2_000
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with application(
        tmp_path_factory.mktemp("any"),
        KEXIE_BATCH_WORKERS="1",
        KEXIE_SECRET="a secret of thirty-two bytes or more",
        KEXIE_WEBHOOK_SECRET=SECRET,
    ) as made:
        yield made


@pytest.fixture(scope="module")
def schema(app):
    with Keys.open(app.config["KEXIE_SETTINGS"], create=True) as keys:
        _, key = keys.add("云泽县", SCOPES)
    generation = GenerationConfig(deterministic=True, no_shrink=True, database="none", max_examples=40)
    project = ProjectConfig(headers={"Authorization": f"Bearer {key}"}, generation=generation, continue_on_failure=True)
    config = SchemathesisConfig(seed=20211, projects=ProjectsConfig(default=project))
    return schemathesis.openapi.from_wsgi("/openapi.json", app, config=config)


@pytest.fixture(scope="module")
def tried(schema):
    send = WSGITransport.send

    def sent(self, case, **options):
        options.pop("max_redirects", None)  # its probes name what its own client does not know
        return send(self, case, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WSGITransport, "send", sent)
        return list(from_schema(schema).execute())


def test_all(tried):
    import time
    cases, failures, statuses = 0, {}, collections.Counter()
    per=collections.Counter(); secs=collections.Counter()
    for event in tried:
        if isinstance(event, events.ScenarioFinished):
            cases += len(event.recorder.cases)
            per[(event.phase.name, event.label)] += len(event.recorder.cases)
            secs[(event.phase.name, event.label)] += event.elapsed_time
            for id, interaction in event.recorder.interactions.items():
                if interaction.response is not None:
                    statuses[interaction.response.status_code] += 1
            for id, checks in event.recorder.checks.items():
                for check in checks:
                    if check.failure_info is not None:
                        f = check.failure_info.failure
                        failures.setdefault((event.recorder.cases[id].value.operation.label, check.name, f.title, f.message[:300]), (check.failure_info.code_sample + "\n   " + event.recorder.interactions[id].response.content.decode('utf8','replace')[:700], event.phase.name))
        elif isinstance(event, (events.NonFatalError, events.FatalError)):
            print("ERR", event, vars(event) if hasattr(event,'__dict__') else getattr(event,'info',None) or getattr(event,'exception',None))
            try: print(event.info.format(bold=str))
            except Exception as e: print(e)
        elif isinstance(event, events.PhaseFinished):
            print(event.phase.name, event.status, event.timestamp)
    print(cases, statuses)
    for k,v in sorted(secs.items(), key=lambda x:-x[1])[:45]: print(f"{v:.1f}", per[k], k)
    for k,(v,ph) in sorted(failures.items()): print("FAIL", ph, k, "\n    ", v[:300]+" ... "+v[-900:])
    assert not failures
