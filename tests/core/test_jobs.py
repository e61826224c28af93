"""Jobs: promised with the act, done by one runner at a time, begun again when a worker dies, retried with patience."""

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import kombu
import kombu.pools
import pytest
from django.db import connection, transaction
from django.utils import timezone

from core import jobs
from core.jobs import Job
from core.tasks import run_job

KIND = "tests.work"
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def done() -> Iterator[list[Any]]:
    """What the handler of KIND was asked to do, in order."""
    seen: list[Any] = []
    jobs.HANDLERS[KIND] = lambda **arguments: seen.append(arguments)
    yield seen
    del jobs.HANDLERS[KIND]
    jobs.SECRET.discard(KIND)


def handle_with(function: Any) -> None:
    jobs.HANDLERS[KIND] = function


@pytest.mark.django_db
def test_a_job_is_done_once_with_its_arguments(done: list[Any]) -> None:
    job = jobs.promise(KIND, {"number": 7})
    assert jobs.run(job.pk) is True
    assert jobs.run(job.pk) is False
    assert done == [{"number": 7}]
    job.refresh_from_db()
    assert (job.attempts, job.lease_until, job.holder, job.error) == (1, None, "", "")
    assert job.finished_at is not None


@pytest.mark.django_db
def test_an_unknown_kind_cannot_be_promised() -> None:
    with pytest.raises(KeyError):
        jobs.promise("tests.nobody_does_this")
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_the_same_key_is_the_same_promise(done: list[Any]) -> None:
    first = jobs.promise(KIND, {"number": 1}, key="once")
    assert jobs.promise(KIND, {"number": 2}, key="once") == first
    assert jobs.drain() == 1
    assert jobs.promise(KIND, {"number": 3}, key="once") == first
    assert jobs.drain() == 0
    assert done == [{"number": 1}]


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_promise(done: list[Any]) -> None:
    def act() -> None:
        with transaction.atomic():
            jobs.promise(KIND)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_the_doorbell_rings_when_the_act_commits(done: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        job = jobs.promise(KIND)
        later = jobs.promise(KIND, due_at=timezone.now() + dt.timedelta(hours=1))
    assert len(callbacks) == 1
    callbacks[0]()
    job.refresh_from_db()
    later.refresh_from_db()
    assert job.rung_at is not None
    assert later.rung_at is None


@pytest.mark.django_db
def test_a_job_is_not_done_before_its_time(done: list[Any]) -> None:
    job = jobs.promise(KIND, due_at=timezone.now() + dt.timedelta(hours=1))
    assert jobs.run(job.pk) is False
    assert jobs.due_count() == 0
    Job.objects.update(due_at=timezone.now() - SECOND)
    assert jobs.due_count() == 1
    assert jobs.run(job.pk) is True


@pytest.mark.django_db
def test_a_held_lease_keeps_others_away_until_it_runs_out(done: list[Any]) -> None:
    job = jobs.promise(KIND)
    Job.objects.update(lease_until=timezone.now() + 5 * SECOND, holder="another:1:1", attempts=1)
    assert jobs.run(job.pk) is False
    Job.objects.update(lease_until=timezone.now() - SECOND)
    assert jobs.run(job.pk) is True
    job.refresh_from_db()
    assert job.attempts == 2
    assert done == [{}]


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_the_work_goes_on(done: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "RENEW_EVERY_SECONDS", 0.05)
    job = jobs.promise(KIND)
    leases: list[Any] = []

    def work() -> None:
        patience = timezone.now() + 10 * SECOND
        while len(set(leases)) < 3 and timezone.now() < patience:
            leases.append(Job.objects.values_list("lease_until", flat=True).get(pk=job.pk))

    handle_with(work)
    assert jobs.run(job.pk) is True
    assert sorted(leases) == leases
    assert len(set(leases)) == 3


@pytest.mark.django_db(transaction=True)
def test_two_runners_at_once_do_the_work_once() -> None:
    began, together = [], threading.Barrier(2)
    handle_with(lambda: began.append(threading.get_ident()))
    job = jobs.promise(KIND)
    took: list[bool] = []

    def runner() -> None:
        try:
            together.wait(timeout=10)
            took.append(jobs.run(job.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=runner) for _ in range(2)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
    finally:
        del jobs.HANDLERS[KIND]
    assert sorted(took) == [False, True]
    assert len(began) == 1
    job.refresh_from_db()
    assert job.attempts == 1


@pytest.mark.django_db
def test_a_runner_that_lost_its_lease_settles_nothing(done: list[Any]) -> None:
    """It slept past its lease; another took the job over and holds it now."""
    job = jobs.promise(KIND)
    lease = timezone.now() + 5 * SECOND
    handle_with(lambda: Job.objects.update(holder="another:1:1", lease_until=lease))
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.holder, job.lease_until, job.finished_at) == ("another:1:1", lease, None)


@pytest.mark.django_db
def test_failures_are_tried_again_later_and_later_and_then_given_up(
    done: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("the printer is out of paper")

    handle_with(fail)
    job = jobs.promise(KIND)
    waits = []
    for attempt in range(1, jobs.MAX_ATTEMPTS):
        before = timezone.now()
        assert jobs.run(job.pk) is True
        job.refresh_from_db()
        assert (job.attempts, job.lease_until, job.rung_at, job.given_up_at) == (attempt, None, None, None)
        assert "the printer is out of paper" in job.error
        waits.append(round((job.due_at - before).total_seconds()))
        Job.objects.update(due_at=timezone.now() - SECOND)
    assert waits == list(jobs.BACK_OFF_SECONDS)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.given_up_at is not None
    assert not Job.objects.due().exists()
    assert len(caplog.records) == jobs.MAX_ATTEMPTS


@pytest.mark.django_db
@pytest.mark.parametrize(("secret", "left"), [(True, {}), (False, {"link": "/key/"})])
def test_a_secret_job_that_is_given_up_keeps_no_arguments(
    done: list[Any], caplog: pytest.LogCaptureFixture, secret: bool, left: dict[str, str]
) -> None:
    @jobs.handles(KIND, secret=secret)
    def fail(link: str) -> None:
        raise RuntimeError("the post is closed")

    job = jobs.promise(KIND, {"link": "/key/"})
    Job.objects.update(attempts=jobs.MAX_ATTEMPTS - 2)
    for arguments, given_up in (({"link": "/key/"}, False), (left, True)):
        assert jobs.run(job.pk) is True
        job.refresh_from_db()
        assert (job.arguments, job.given_up_at is not None) == (arguments, given_up)
        Job.objects.update(due_at=timezone.now() - SECOND)
    assert "the post is closed" in job.error
    assert len(caplog.records) == 2


@pytest.mark.django_db
def test_drain_does_what_jobs_promise_in_turn(done: list[Any]) -> None:
    def work(number: int) -> None:
        done.append(number)
        if number < 3:
            jobs.promise(KIND, {"number": number + 1})

    handle_with(work)
    jobs.promise(KIND, {"number": 1})
    assert jobs.drain() == 3
    assert done == [1, 2, 3]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rung", "lease", "rings"),
    [
        (None, None, True),  # its bell was lost with the broker
        (10, None, False),  # it waits in a queue
        (31, None, True),  # too long for a queue
        (20, -5, False),  # somebody is doing it
        (20, 3, True),  # its worker died
        (8, 10, False),  # rung for since its worker died
        (16, 20, True),  # rung for since, and nobody came
    ],
)
def test_the_sweep_rings_for_silent_bells_only(
    done: list[Any], rung: int | None, lease: int | None, rings: bool
) -> None:
    """`rung` and `lease`: seconds since the bell rang and since the lease ran out."""
    now = timezone.now()
    job = jobs.promise(KIND)
    Job.objects.update(
        rung_at=None if rung is None else now - rung * SECOND,
        lease_until=None if lease is None else now - lease * SECOND,
    )
    assert jobs.sweep() == ([job.pk] if rings else [])


@pytest.mark.django_db
def test_what_died_is_rung_for_ahead_of_what_waits(done: list[Any]) -> None:
    now = timezone.now()
    waiting, died, another = (jobs.promise(KIND) for _ in range(3))
    Job.objects.update(rung_at=now - 40 * SECOND)
    Job.objects.filter(pk=died.pk).update(lease_until=now - SECOND)
    assert jobs.sweep() == [died.pk, waiting.pk, another.pk]


@pytest.mark.django_db
def test_the_sweep_leaves_what_is_finished_given_up_or_not_due(done: list[Any]) -> None:
    now = timezone.now()
    for change in ({"finished_at": now}, {"given_up_at": now}, {"due_at": now + dt.timedelta(minutes=1)}):
        job = jobs.promise(KIND)
        Job.objects.filter(pk=job.pk).update(rung_at=None, **change)
    assert jobs.sweep() == []


@pytest.mark.django_db
def test_a_silent_broker_holds_up_nobody_and_loses_nothing(
    done: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    nobody = kombu.Connection(
        f"redis+socket://{tmp_path}/nobody.sock", transport_options=run_job.app.conf.broker_transport_options
    )
    monkeypatch.setattr(run_job.app.amqp, "_producer_pool", kombu.pools.producers[nobody])
    job = jobs.promise(KIND)
    began = timezone.now()
    assert jobs.ring(job.pk) == 0
    assert timezone.now() - began < 3 * SECOND
    assert "the broker does not answer" in caplog.text
    assert jobs.drain() == 1
