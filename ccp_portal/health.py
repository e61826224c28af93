"""`/healthz`: whether database, broker and worker answer. Costs one statement and two calls to the broker."""

import logging
import time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis, RedisError

from core.jobs import HEARTBEAT_KEY

log = logging.getLogger(__name__)

# The sweep, which beat asks for every 5 seconds and a worker does, leaves the time it ran.
HEARTBEAT_SECONDS = 30


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when all three answer, else 503; the body says which do not."""
    answers = {"database": _database(), "broker": _broker(), "worker": _worker()}
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError as error:
        log.warning("the database does not answer: %s", error)
        return False


def _broker() -> bool:
    if not settings.REDIS_URL:
        return False
    try:
        with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2) as broker:
            return bool(broker.ping())
    except (RedisError, OSError) as error:
        log.warning("the broker does not answer: %s", error)
        return False


def _worker() -> bool:
    try:
        seen = cache.get(HEARTBEAT_KEY)
    except (RedisError, OSError):
        return False
    return seen is not None and 0 <= time.time() - float(seen) < HEARTBEAT_SECONDS
