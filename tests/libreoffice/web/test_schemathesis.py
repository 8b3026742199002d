"""The whole OpenAPI file tried by schemathesis, every check on, by a caller with a key of all scopes."""

from __future__ import annotations

import collections
import re

import pytest
import schemathesis
from schemathesis.checks import CHECKS
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    OperationConfig,
    OperationsConfig,
    PhasesConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
    StatefulPhaseConfig,
)
from schemathesis.engine import events, from_schema
from schemathesis.filters import FilterSet
from schemathesis.transport.wsgi import WSGITransport

from service.access import SCOPES, ApiKeys
from tests.helpers.application import application

AT_LEAST = 2_000  # cases
SEED = 2021
CASES, CHAINS = 7, 3  # of a route that are drawn at random; of calls that follow one another
HEAVY, FEW = r"^/(api/v1/)?records/(handover|bag)$", 3  # routes that read every file; their cases
HEAVIEST = "/api/v1/records/properties"  # makes a PDF of all too: left to the tests of its answers
ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "429", "5xx"]  # of valid data, as schemathesis has it
# What OpenAPI has no words for, so that data it calls valid may be refused: every other check stays as it is.
REFUSED = {
    # `page` goes with format=png alone.
    "/api/v1/forms/{form}/{year}/blank": ["400"],
    "/api/v1/records/{key}/pdf": ["400"],
    # As above; archive=true asks for `id`; and the body is that of another edition than the path's.
    "/api/v1/forms/{form}/{year}/documents": ["400", "422"],
    **{f"/api/v1/forms/{{form}}/{{year}}/{more}": ["422"] for more in ("validate", "places")},
    # Few pointers are those of a long text.
    "/api/v1/forms/{form}/{year}/pasted-text": ["400"],
    # As above; `after` is a version of another id than `id`, or no longer its newest.
    "/api/v1/forms/{form}/{year}/records": ["400", "412", "422"],
    # `If-Match` is to be sent, and be that of the draft; facts are of a record or of a draft, not of both.
    "/api/v1/forms/{form}/{year}/drafts/{id}": ["400", "412"],
    "/api/v1/forms/{form}/{year}/facts": ["422"],
    # Any file is a valid string of bytes, few are a document, or a batch. A webhook's host must be allowed.
    # A part that is passed over may have a name that no header can hold.
    "/api/v1/extract": ["400", "422"],
    "/api/v1/records/{key}/sealed": ["422"],
    "/records/{key}/sealed": ["400", "422"],
    "/records/{key}/compare": ["400", "422"],
    "/records/identify": ["400"],
    # Few texts are a day or a time.
    "/api/v1/audit": ["400"],
    "/api/v1/audit/list": ["400"],
    # As above; and a first version has none before it.
    "/api/v1/records/{key}/comparison": ["400", "422"],
    "/api/v1/batches": ["400", "422"],
    "/batches": ["400", "422"],
    # A page's query holds values from its own lists: any other gets an error on the page.
    **{
        key: ["400"] for key in ("/batches/{id}", "/records", "/records/register", "/records/{key}", "/audit")
    },
    **{f"/records/{more}": ["400"] for more in ("retention", "{key}/retention", "handover")},
    "/records/destructions/{list}": ["400"],
    # Few texts are a period, ids that are there, a reason, or a fonds; nothing is on hold twice; and a whole
    # number with a decimal point is refused.
    "/api/v1/records/handover": ["400", "422"],
    "/api/v1/records/handover/check": ["400", "422"],
    "/api/v1/records/bag": ["400"],
    "/api/v1/records/destructions": ["422"],
    "/api/v1/records/destructions/{list}": ["422"],
    # As above; and a shorter period needs a reason.
    "/api/v1/records/periods": ["400", "422"],
    "/api/v1/records/{key}/hold": ["400", "422"],
    # Few texts are the base64 of a blank form.
    **{
        f"/forms/new{more}": ["400", "422"]
        for more in ("", "/try", "/try/validate", "/try/documents", "/try/places")
    },
    # An Idempotency-Key that came before with another body; and too much data for a token.
    "/api/v1/embed-tokens": ["422"],
}
OFF = {
    # DELETE cancels a batch or withdraws a list, which is there for all that: what is done is kept.
    "use_after_free": r"^/api/v1/(batches/\{id\}|records/destructions/\{list\})",
    # The page of a form `new` of the year `try`, which there is not, may be asked for too.
    "allow_header_conformance": r"^/forms/new/try$",
    # Every value of a form is text, also one that was drawn as another type.
    "negative_data_rejection": r"^/(records(?!/\{key\}/sealed).*|audit|batches/\{id\}|forms/new.*)$",
}


