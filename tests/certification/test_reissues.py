"""Certificates issued again in one act: each once, whatever happens to workers and however often it is asked for."""

import pytest

from accounts.models import Notification, Role
from certification.models import Certificate, Reissue, ReissueItem
from certification.services import life, reissues
from certification.services.certificates import PRINT_JOB
from certification.services.events import verify_events
from core import jobs
from core.dates import today
from core.errors import Incomplete, RuleBroken
from core.models import Job
from tests.at_once import at_once
from tests.factories.accounts import SiteAdministratorFactory, member
from tests.factories.certification import Parties, SchemeBodyFactory, past_certificate
from tests.factories.certification_life import issued, succeeded

REASON = "The scheme has another name."


def many(parties: Parties, number: int) -> list[Certificate]:
    application = parties.awarded()
    found = [application.certificate]
    return [*found, *(issued(application=application) for _ in range(number - 1))]


def run(kind: str) -> int:
    ids = list(Job.objects.due().filter(kind=kind).order_by("pk").values_list("pk", flat=True))
    return sum(jobs.run(job_id) for job_id in ids)


@pytest.mark.django_db
def test_sixty_certificates_are_issued_again_each_once():
    parties = Parties.make()
    before = many(parties, 60)
    successor = succeeded(parties.scheme, parties.body)
    by = SiteAdministratorFactory()
    reissue = reissues.start(scheme=parties.scheme, successor=successor, reason=REASON, by=by)
    assert Job.objects.filter(kind=reissues.REISSUE_JOB).count() == 3
    assert reissues.progress(reissue) == reissues.Progress(0, 0, 60, 0)
    assert run(reissues.REISSUE_JOB) == 3
    assert reissues.progress(reissue) == reissues.Progress(60, 0, 60, 0)
    assert reissues.progress(reissue).is_finished
    new = Certificate.objects.filter(scheme=successor).select_related("predecessor").order_by("pk")
    assert [certificate.predecessor for certificate in new] == before
    numbers = [int(certificate.reference.split("-")[2]) for certificate in new]
    assert sorted(numbers) == list(range(1, 61))
    for certificate in new:
        old = certificate.predecessor
        assert (certificate.scope, certificate.valid_from, certificate.valid_until, certificate.found) == (
            old.scope,
            old.valid_from,
            old.valid_until,
            old.found,
        )
        assert (certificate.origin, certificate.scheme_name) == ("reissue", successor.name)
        assert (certificate.reviewed_on, certificate.application) == (old.reviewed_on, old.application)
        assert (old.status, old.events.last().reason) == ("replaced", REASON)
    assert verify_events(new[0])
    assert verify_events(Certificate.objects.get(pk=before[0].pk))
    assert Job.objects.filter(kind=PRINT_JOB, arguments__certificate_id__in=[c.pk for c in new]).count() == 60
    assert Notification.objects.filter(user=parties.spoc, subject__contains="issued again").count() == 60


@pytest.mark.django_db
def test_done_again_after_a_crash_nothing_is_issued_twice():
    parties = Parties.make()
    many(parties, 5)
    successor = succeeded(parties.scheme, parties.body)
    reissue = reissues.start(scheme=parties.scheme, successor=successor, reason=REASON, by=SiteAdministratorFactory())
    ids = list(reissue.items.values_list("pk", flat=True))
    reissues.do_chunk(ids[:2])  # the worker dies here
    reissues.do_chunk(ids)
    reissues.do_chunk(ids)
    assert Certificate.objects.filter(scheme=successor).count() == 5
    assert reissues.progress(reissue).done == 5


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_the_same_chunk_issue_each_once():
    parties = Parties.make()
    many(parties, 6)
    successor = succeeded(parties.scheme, parties.body)
    reissue = reissues.start(scheme=parties.scheme, successor=successor, reason=REASON, by=SiteAdministratorFactory())
    ids = list(reissue.items.values_list("pk", flat=True))
    assert at_once(*[lambda: reissues.do_chunk(ids)] * 4) == {"done": 4}
    assert Certificate.objects.filter(scheme=successor).count() == 6
    assert not reissue.items.exclude(refusal="").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_one_begins_it():
    parties = Parties.make()
    many(parties, 4)
    successor = succeeded(parties.scheme, parties.body)
    by = SiteAdministratorFactory()

    def begin() -> None:
        reissues.start(scheme=parties.scheme, successor=successor, reason=REASON, by=by)

    assert at_once(begin, begin) == {"done": 1, "RuleBroken": 1}
    assert (Reissue.objects.count(), ReissueItem.objects.count()) == (1, 4)


