"""The schema of the API says what the API does: asked with everything that it allows and much that it does not."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from core import jobs
from tests.factories.accounts import OrganisationFactory
from tests.factories.certification import CertificateFactory, active_system
from tests.factories.transparency import cameras_of_every_precision
from transparency.api.schema import schema
from transparency.services.publish import publish_system

pytestmark = pytest.mark.django_db

EXAMPLES, EXAMPLES_LONG = 12, 300
OPERATIONS = [
    (path, method) for path, operations in schema()["paths"].items() for method in operations if method == "get"
]
ABSURD = [
    "", " ", "0", "-1", "1e400", "NaN", "Infinity", "null", "true", "[]", "{}", "\x00", "\ud7ff", "é" * 300, "x" * 5000,
    "1111805924369776771072", "2026-02-30", "9999-12-31", "0001-01-01", "10000-01-01", "2026-01-01T00:00", "%", "'--",
    "1,2,3", "1,2,3,4,5", "nan,nan,nan,nan", "-180,-85,180,85", "-181,0,0,1", "1,1,1,1", "inf,0,1,1", "3,4,1,2",
]  # fmt: skip


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """A request does not close the connection in which the test's rows are."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def something_published(settings: Any) -> None:
    """A row of each kind; nobody is told to wait."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    system = active_system(OrganisationFactory())
    cameras_of_every_precision(system)
    publish_system(system=system, by=None)
    CertificateFactory()
    jobs.drain()


def test_the_schema_is_valid_and_whole(tmp_path, client):
    call_command(
        "spectacular", "--validate", "--fail-on-warn", "--api-version", "v1", "--file", str(tmp_path / "x.yml")
    )
    answer = client.get("/api/v1/schema.json")
    assert json.loads(answer.content) == json.loads(json.dumps(schema()))
    assert (answer["Access-Control-Allow-Origin"], answer["Cache-Control"]) == ("*", "public, max-age=3600")
    assert client.get("/api/v1/schema.json", headers={"if-none-match": answer["ETag"]}).status_code == 304
    lists = {path for path, _method in OPERATIONS if "{" not in path}
    assert lists == {
        f"/api/v1/{each}/"
        for each in ("agreements", "authorities", "systems", "cameras", "certificates", "publications")
    }


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_nothing_that_anybody_asks_is_a_fault_or_undocumented(
    something_published, kept_connection, request, path, method
):
    api = schemathesis.openapi.from_wsgi("/api/v1/schema.json", get_wsgi_application())
    operation = api[path][method.upper()]
    examples = EXAMPLES_LONG if request.config.getoption("--long") else EXAMPLES
    modes = [operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)]

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(modes))
    def ask(case: Any) -> None:
        case.call_and_validate(excluded_checks=[positive_data_acceptance])  # a cursor of the right form may be none

    ask()


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_absurd_values_are_answered_with_a_sentence(something_published, client, path, method):
    parameters = schema()["paths"][path][method].get("parameters", [])
    if "{" in path:
        for value in ("0", "-1", "1111805924369776771072", "é", "x" * 300, "%00", "'"):
            assert client.get(path.replace(path[path.index("{") : path.index("}") + 1], value)).status_code == 404
        answer = client.get("/api/v1/systems/nothing/", {"cursor": "x"})
        assert answer.status_code == 400
        return
    names = [parameter["name"] for parameter in parameters]
    for name in [*names, "limit", "offset", "format"]:
        for value in ABSURD:
            answer = client.get(path, {name: value})
            assert answer.status_code in (200, 400), (name, value)
            if answer.status_code == 400:
                problem = answer.json()
                assert set(problem) == {"type", "title", "status", "detail"}
                assert name in problem["detail"]
                assert answer["Content-Type"] == "application/problem+json"
                assert answer["Cache-Control"] == "no-store"
    assert client.get(path, {"limit": "5"}).status_code == 400
