"""A worker killed with `kill -9` in the middle of printing: the certificate is printed once, within 20 seconds."""

import hashlib
import time

import pytest
from django.core.files.storage import default_storage

from certification.models import Certificate
from certification.services.numbers import Number
from core import jobs
from core.dates import today
from core.models import Job, TrailEntry
from tests.factories.certification import CertificateFactory, Parties
from tests.processes import Worker, wait_until

SECONDS = 20  # design 9: a killed worker's job starts again within 20 s
MANY = [
    {
        "reference": f"CS-23K{number:04d}",
        "name": f"System {number} of a very large operator",
        "technologies": ["CCTV"],
        "cameras": number,
        "counted_on": "2026-10-02",
    }
    for number in range(1, 601)  # several seconds of layout: there is a middle to be killed in
]


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_s_certificate_is_printed_exactly_once(worker: Worker, second_worker: Worker):
    second_worker.start()
    certificate = CertificateFactory(systems_listed=MANY)
    job = jobs.promise(
        "certification.print_certificate",
        {"certificate_id": certificate.pk},
        key=f"certification.print_certificate:{certificate.pk}",
    )
    wait_until(lambda: Job.objects.filter(pk=job.pk, lease_until__isnull=False).exists(), seconds=30, what="it began")
    time.sleep(0.5)  # it is laying out pages now
    job.refresh_from_db()
    at_work = int(job.holder.split(":")[1])
    (worker if at_work in worker.pids() else second_worker).kill()
    killed = time.monotonic()
    certificate.refresh_from_db()
    assert not certificate.document
    assert Job.objects.get(pk=job.pk).finished_at is None

    def begun_again() -> bool:
        jobs.sweep()  # what beat does every five seconds
        return Job.objects.get(pk=job.pk).attempts == 2

    wait_until(begun_again, seconds=SECONDS, what="the job began again")
    assert time.monotonic() - killed < SECONDS
    wait_until(lambda: Job.objects.get(pk=job.pk).finished_at, seconds=90, what="the certificate is printed")

    certificate.refresh_from_db()
    with certificate.document.open("rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == certificate.document_sha256
    assert default_storage.listdir("certificates")[1] == [f"{certificate.reference}.pdf"]
    assert TrailEntry.objects.filter(verb="printed").count() == 1
    assert Job.objects.get(pk=job.pk).attempts == 2


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_an_award_is_printed_by_the_worker_that_hears_its_bell(worker: Worker):
    parties = Parties.make()
    parties.awarded()
    wait_until(
        lambda: Certificate.objects.exclude(document="").exists(), seconds=30, what="the awarded certificate is printed"
    )
    certificate = Certificate.objects.get()
    assert (certificate.reference, certificate.body_name) == (str(Number("CC", today().year, 1)), parties.body.name)
