"""A worker killed with `kill -9` over a large list: begun again within 20 seconds, nothing half and nothing twice."""

import time

import pytest

from accounts.models import Role
from compliance.models import Camera, ImportedChange, ImportProblem, ImportRun
from compliance.services import imports
from compliance.services.imports import look_again
from core import jobs
from core.models import Job, TrailEntry
from tests.compliance.test_imports import upload
from tests.factories.accounts import member
from tests.factories.compliance import CameraSystemFactory
from tests.processes import Worker, wait_until

SECONDS = 20  # design 9: a killed worker's job starts again within 20 s
ROWS = 12_000  # about a second of judging, and one of writing: there is a middle to be killed in
WITHOUT_PLACE = 100
S = ImportRun.Status


def received() -> ImportRun:
    system = CameraSystemFactory(operator__latitude="53.46", operator__longitude="-2.28")
    places = (f"{n},Street {n},Central,-2.{n % 100:02},53.{n // 100:03}" for n in range(ROWS - WITHOUT_PLACE))
    lines = [*places, *(f"X{n},Street {n},Central,," for n in range(WITHOUT_PLACE))]
    by = member(system.operator, Role.SCHEME_MANAGER)
    return imports.receive_list(system=system, upload=upload(*lines), by=by)


def killed_at_work(worker: Worker, job: Job) -> float:
    """When it was killed, a moment after it took the job."""
    wait_until(lambda: Job.objects.filter(pk=job.pk, attempts=1).exists(), seconds=30, what="it began")
    time.sleep(0.3)
    worker.kill()
    assert Job.objects.get(pk=job.pk).finished_at is None
    return time.monotonic()


def begins_again(job: Job, killed: float) -> None:
    def begun_again() -> bool:
        jobs.sweep()  # what beat does every five seconds
        return Job.objects.get(pk=job.pk).attempts == 2

    wait_until(begun_again, seconds=SECONDS, what="the job began again")
    assert time.monotonic() - killed < SECONDS
    wait_until(lambda: Job.objects.get(pk=job.pk).finished_at, seconds=60, what="the job is done")


@pytest.mark.long
@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_killed_while_it_judges_and_while_it_applies(worker: Worker, second_worker: Worker):
    run = received()
    run = imports.confirm_columns(run=run, settings=look_again(run).settings, by=run.by)
    judging = Job.objects.get(kind=imports.SORT)
    killed = killed_at_work(worker, judging)
    run.refresh_from_db()
    assert (run.status, run.new, ImportProblem.objects.count()) == (S.SORTING, 0, 0)
    second_worker.start()
    begins_again(judging, killed)
    run.refresh_from_db()
    assert (run.status, run.rows, run.new, run.refused) == (S.SORTED, ROWS, ROWS, 0)
    assert ImportProblem.objects.filter(code="no_coordinates").count() == WITHOUT_PLACE

    imports.accept(run=run, by=run.by)
    applying = Job.objects.get(kind=imports.APPLY)
    killed = killed_at_work(second_worker, applying)
    run.refresh_from_db()
    assert (run.status, Camera.objects.count(), ImportedChange.objects.count()) == (S.APPLYING, 0, 0)
    assert not TrailEntry.objects.filter(subject_kind=Camera._meta.label).exists()
    worker.start()
    begins_again(applying, killed)
    run.refresh_from_db()
    assert (run.status, Camera.objects.filter(import_run=run).count()) == (S.APPLIED, ROWS)
    assert Camera.objects.values("operator_ref").distinct().count() == ROWS
    assert TrailEntry.objects.filter(subject_kind=Camera._meta.label).count() == ROWS
    moves = [S.SORTING, S.SORTED, S.APPLYING, S.APPLIED]
    assert list(run.changes.order_by("pk").values_list("after", flat=True)) == moves
