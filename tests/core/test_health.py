"""/healthz: three answers, for strangers, without a session."""

import time
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client

from ccp_portal.health import HEARTBEAT_SECONDS
from core import jobs, tasks


@pytest.mark.django_db
def test_all_well_is_200(client: Client) -> None:
    tasks.sweep()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "broker": True, "worker": True})
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("age", [None, HEARTBEAT_SECONDS + 1, -60])
def test_a_worker_without_a_recent_sign_of_life_is_503(age: float | None, client: Client) -> None:
    if age is not None:
        cache.set(jobs.HEARTBEAT_KEY, time.time() - age)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "broker": True, "worker": False})


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["", "unix:///nowhere/redis.sock"])
def test_a_silent_broker_is_503(url: str, client: Client, settings: Any) -> None:
    tasks.sweep()
    settings.REDIS_URL = url
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": True, "broker": False, "worker": True})


@pytest.mark.django_db
def test_a_silent_database_is_503(client: Client) -> None:
    def refuse(*args: object) -> None:
        raise DatabaseError("the disk is gone")

    tasks.sweep()
    with connection.execute_wrapper(refuse):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": False, "broker": True, "worker": True})


@pytest.mark.django_db
def test_one_statement_and_reading_only(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        client.get("/healthz")
    assert client.post("/healthz").status_code == 405
