"""A cache that does not stop the portal: while Redis is away, each process remembers by itself.

What lies in it may be forgotten: counts of failed sign-ins, throttles, the worker's sign of life. Limits hold then too,
for each process alone.
"""

import logging
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import RedisError

log = logging.getLogger(__name__)


class PatientCache(BaseCache):
    """Redis, or this process's own memory when Redis does not answer."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._redis = RedisCache(location, params)
        self._own = LocMemCache("while-redis-is-away", params)

    def _ask(self, act: str, *args: Any, **options: Any) -> Any:
        try:
            return getattr(self._redis, act)(*args, **options)
        except (RedisError, OSError) as error:
            log.warning("the cache does not answer, this process remembers by itself: %s", error)
            return getattr(self._own, act)(*args, **options)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._ask("add", key, value, timeout, version=version))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask("get", key, default, version=version)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._ask("set", key, value, timeout, version=version)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._ask("touch", key, timeout, version=version))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(self._ask("delete", key, version=version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return int(self._ask("incr", key, delta, version=version))

    def has_key(self, key: str, version: int | None = None) -> bool:
        return bool(self._ask("has_key", key, version=version))

    def clear(self) -> None:
        self._ask("clear")

    def close(self, **options: Any) -> None:
        self._redis.close(**options)