@schemathesis.serializer("application/x-ndjson")
def as_lines(_, value):
    """The body of lines, which schemathesis has no way to send by itself."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    with application(
        tmp_path_factory.mktemp("any"),
        KEXIE_BATCH_WORKERS="1",
        KEXIE_SECRET="a secret of thirty-two bytes or more",
        KEXIE_WEBHOOK_SECRET="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    ) as made:
        yield made


def generated(most):
    return GenerationConfig(deterministic=True, no_shrink=True, database="none", max_examples=most)


def configured(checks, **chosen):
    """The configuration of the operations chosen by path."""
    operations = FilterSet()
    operations.include(**chosen)
    return OperationConfig(filter_set=operations, checks=ChecksConfig(**checks))


def operations():
    """What differs from schemathesis's own configuration, in some operations."""
    for path, statuses in REFUSED.items():
        accepted = PositiveDataAcceptanceConfig(expected_statuses=[*ACCEPTED, *statuses])
        yield configured({"positive_data_acceptance": accepted}, path=path)
    heavy = FilterSet()
    heavy.include(path_regex=HEAVY)
    yield OperationConfig(filter_set=heavy, generation=generated(FEW))
    heaviest = FilterSet()
    heaviest.include(path=HEAVIEST)
    yield OperationConfig(filter_set=heaviest, enabled=False)
    for check, pattern in OFF.items():
        yield configured({check: type(getattr(ChecksConfig(), check))(enabled=False)}, path_regex=pattern)


@pytest.fixture(scope="module")
def schema(app):
    with ApiKeys.open(app.config["KEXIE_SETTINGS"], create=True) as keys:
        _, key = keys.add("云泽县", SCOPES)
    project = ProjectConfig(
        headers={"Authorization": f"Bearer {key}"},
        continue_on_failure=True,
        generation=generated(CASES),
        operations=OperationsConfig(operations=list(operations())),
        phases=PhasesConfig(stateful=StatefulPhaseConfig(generation=generated(CHAINS))),
    )
    config = SchemathesisConfig(seed=SEED, projects=ProjectsConfig(default=project))
    return schemathesis.openapi.from_wsgi("/openapi.json", app, config=config)


@pytest.fixture(scope="module")
def reported(schema):
    """All that the engine says of its four phases: examples, coverage, fuzzing, stateful."""
    send = WSGITransport.send

    def sent(self, case, **options):
        for name in ("max_redirects", "verify", "cert", "proxies"):
            options.pop(name, None)  # of sockets: its probes without a key name them here as well
        return send(self, case, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WSGITransport, "send", sent)
        return list(from_schema(schema).execute())


@pytest.fixture(scope="module")
def scenarios(reported):
    return [event for event in reported if isinstance(event, events.ScenarioFinished)]


def faults(scenario):
    """What each failed check of a scenario says, the request and the answer with it."""
    recorder = scenario.recorder
    for id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                answer = recorder.interactions[id].response
                text = (
                    f"{check.name}: {check.failure_info.failure.title} {check.failure_info.failure.message}"
                )
                body = answer.content[:600].decode(errors="replace") if answer is not None else ""
                yield f"{recorder.label} {text}\n{check.failure_info.code_sample[-1000:]}\n{body}"


def test_every_check_is_on_but_where_a_reason_is_written(schema):
    off = set()
    for operation in (result.ok() for result in schema.get_all_operations()):
        config = schema.config.checks_config_for(operation=operation, phase="fuzzing")
        off |= {
            (name, operation.path)
            for name in CHECKS.get_all_names()
            if not config.get_by_name(name=name).enabled
        }
    assert {check for check, _ in off} == set(OFF)
    assert all(re.search(OFF[check], path) for check, path in off)


def test_nothing_that_is_sent_is_answered_otherwise_than_described(reported, scenarios):
    broken = [event.info.format(bold=str) for event in reported if isinstance(event, events.NonFatalError)]
    broken += [str(event.exception) for event in reported if isinstance(event, events.FatalError)]
    found = [fault for scenario in scenarios for fault in faults(scenario)]
    assert not broken + found, "\n\n".join(broken + found)


def test_every_route_is_tried_and_there_are_cases_enough(schema, scenarios):
    cases = collections.Counter(
        node.value.operation.label for scenario in scenarios for node in scenario.recorder.cases.values()
    )
    routes = {result.ok().label for result in schema.get_all_operations()}
    assert set(cases) == routes
    assert sum(cases.values()) >= AT_LEAST, cases
    assert {scenario.phase.value for scenario in scenarios} >= {"examples", "coverage", "fuzzing"}


def test_only_the_converter_may_be_out_of_reach(scenarios):
    statuses = collections.Counter(
        interaction.response.status_code
        for scenario in scenarios
        for interaction in scenario.recorder.interactions.values()
        if interaction.response is not None
    )
    assert not [status for status in statuses if status >= 500], statuses
    assert {200, 201, 202, 400, 401, 404, 405, 415, 422} <= set(statuses)
