"""The doorbell: what Celery runs. The promises themselves live in `core.jobs`."""

import time

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from core import jobs, trail


@shared_task(name=jobs.DOORBELL)
def run_job(job_id: int) -> None:
    jobs.run(job_id)


@shared_task(name="core.sweep")
def sweep() -> None:
    """Ring for what is due, and leave a sign of life for `/healthz`."""
    jobs.sweep()
    cache.set(jobs.HEARTBEAT_KEY, time.time(), timeout=300)


@shared_task(name="core.promise_seal")
def promise_seal() -> None:
    """One sealing a minute at most, however many beats there are."""
    if trail.TrailEntry.objects.unsealed().exists():
        jobs.promise("core.seal_trail", key=f"core.seal_trail:{timezone.now():%Y-%m-%dT%H:%M}")


@jobs.handles("core.seal_trail")
def seal_trail() -> None:
    trail.seal_all()