@pytest.mark.django_db
def test_which_are_not_issued_again_and_why():
    parties = Parties.make()
    kept, suspended, withdrawn = many(parties, 3)
    life.suspend(certificate=suspended, reason="x", by=parties.decider)
    life.withdraw_certificate(certificate=withdrawn, reason="x", by=parties.decider)
    expired = past_certificate(application=kept.application)
    elsewhere = issued(application=kept.application, body=SchemeBodyFactory(scheme=parties.scheme).body)
    recorded = issued(application=kept.application)
    Certificate.objects.filter(pk=recorded.pk).update(application=None, origin="recorded")
    successor = succeeded(parties.scheme, parties.body)
    sorting = reissues.sort(parties.scheme, successor)
    assert sorting.again == [kept]
    assert dict(sorting.refused) == {
        suspended: "It is suspended.",
        expired: "It has expired.",
        elsewhere: "Its certification body may not certify under the new scheme.",
        recorded: "It was recorded for the history.",
    }
    reissue = reissues.start(scheme=parties.scheme, successor=successor, reason=REASON, by=SiteAdministratorFactory())
    run(reissues.REISSUE_JOB)
    assert reissues.progress(reissue) == reissues.Progress(1, 4, 5, 0)
    life.reinstate(certificate=suspended, reason="x", by=parties.decider)
    again = reissues.start(scheme=parties.scheme, successor=successor, reason=REASON, by=SiteAdministratorFactory())
    run(reissues.REISSUE_JOB)
    assert again.items.get(refusal="").successor.predecessor == suspended


@pytest.mark.django_db
def test_what_is_suspended_meanwhile_is_refused_by_its_worker_and_the_others_go_on():
    parties = Parties.make()
    first, second = many(parties, 2)
    successor = succeeded(parties.scheme, parties.body)
    reissue = reissues.start(scheme=parties.scheme, successor=successor, reason=REASON, by=SiteAdministratorFactory())
    life.suspend(certificate=first, reason="x", by=parties.decider)
    run(reissues.REISSUE_JOB)
    assert reissues.progress(reissue) == reissues.Progress(1, 1, 2, 0)
    assert reissue.items.get(certificate=first).refusal
    assert reissue.items.get(certificate=second).successor is not None


@pytest.mark.django_db
def test_a_reissue_needs_a_reason_a_successor_and_a_scheme_that_is_not_closed():
    parties = Parties.make()
    many(parties, 1)
    successor, by = succeeded(parties.scheme, parties.body), SiteAdministratorFactory()
    with pytest.raises(Incomplete):
        reissues.start(scheme=parties.scheme, successor=successor, reason=" ", by=by)
    with pytest.raises(RuleBroken, match="must succeed"):
        reissues.start(scheme=successor, successor=parties.scheme, reason=REASON, by=by)
    parties.scheme.closed_on = today()
    parties.scheme.save()
    with pytest.raises(RuleBroken, match="historic"):
        reissues.start(scheme=parties.scheme, successor=successor, reason=REASON, by=by)


@pytest.mark.django_db
def test_the_pages_show_what_will_happen_and_how_far_it_is(client, django_assert_num_queries):
    parties = Parties.make()
    many(parties, 3)
    succeeded(parties.scheme, parties.body)
    member(parties.body, Role.BODY_MANAGER)
    url = f"/workspace/administration/schemes/{parties.scheme.key}/reissue/"
    client.force_login(parties.manager)
    assert client.get(url).status_code == 403
    client.force_login(SiteAdministratorFactory())
    page = client.get(url)
    assert [figure["value"] for figure in page.context["checks"][0]["figures"]] == [3, 0, 1]
    assert client.post(url, {"reason": REASON}).status_code == 422
    sent = {"reason": REASON, "successor": page.context["form"]["successor"].initial, "confirmed": "on"}
    answer = client.post(url, sent)
    assert answer.status_code == 302
    waiting = client.get(answer.url)
    assert '<progress class="ccp-progress" id="progress" value="0" max="3">' in waiting.content.decode()
    assert waiting.context["refresh_seconds"]
    run(reissues.REISSUE_JOB)
    run(PRINT_JOB)
    done = client.get(answer.url)
    assert done.context["refresh_seconds"] is None
    assert "hx-get" not in done.content.decode()
    assert client.post(url, sent).status_code == 422
