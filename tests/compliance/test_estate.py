"""Estate audits: services list their cameras by a link; what is found enters the register when somebody says so."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import trans_real

from accounts.models import Kind, Role
from compliance.asking import ESTATES
from compliance.models import Camera, CameraSystem, EstateAudit, EstateFind, EstateRequest
from compliance.services import estate as services
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.jobs import Job
from core.trail import TrailEntry
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.cameras import EstateAuditFactory, EstateFindFactory, EstateRequestFactory
from tests.factories.compliance import CameraSystemFactory
from tests.transparency.test_welsh import Missing

pytestmark = pytest.mark.django_db
SITE = {"site": "Swimming pool", "number_of_cameras": 6, "sees_public": True, "kept_days": 14, "purpose": "Safety"}


@pytest.fixture(autouse=True)
def _forgotten():
    cache.clear()


@pytest.fixture
def council():
    return OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY)


@pytest.fixture
def manager(council):
    return member(council, Role.SCHEME_MANAGER)


@pytest.fixture
def audit(council, manager):
    return EstateAuditFactory(operator=council, opened_by=manager)


def link(request):
    return reverse("estate:answer", args=[ESTATES.token(request)])


def typed(**more):
    site = {
        "site": "Swimming pool",
        "number_of_cameras": "6",
        "sees_public": "yes",
        "purpose": "Safety",
        "records": "yes",
        "kept_days": "14",
        "records_audio": "no",
        "has_sign": "",
        "looked_after_by": "Site manager",
    }
    sites = {f"sites-0-{name}": value for name, value in site.items()}
    return {"sites-TOTAL_FORMS": "1", "name": "Ann Example", "post": "Centre manager", **sites, **more}


def test_each_service_is_asked_once_and_wrong_lines_are_named(audit, manager):
    asked = [("Leisure centres", "leisure@council.example"), ("leisure centres ", "LEISURE@council.example")]
    assert len(services.send_requests(audit=audit, asked=asked[:1], by=manager)) == 1
    assert services.send_requests(audit=audit, asked=asked, by=manager) == []
    with pytest.raises(Incomplete) as refused:
        services.send_requests(audit=audit, asked=[("", "a@b.example"), ("Depot", "no mailbox")], by=manager)
    assert len(refused.value.problems) == 2
    assert EstateRequest.objects.count() == 1
    mail = Job.objects.get(kind="accounts.send_mail").arguments
    assert ESTATES.token(EstateRequest.objects.get()) in mail["body"]
    entry = TrailEntry.objects.get(verb="asked")
    assert "leisure@" not in str([entry.before, entry.after])


def test_a_service_lists_its_sites_checks_and_sends_once(client, audit):
    request = EstateRequestFactory(audit=audit)
    url = link(request)
    assert client.get(url).status_code == 200
    assert client.post(url, {"sites-TOTAL_FORMS": "1"}).status_code == 422
    more = client.post(url, {**typed(), "more": "1"}).content.decode()
    assert ('value="Swimming pool"' in more, 'name="sites-1-site"' in more) == (True, True)
    check = client.post(url, typed())
    assert "Swimming pool" in check.content.decode()
    assert not EstateFind.objects.exists()
    assert client.post(url, typed(send="1")).status_code == 200
    find = EstateFind.objects.get()
    facts = (find.site, find.number_of_cameras, find.records, find.records_audio, find.has_sign, find.kept_days)
    assert facts == ("Swimming pool", 6, True, False, None, 14)
    assert client.post(url, typed(send="1")).status_code == 410
    assert EstateFind.objects.count() == 1
    assert audit.opened_by.notifications.count() == 1


def test_that_none_is_run_is_an_answer(client, audit):
    request = EstateRequestFactory(audit=audit)
    sent = {"sites-TOTAL_FORMS": "1", "none_run": "on", "name": "Ann Example", "send": "1"}
    assert client.post(link(request), sent).status_code == 200
    assert EstateRequest.objects.get().status == "none_run"


@pytest.mark.parametrize("count", ["-1", "99999999999999999999", "x", ""])
def test_a_number_of_sites_that_nobody_typed_breaks_nothing(client, audit, count):
    sent = typed(**{"sites-TOTAL_FORMS": count})
    assert client.post(link(EstateRequestFactory(audit=audit)), sent).status_code in (200, 422)


def test_forged_expired_withdrawn_and_replaced_links_take_nothing(client, audit, manager):
    request = EstateRequestFactory(audit=audit)
    old = link(request)
    assert client.get(reverse("estate:answer", args=["ER-2222222.1:forged"])).status_code == 404
    services.send_again(request=request, by=manager)
    assert (client.get(old).status_code, client.get(link(request)).status_code) == (404, 200)
    late = EstateRequestFactory(audit=audit, expires_at=timezone.now() - dt.timedelta(minutes=1))
    assert client.get(link(late)).status_code == 410
    services.withdraw(request=request, by=manager)
    assert client.post(link(request), typed(send="1")).status_code == 410
    assert not EstateFind.objects.exists()


def test_a_reminder_goes_to_the_silent_alone(audit, manager):
    EstateRequestFactory(audit=audit)
    EstateRequestFactory(audit=audit, status="none_run")
    assert services.remind(audit=audit, by=manager) == 1
    assert Job.objects.filter(kind="accounts.send_mail").count() == 1


def test_what_was_found_becomes_a_draft_system_of_its_own(audit, manager):
    request = EstateRequestFactory(audit=audit)
    [find] = services.answer(request=request, sites=[SITE], name="Ann", post="")
    system = services.take_up(find=find, by=manager)
    technology = system.technologies.get()
    assert (system.status, system.name, system.description) == ("draft", "Swimming pool", "Safety")
    assert (technology.fixed_count, technology.retention_days) == (6, 14)
    with pytest.raises(IllegalMove):
        services.take_up(find=find, by=manager)


def test_what_was_found_enters_a_system_camera_by_camera_with_its_justification_outstanding(audit, manager, council):
    system = CameraSystemFactory(operator=council)
    find = EstateFindFactory(request=EstateRequestFactory(audit=audit), number_of_cameras=2)
    services.take_up(find=find, system=system, by=manager)
    entered = Camera.objects.order_by("pk").values_list("location", "status", "origin", "justified_on")
    assert list(entered) == [
        ("Swimming pool, camera 1 of 2", "operational", "audit", None),
        ("Swimming pool, camera 2 of 2", "operational", "audit", None),
    ]


def test_a_find_enters_no_system_of_others_and_is_declined_with_a_reason(audit, manager):
    find = EstateFindFactory(request=EstateRequestFactory(audit=audit))
    with pytest.raises(RuleBroken):
        services.take_up(find=find, system=CameraSystemFactory(), by=manager)
    with pytest.raises(Incomplete):
        services.decline(find=find, reason=" ", by=manager)
    services.decline(find=find, reason="It was sold.", by=manager)
    assert (EstateFind.objects.get().status, Camera.objects.count()) == ("declined", 0)


def test_the_name_of_who_answered_is_erased_for_good(client, audit, council):
    request = EstateRequestFactory(audit=audit)
    services.answer(request=request, sites=[SITE], name="Ann Example", post="Centre manager")
    entry = TrailEntry.objects.get(verb="answered")
    assert "Ann" not in str([entry.before, entry.after])
    client.force_login(member(council, Role.DPO))
    assert client.post(reverse("compliance:estate_erase", args=[council.slug, request.reference])).status_code == 302
    entry.refresh_from_db()
    assert (EstateRequest.objects.get().answered_name, entry.personal) == ("", None)


def test_an_audit_is_opened_asked_and_settled_on_its_pages(client, council, manager):
    client.force_login(manager)
    day = today() + dt.timedelta(days=14)
    sent = {"title": "Which?", "answer_by_day": day.day, "answer_by_month": day.month, "answer_by_year": day.year}
    assert client.post(reverse("compliance:estate_new", args=[council.slug]), sent).status_code == 302
    audit = EstateAudit.objects.get()
    url = reverse("compliance:estate_audit", args=[council.slug, audit.reference])
    assert client.post(url, {"asked": "Depot; depot@council.example\nPool, pool@council.example"}).status_code == 302
    request = EstateRequest.objects.get(service="Pool")
    services.answer(request=request, sites=[SITE], name="Ann", post="")
    assert "Swimming pool" in client.get(url).content.decode()
    assert "Which?" in client.get(reverse("accounts:home")).content.decode()
    find = reverse("compliance:estate_find", args=[council.slug, request.reference, 1])
    assert client.post(find, {"act": "decline"}).status_code == 422
    assert client.post(find, {"act": "take_up"}).status_code == 302
    assert CameraSystem.objects.get().name == "Swimming pool"
    assert client.post(find, {"act": "take_up"}).status_code == 409


def test_pages_cost_the_same_for_any_number(client, audit, council, manager):
    client.force_login(manager)
    costs = []
    for number in (1, 3):
        for _each in range(number):
            EstateFindFactory(request=EstateRequestFactory(audit=audit))
            EstateAuditFactory(operator=council)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("compliance:estate_audit", args=[council.slug, audit.reference]))
            client.get(reverse("compliance:estate_audits", args=[council.slug]))
        costs.append(len(queries))
    assert costs == [13, 13]


@pytest.fixture
def missing(monkeypatch):
    recorder = Missing()
    monkeypatch.setattr(trans_real.translation("cy"), "_fallback", recorder)
    return recorder


def test_pages_behind_the_link_speak_welsh_and_lead_to_the_other_language(client, audit, missing):
    """Whatever they are sent: nothing of them is left in English."""
    EstateAudit.objects.update(message="x")
    request = EstateRequestFactory(audit=audit)
    english = link(request)
    url = f"/cy{english}"
    page = client.get(url)
    shown = [(each["url"], each["current"]) for each in page.context["language_links"]]
    assert shown == [(english, False), (url, True)]
    assert 'lang="cy"' in page.content.decode()
    client.post(url, {"sites-TOTAL_FORMS": "1"})
    client.post(url, typed(**{"sites-0-number_of_cameras": "x", "sites-0-kept_days": "-1", "name": ""}))
    client.post(url, {"sites-TOTAL_FORMS": "1", "none_run": "on", "name": "Ann Example"})
    client.post(url, typed())
    client.post(url, typed(send="1"))
    closed = client.get(url)
    assert (closed.status_code, closed.context["language_links"][0]["url"]) == (410, english)
    assert client.get("/cy/estate/forged/").status_code == 404
    for more in ({"status": "withdrawn"}, {"expires_at": timezone.now()}):
        other = EstateRequestFactory(audit=audit, **more)
        address = f"/cy/estate/{ESTATES.token(other)}/"
        assert client.get(address).status_code == 410
    assert sorted(missing.asked) == []
