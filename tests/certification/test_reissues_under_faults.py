"""A worker killed with `kill -9` while certificates are issued again: each is issued once, and none is left out."""

import pytest

from certification.models import Certificate
from certification.services import reissues
from core import jobs
from core.models import Job
from tests.certification.test_reissues import REASON, many
from tests.factories.accounts import SiteAdministratorFactory
from tests.factories.certification import Parties
from tests.factories.certification_life import succeeded
from tests.processes import Worker, wait_until

NUMBER = 60


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_no_certificate_out_and_issues_none_twice(
    worker: Worker, second_worker: Worker
):
    parties = Parties.make()
    many(parties, NUMBER)
    Job.objects.all().delete()  # what was promised before is not of this test
    successor = succeeded(parties.scheme, parties.body)
    reissue = reissues.start(scheme=parties.scheme, successor=successor, reason=REASON, by=SiteAdministratorFactory())
    issued = Certificate.objects.filter(scheme=successor)
    wait_until(lambda: issued.count() >= 5, seconds=60, what="the first are issued")
    worker.kill()
    assert not reissues.progress(reissue).is_finished
    second_worker.start()

    def finished() -> bool:
        jobs.sweep()  # what beat does every five seconds
        return reissues.progress(reissue).is_finished

    wait_until(finished, seconds=120, what="all are issued")
    assert reissues.progress(reissue).refused == 0
    assert issued.count() == NUMBER
    assert issued.values("predecessor").distinct().count() == NUMBER
    numbers = sorted(int(reference.split("-")[2]) for reference in issued.values_list("reference", flat=True))
    assert numbers == list(range(1, NUMBER + 1))
