"""Trials and research: drafted unseen, announced with all that is needed, evaluated, decided; what the public reads."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from accounts.models import Role
from core import jobs
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from strategy.models import Trial
from strategy.models.trials import Stage, stage_of
from strategy.services import trials
from strategy.services.trials import DESCRIBED
from tests.factories.accounts import CertificationBodyFactory, NationalBodyFactory, OrganisationFactory, member
from tests.factories.compliance import CameraSystemFactory
from tests.factories.dpias import draft_dpia, signed_dpia
from tests.factories.strategy_trials import TrialFactory
from transparency.models import Publication

pytestmark = pytest.mark.django_db
FOUND = {
    "evaluation": "Two people were found.",
    "evaluation_cy": "",
    "evaluation_url": "https://example.org/report",
    "evaluated_on": None,
    "evaluated_by": "University of Example",
}
DECIDED = {
    "choice": "stop",
    "decision": "Too many were stopped.",
    "decision_cy": "",
    "decided_on": None,
    "decided_by": "Chief constable",
}


def facts(trial, **changed):
    return {**{name: getattr(trial, name) for name in DESCRIBED}, **changed}


def announced(**given):
    trial = TrialFactory(**given)
    trials.announce(trial=trial, version=trial.version, by=None)
    trial.refresh_from_db()
    return trial


def over(**given):
    began = today() - dt.timedelta(days=30)
    ended = began + dt.timedelta(days=9)
    return announced(starts_on=began, ends_on=ended, evaluation_due_on=ended + dt.timedelta(days=9), **given)


def decided():
    trial = over()
    trials.evaluate(trial=trial, facts={**FOUND, "evaluated_on": today()}, version=trial.version, by=None)
    trial.refresh_from_db()
    trials.decide(trial=trial, facts={**DECIDED, "decided_on": today()}, version=trial.version, by=None)
    trial.refresh_from_db()
    return trial


def test_time_makes_the_stage_of_what_is_announced():
    days = [dt.date(2026, 3, 1), dt.date(2026, 3, 9), dt.date(2026, 4, 1)]
    on = {
        dt.date(2026, 2, 28): Stage.PLANNED,
        dt.date(2026, 3, 1): Stage.RUNNING,
        dt.date(2026, 3, 9): Stage.RUNNING,
        dt.date(2026, 3, 10): Stage.ENDED,
        dt.date(2026, 4, 1): Stage.ENDED,
        dt.date(2026, 4, 2): Stage.EVALUATION_OVERDUE,
    }
    assert {day: stage_of("announced", *days, day) for day in on} == on
    assert stage_of("decided", *days, dt.date(2026, 4, 2)) == Stage.DECIDED


def test_all_that_is_missing_is_said_at_once_and_nothing_is_published():
    empty = dict.fromkeys(("purpose", "place", "law", "watchlist", "told", "success", "dpia_words", "legal_basis"), "")
    trial = TrialFactory(**empty)
    with pytest.raises(Incomplete) as refusal:
        trials.announce(trial=trial, version=trial.version, by=None)
    assert {each.field for each in refusal.value.problems} == {*empty, "dpia"} - {"dpia_words"}
    trial.refresh_from_db()
    assert trial.status == Trial.Status.DRAFT
    assert not Publication.objects.exists()


def test_only_what_compares_faces_needs_a_list_of_whom_it_looks_for():
    assert announced(technology="drone", watchlist="").status == Trial.Status.ANNOUNCED


def test_in_wales_welsh_is_needed_or_the_reason_why_it_is_missing():
    council = OrganisationFactory(nation="wales")
    trial = TrialFactory(organisation=council, told_cy="")
    with pytest.raises(Incomplete) as refusal:
        trials.announce(trial=trial, version=1, by=None)
    assert [each.field for each in refusal.value.problems] == ["told_cy"]
    published = trials.announce(trial=trial, version=1, by=None, welsh_missing_reason="At the translator")
    assert published.welsh_missing_reason == "At the translator"


def test_a_change_after_announcing_is_a_version_with_its_reason():
    trial = announced()
    later = facts(trial, ends_on=trial.ends_on + dt.timedelta(days=5))
    with pytest.raises(Incomplete) as refusal:
        trials.change(trial=trial, facts=later, version=trial.version, by=None)
    assert [each.field for each in refusal.value.problems] == ["note"]
    trials.change(trial=trial, facts=later, version=trial.version, by=None, note="The weather.")
    newest = Publication.objects.filter(kind="trial").current().get()
    assert (newest.version, newest.facts()["note"]) == (2, {"en": "The weather."})
    assert newest.facts()["days"]["ends_on"] == later["ends_on"].isoformat()


def test_a_change_that_would_take_away_what_is_needed_changes_nothing():
    trial = announced()
    with pytest.raises(Incomplete):
        trials.change(trial=trial, facts=facts(trial, told=""), version=trial.version, by=None, note="Shorter.")
    trial.refresh_from_db()
    assert trial.told == "Signs at each entrance."
    assert Publication.objects.get().version == 1


def test_who_saves_an_older_version_loses_nothing_of_the_newer():
    trial = TrialFactory()
    trials.change(trial=trial, facts=facts(trial, place="Market Street"), version=1, by=None)
    with pytest.raises(StaleRecord):
        trials.change(trial=trial, facts=facts(trial, place="High Street"), version=1, by=None)
    trial.refresh_from_db()
    assert trial.place == "Market Street"


def test_an_assessment_of_somebody_else_or_unsigned_cannot_be_named():
    trial = TrialFactory()
    own = CameraSystemFactory(operator=trial.organisation)
    for dpia in (signed_dpia(), draft_dpia(own)):
        with pytest.raises(Incomplete) as refusal:
            trials.change(trial=trial, facts=facts(trial, dpia=dpia), version=1, by=None)
        assert [each.field for each in refusal.value.problems] == ["dpia"]
    trials.change(trial=trial, facts=facts(trial, dpia=signed_dpia(own, cameras=1)), version=1, by=None)


def test_it_is_evaluated_after_it_began_and_decided_after_that():
    trial = announced()
    with pytest.raises(Incomplete):  # it has not begun
        trials.evaluate(trial=trial, facts={**FOUND, "evaluated_on": today()}, version=trial.version, by=None)
    with pytest.raises(IllegalMove):
        trials.decide(trial=trial, facts={**DECIDED, "decided_on": today()}, version=trial.version, by=None)
    done = decided()
    assert done.status == Trial.Status.DECIDED
    assert list(Publication.objects.filter(subject_reference=done.reference).values_list("version", flat=True)) == [
        3,
        2,
        1,
    ]
    with pytest.raises(RuleBroken):
        trials.change(trial=done, facts=facts(done), version=done.version, by=None)


def test_what_is_given_up_says_why_and_stays():
    trial = announced()
    why = {"abandoned_because": "No money.", "abandoned_because_cy": ""}
    trials.give_up(trial=trial, facts=why, version=trial.version, by=None)
    newest = Publication.objects.filter(kind="trial").current().get()
    assert newest.facts()["texts"]["abandoned_because"] == {"en": "No money."}
    with pytest.raises(RuleBroken):
        trials.drop(trial=trial, by=None)


def test_a_certification_body_enters_none():
    with pytest.raises(RuleBroken):
        trials.enter(organisation=CertificationBodyFactory(), facts=facts(TrialFactory.build()), by=None)
    assert not Trial.objects.exists()


# --- pages ---


@pytest.fixture
def council():
    return OrganisationFactory()


def test_a_council_enters_and_announces_on_pages(client, council):
    client.force_login(member(council, Role.SPOC))
    day = today() + dt.timedelta(days=10)
    end, due = day + dt.timedelta(days=5), day + dt.timedelta(days=30)
    sent = {
        **dict.fromkeys(("title", "purpose", "place", "law", "told", "success", "dpia_words"), "Words"),
        "equality_words": "Words",
        "kind": "trial",
        "technology": "bwv",
        "legal_basis": "public_task",
        "version": 1,
    }
    for name, value in (("starts_on", day), ("ends_on", end), ("evaluation_due_on", due)):
        sent |= {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}
    wrong = client.post(reverse("national:trial_new", args=[council.slug]), {**sent, "title": ""})
    assert wrong.status_code == 422
    assert "Words" in wrong.content.decode()
    assert client.post(reverse("national:trial_new", args=[council.slug]), sent).status_code == 302
    trial = Trial.objects.get()
    assert client.get(f"/trials/{trial.reference}/").status_code == 404
    address = reverse("national:trial_act", args=[council.slug, trial.reference, "announce"])
    assert client.post(address, {"version": trial.version}).status_code == 302
    jobs.drain()
    page = client.get(f"/trials/{trial.reference}/").content.decode()
    assert "<h1" in page
    assert "Planned" in page.replace("planned", "Planned")
    assert trial.reference in client.get("/trials/").content.decode()
    assert f"/trials/{trial.reference}/" in client.get("/sitemaps/publications-1.xml").content.decode()
    assert trial.reference in client.get("/search/?q=words").content.decode()


def test_the_page_tells_what_came_of_it_in_both_languages(client):
    trial = decided()
    english = client.get(f"/trials/{trial.reference}/").content.decode()
    assert "Two people were found." in english
    assert "Do not use it" in english
    welsh = client.get(f"/cy/trials/{trial.reference}/").content.decode()
    assert "Wynebau yn yr orsaf" in welsh
    assert 'lang="en"' in welsh  # what is not written in Welsh is marked


def test_what_is_withdrawn_says_so_and_tells_nothing_more(client):
    trial = announced()
    trials.withdraw(trial=trial, reason="Entered twice.", by=None)
    page = client.get(f"/trials/{trial.reference}/").content.decode()
    assert "Entered twice." in page
    assert trial.watchlist not in page
    assert trial.reference not in client.get("/trials/").content.decode()
    with pytest.raises(RuleBroken):
        trials.withdraw(trial=trial, reason="Again.", by=None)


def test_the_filter_holds_for_page_and_files(client):
    faces, drone = announced(), announced(technology="drone", title="A drone over the park")
    listed = client.get("/trials/?technology=drone").content.decode()
    assert drone.reference in listed
    assert faces.reference not in listed
    rows = list(csv.DictReader(io.StringIO(client.get("/trials/trials.csv?q=park").content.decode("utf-8-sig"))))
    assert [row["reference"] for row in rows] == [drone.reference]
    data = client.get("/trials/trials.json?stage=planned").json()["trials"]
    assert {row["reference"] for row in data} == {faces.reference, drone.reference}
    assert client.get("/trials/?technology=nonsense&stage=draft").content.decode().count("TR-") >= 2


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_a_fixed_number_of_times(client, council, number, django_assert_num_queries):
    for _each in range(number):
        announced(organisation=council)
    with django_assert_num_queries(1):
        client.get("/trials/")
    client.force_login(member(council, Role.SPOC))
    address = reverse("national:trials", args=[council.slug])
    client.get(address)
    with django_assert_num_queries(5):
        client.get(address)


def test_what_waits_for_the_spoc(client, council):
    over(organisation=council, title="Plates in the lane")
    client.force_login(member(council, Role.SPOC))
    assert "Record what the trial found: Plates in the lane" in client.get("/workspace/").content.decode()


def test_a_national_body_enters_research(client):
    body = NationalBodyFactory()
    client.force_login(member(body, Role.SECRETARY))
    assert client.get(reverse("national:trial_new", args=[body.slug])).status_code == 200
