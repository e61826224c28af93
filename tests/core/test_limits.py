"""How often somebody may ask."""

import pytest
from django.core.cache import cache

from core.limits import within


@pytest.fixture(autouse=True)
def minute(monkeypatch):
    """A clock that stands until a test moves it."""
    clock = {"now": 1_000_000.0}
    monkeypatch.setattr("core.limits.time.time", lambda: clock["now"])
    cache.clear()
    return clock


def test_so_many_and_no_more_until_the_time_is_over(minute):
    assert [within("feed", "a", most=2) for _n in range(4)] == [True, True, False, False]
    minute["now"] += 60
    assert within("feed", "a", most=2)


def test_others_and_other_things_are_counted_apart():
    within("feed", "a", most=1)
    assert within("feed", "b", most=1)
    assert within("link", "a", most=1)
    assert not within("feed", "a", most=1)


def test_a_cache_that_forgets_keeps_nobody_waiting(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert within("feed", "a", most=0)
