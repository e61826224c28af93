"""Work that was promised happens once (design 8).

An act writes its rows and its Job in one transaction; the broker is only a doorbell. A worker takes the job's lease by
compare-and-set and renews it while it works; a sweep rings again for every due job whose lease ran out. Handlers are
idempotent: a job may begin again after a worker died in the middle of it.
"""

import functools
import logging
import os
import socket
import threading
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import DatabaseError, connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=10)
RENEW_EVERY_SECONDS = 3.0
RING_AGAIN_AFTER = timedelta(seconds=30)  # a job that waits in a long queue is not rung for at each sweep
RING_AGAIN_AFTER_DEATH = timedelta(seconds=15)
MAX_ATTEMPTS = 8
BACK_OFF_SECONDS = (5, 15, 60, 300, 900, 3600, 3600)
DOORBELL = "core.run_job"  # the task's name; `core.tasks` stands above this module
AHEAD, IN_TURN = 0, 6  # of the broker's queue: what died goes before a hundred others that wait
HEARTBEAT_KEY = "core.heartbeat"  # in the cache: Unix time of the last sweep that a worker did

Handler = Callable[..., None]
HANDLERS: dict[str, Handler] = {}
SECRET: set[str] = set()  # kinds whose arguments let somebody in


class JobQuerySet(models.QuerySet["Job"]):
    def due(self, now: datetime | None = None) -> "JobQuerySet":
        """Promised, its time come, not finished, not given up, and held by nobody."""
        now = now or timezone.now()
        return self.open().filter(due_at__lte=now).filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now))

    def open(self) -> "JobQuerySet":
        """Neither finished nor given up."""
        return self.filter(finished_at__isnull=True, given_up_at__isnull=True)

    def to_ring(self, now: datetime) -> "JobQuerySet":
        """Due jobs whose doorbell is silent: never rung, rung long ago, or their worker died."""
        silent = Q(rung_at__isnull=True) | Q(rung_at__lt=now - RING_AGAIN_AFTER)
        died = Q(lease_until__lt=now) & (Q(rung_at__lte=F("lease_until")) | Q(rung_at__lt=now - RING_AGAIN_AFTER_DEATH))
        return self.due(now).filter(silent | died)


class Job(models.Model):
    """One promised piece of work: what, with which arguments, when due, who holds it now, how it went."""

    kind = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001  (null: no key, and unique)
    promised_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    rung_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=120, blank=True)
    finished_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(finished_at__isnull=True, given_up_at__isnull=True), name="job_open"
            ),
            models.Index(fields=("kind", "finished_at"), name="job_by_kind"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"  # without the arguments: this stands in logs and headings


def handles(kind: str, *, secret: bool = False) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of `kind`. It takes the promised arguments by name and is idempotent.

    With `secret`, a job that is given up loses its arguments: nobody will use them, and they could let somebody in.
    """

    def register(function: Handler) -> Handler:
        HANDLERS[kind] = function
        (SECRET.add if secret else SECRET.discard)(kind)
        return function

    return register


def promise(
    kind: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    key: str | None = None,
    due_at: datetime | None = None,
) -> Job:
    """Promise work inside the caller's transaction; the doorbell rings when it commits.

    With `key`, the same promise made twice is one job: the existing one is returned. Raises KeyError for an unknown
    kind.
    """
    if kind not in HANDLERS:
        raise KeyError(kind)
    values = {"kind": kind, "arguments": dict(arguments or {}), "due_at": due_at or timezone.now()}
    if key is None:
        job, made = Job.objects.create(**values), True
    else:
        job, made = Job.objects.get_or_create(key=key, defaults=values)
    if made and job.due_at <= timezone.now():
        transaction.on_commit(functools.partial(ring, job.pk))
    return job


def ring(*job_ids: int, priority: int = IN_TURN) -> int:
    """Tell the broker; returns for how many. A silent broker loses nothing: the sweep rings again."""
    Job.objects.filter(pk__in=job_ids).update(rung_at=timezone.now())
    for told, job_id in enumerate(job_ids):
        try:
            current_app.send_task(DOORBELL, (job_id,), retry=False, priority=priority)
        except (OSError, OperationalError) as error:
            log.warning("the broker does not answer, job %s waits for the sweep: %s", job_id, error)
            return told
    return len(job_ids)


def sweep(limit: int = 2000) -> list[int]:
    """Ring for every due job whose doorbell is silent, first for those whose worker died, which begin again ahead of
    what waits in the queue. Returns their ids.
    """
    silent = Job.objects.to_ring(timezone.now()).order_by("due_at", "pk").values_list("pk", "lease_until")[:limit]
    died = [pk for pk, lease in silent if lease is not None]
    waiting = [pk for pk, lease in silent if lease is None]
    if died:
        ring(*died, priority=AHEAD)
    if waiting:
        ring(*waiting)
    return [*died, *waiting]


def due_count() -> int:
    """How many promised jobs are due or being done now: what a start waits for."""
    return Job.objects.open().filter(due_at__lte=timezone.now()).count()


def drain() -> int:
    """Do all due jobs in this process, including those that they promise. Returns how many were begun."""
    done = 0
    while ids := list(Job.objects.due().order_by("due_at", "pk").values_list("pk", flat=True)[:200]):
        for job_id in ids:
            run(job_id)
        done += len(ids)
    return done


def run(job_id: int) -> bool:
    """Take the lease, do the work, finish. False when somebody else holds it, or it is done or not yet due."""
    holder = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
    now = timezone.now()
    taken = (
        Job.objects.due(now)
        .filter(pk=job_id)
        .update(lease_until=now + LEASE, holder=holder, attempts=F("attempts") + 1)
    )
    if not taken:
        return False
    job = Job.objects.get(pk=job_id)
    with _Renewal(job_id, holder):
        try:
            HANDLERS[job.kind](**job.arguments)
        except Exception:
            log.exception("job %s (%s) failed at attempt %s", job.pk, job.kind, job.attempts)
            failure = traceback.format_exc()
        else:
            failure = ""
    _settle(job, holder, failure)
    return True


def _settle(job: Job, holder: str, failure: str) -> None:
    now = timezone.now()
    mine = Job.objects.filter(pk=job.pk, holder=holder, finished_at__isnull=True)
    if not failure:
        mine.update(finished_at=now, lease_until=None, holder="", error="")
    elif job.attempts >= MAX_ATTEMPTS:
        kept = {} if job.kind in SECRET else job.arguments
        mine.update(given_up_at=now, lease_until=None, holder="", error=failure[-4000:], arguments=kept)
    else:
        wait = timedelta(seconds=BACK_OFF_SECONDS[min(job.attempts, len(BACK_OFF_SECONDS)) - 1])
        mine.update(due_at=now + wait, rung_at=None, lease_until=None, holder="", error=failure[-4000:])


class _Renewal:
    """Keeps a lease alive from a thread of its own while the work goes on; the thread dies with the process."""

    def __init__(self, job_id: int, holder: str) -> None:
        self.job_id = job_id
        self.holder = holder
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> "_Renewal":
        self.thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stopped.set()
        self.thread.join()

    def _renew(self) -> None:
        try:
            while not self.stopped.wait(RENEW_EVERY_SECONDS):
                try:
                    Job.objects.filter(pk=self.job_id, holder=self.holder).update(lease_until=timezone.now() + LEASE)
                except DatabaseError as error:  # the next renewal, or in the end the sweep, makes up for it
                    log.warning("the lease of job %s was not renewed: %s", self.job_id, error)
        finally:
            connection.close()  # this thread's own
