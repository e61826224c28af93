"""The cache: Redis where it answers, the process's own memory where it does not."""

from pathlib import Path

import pytest
from django.test import Client, override_settings

from ccp_portal.environment import private_redis_url
from core.cache import PatientCache
from tests.factories.accounts import PASSWORD, UserFactory
from tests.settings import TEST_DATA


def exercise(cache: PatientCache) -> list[object]:
    return [
        cache.get("n"),
        cache.add("n", 1, 60),
        cache.add("n", 2, 60),
        cache.incr("n"),
        cache.get("n"),
        cache.touch("n", 60),
        cache.add("m", [1, 2], 60),
        cache.get_many(["n", "m"]),
        cache.has_key("m"),
        cache.delete("n"),
        cache.delete("n"),
        cache.get("n", "nothing"),
        cache.delete("m"),
    ]


def test_it_answers_the_same_with_redis_and_without(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with_redis = PatientCache(private_redis_url(TEST_DATA), {"KEY_PREFIX": "patience"})
    answers = exercise(with_redis)
    assert not caplog.records
    without = PatientCache(f"unix://{tmp_path}/nobody.sock", {})
    assert exercise(without) == answers
    assert "this process remembers by itself" in caplog.text
    both = {"n": 2, "m": [1, 2]}
    assert answers == [None, True, False, 2, 2, True, True, both, True, True, False, "nothing", True]


@pytest.mark.django_db
def test_people_sign_in_while_redis_is_away_and_tries_are_still_limited(tmp_path: Path) -> None:
    user = UserFactory()
    cache = {"BACKEND": "core.cache.PatientCache", "LOCATION": f"unix://{tmp_path}/nobody.sock"}
    with override_settings(CACHES={"default": cache}):
        client = Client()
        wrong = {"login": "nobody@example.org", "password": "wrong-password-1"}
        assert [client.post("/accounts/login/", wrong).status_code for _ in range(6)] == [422] * 5 + [429]
        right = {"login": user.email, "password": PASSWORD}
        assert client.post("/accounts/login/", right).status_code == 302
        assert client.get("/api/v1/authorities/").status_code == 200
