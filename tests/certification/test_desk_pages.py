"""The auditor's desk and the decision page: nothing pre-ticked, frozen answers, conflicts side by side."""

import pytest
from django.urls import reverse

from accounts.models import Role
from certification.models import Application, Verdict
from certification.services import intake, reviews
from certification.services.verdicts import set_verdict
from compliance.models import Answer
from tests.factories.accounts import member
from tests.factories.certification import Parties, open_review, set_all_verdicts

pytestmark = pytest.mark.django_db


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def address(application: Application, name: str, *args: object) -> str:
    return reverse(f"certification:{name}", args=[application.body.slug, application.reference, *args])


def test_nothing_is_ticked_beforehand(client, parties):
    application = parties.in_review()
    client.force_login(parties.auditor)
    page = client.get(address(application, "review_principle", 1)).content.decode()
    assert page.count('type="radio"') == 8
    assert "checked" not in page


def test_the_answers_are_those_that_were_frozen(client, parties):
    application = parties.in_review()
    Answer.objects.update(text="Changed after submission")
    client.force_login(parties.auditor)
    page = client.get(address(application, "review_principle", 1)).content.decode()
    assert "As the procedures manual says." in page
    assert "A first thought." in page  # the earlier version, folded away
    assert "Changed after submission" not in page
    assert "What criterion 1 of principle 1 asks." in page
    assert "A signed statement." in page
    assert "Major where there is none." in page


@pytest.mark.parametrize("rows", [1, 3])
def test_a_principle_costs_the_same_for_any_number_of_systems(client, parties, django_assert_num_queries, rows):
    application = parties.submitted(rows)
    intake.accept(application=application, by=parties.manager)
    intake.assign_auditor(application=application, auditor=parties.auditor, by=parties.manager)
    intake.declare(application=application, interests={}, by=parties.auditor)
    reviews.begin(application=application, step="step1", by=parties.auditor)
    client.force_login(parties.auditor)
    with django_assert_num_queries(13):
        page = client.get(address(application, "review_principle", 1))
    assert len(page.context["answers"]) == rows


def test_a_verdict_is_saved_and_leads_to_the_next_criterion(client, parties):
    application = parties.in_review()
    client.force_login(parties.auditor)
    answer = client.post(address(application, "verdict", "P01.C1"), {"grade": "met", "note": "", "version": "0"})
    assert answer.status_code == 302
    assert answer["Location"].endswith("/review/principles/1/#p01-c2")
    assert Verdict.objects.get().grade == "met"
    page = client.get(address(application, "review"))
    assert (page.context["done"], page.context["total"]) == (1, 3)


@pytest.mark.parametrize(
    "values",
    [
        {"grade": ""},
        {"grade": "splendid"},
        {"grade": "not_met", "note": ""},
        {"note": "x" * 4001},
        {"note": "bell \x07"},
        {"version": "-1"},
        {"version": "9" * 30},
        {"version": ""},
    ],
)
def test_a_bad_verdict_is_422_and_writes_nothing(client, parties, values):
    application = parties.in_review()
    client.force_login(parties.auditor)
    sent = {"grade": "met", "note": "", "version": "0", **values}
    answer = client.post(address(application, "verdict", "P01.C1"), sent)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not Verdict.objects.exists()


def test_two_windows_show_both_verdicts_and_nothing_is_overwritten_unseen(client, parties):
    application = parties.in_review()
    client.force_login(parties.auditor)
    url = address(application, "verdict", "P01.C1")
    assert client.post(url, {"grade": "met", "note": "From one window", "version": "0"}).status_code == 302
    answer = client.post(url, {"grade": "partly", "note": "From the other", "version": "0"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "From one window" in text
    assert "From the other" in text
    assert Verdict.objects.get().note == "From one window"
    again = {"grade": "partly", "note": "From the other", "version": answer.context["form"]["version"].value()}
    assert client.post(url, again).status_code == 302
    assert Verdict.objects.get().note == "From the other"


def test_only_the_auditor_at_work_has_forms(client, parties):
    application = parties.in_review()
    set_verdict(
        review=open_review(application),
        criterion=application.scheme.criteria.first(),
        grade="partly",
        note="Undated.",
        version=0,
        by=parties.auditor,
    )
    for person in (parties.manager, parties.decider, member(parties.body, Role.OBSERVER)):
        client.force_login(person)
        page = client.get(address(application, "review_principle", 1)).content.decode()
        assert "Undated." in page
        assert 'type="radio"' not in page
        sent = {"grade": "met", "note": "", "version": "0"}
        assert client.post(address(application, "verdict", "P01.C2"), sent).status_code == 403


def test_the_conclusion_lists_what_is_open_then_goes_to_the_decision_maker(client, parties):
    application = parties.in_review()
    client.force_login(parties.auditor)
    url = address(application, "review_conclude")
    assert client.post(url, {}).status_code == 422
    answer = client.post(url, {"recommendation": "award", "conclusion": "Fits.", "actual_days": "1"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert all(f"No verdict yet: {key}" in text for key in ("P01.C1", "P01.C2", "P02.C1"))
    set_all_verdicts(application, by=parties.auditor)
    assert client.post(url, {"recommendation": "award", "conclusion": "Fits.", "actual_days": "1"}).status_code == 302
    assert client.post(url, {"recommendation": "award", "conclusion": "Fits.", "actual_days": "1"}).status_code == 409
    application.refresh_from_db()
    assert application.status == Application.Status.RECOMMENDED


def test_the_decision_maker_sees_verdicts_notes_and_recommendation_and_decides_once(client, parties):
    application = parties.recommended()
    client.force_login(parties.decider)
    url = address(application, "decision")
    page = client.get(url)
    text = page.content.decode()
    assert "The evidence fits." in text
    assert text.count("Seen.") == 3
    assert "checked" not in text
    assert client.post(url, {"outcome": "award", "reasons": ""}).status_code == 422
    sent = {"outcome": "award", "reasons": "The review holds."}
    assert client.post(url, sent).status_code == 200  # the words of the certificate, to be confirmed
    assert not application.certificates.exists()
    confirmed = {**sent, "confirmed": "on"}
    assert client.post(url, confirmed).status_code == 302
    assert client.post(url, confirmed).status_code == 409
    assert application.certificates.count() == 1


def test_an_award_that_a_rule_forbids_is_told_on_the_page(client, parties):
    application = parties.recommended()
    parties.scheme.bodies.update(ends_on=parties.scheme.opened_on)
    client.force_login(parties.decider)
    answer = client.post(address(application, "decision"), {"outcome": "award", "reasons": "x"})
    assert answer.status_code == 422
    assert "may not certify under this scheme today" in answer.content.decode()


def test_the_decision_page_costs_a_literal_number_of_queries(client, parties, django_assert_num_queries):
    application = parties.recommended()
    client.force_login(parties.decider)
    url = address(application, "decision")
    with django_assert_num_queries(12):
        client.get(url)


def test_no_review_before_it_was_begun(client, parties):
    application = parties.accepted()
    client.force_login(parties.manager)
    assert client.get(address(application, "review")).status_code == 404


def test_in_welsh_the_criteria_are_welsh_and_their_evidence_is_marked_as_english(client, parties):
    application = parties.in_review()
    parties.auditor.language = "cy"
    parties.auditor.save()
    client.force_login(parties.auditor)
    page = client.get(address(application, "review_principle", 1)).content.decode()
    assert "Maen prawf 1, egwyddor 1." in page
    assert '<span lang="en">A signed statement.</span>' in page
