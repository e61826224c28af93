"""The pages behind the mailed links of surveys: who may do what with which link, and nothing typed is lost."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Kind
from core.models import Job
from strategy.models.surveys import Survey, SurveyLink, SurveyReturn
from strategy.services import survey_returns, surveys
from tests.factories.accounts import OrganisationFactory
from tests.factories.strategy_surveys import SurveyFactory, SurveyQuestionFactory

pytestmark = pytest.mark.django_db

Status = SurveyReturn.Status
WHO = {"completer_name": "Ann Example", "completer_post": "Manager"}


def opened(questions: int = 1, **organisation: Any) -> Survey:
    survey = SurveyFactory()
    for number in range(questions):
        SurveyQuestionFactory(survey=survey, key="sro" if not number else f"q{number}", position=number)
    SurveyQuestionFactory(survey=survey, key="systems", kind="number", text="How many systems?", required=False)
    council = OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY, **organisation)
    surveys.ask_organisations(survey=survey, emails={council: "chief@example.org"}, by=None)
    survey.refresh_from_db()
    return surveys.open_survey(survey=survey, version=survey.version, by=None)


def mailed(to: str) -> str:
    """The path in the newest mail to that address."""
    bodies = [job.arguments["body"] for job in Job.objects.order_by("pk") if job.arguments.get("to") == to]
    found = re.search(r"https?://[^/]+(\S*/surveys/answer/[^/\s]+/)", bodies[-1])
    assert found
    return found[1]


def delegated() -> tuple[SurveyReturn, str]:
    record = opened().returns.get()
    survey_returns.name_completer(record=record, email="ann@example.org", signer_email="sro@example.org")
    return record, mailed("ann@example.org")


def test_the_chief_executive_names_who_answers_and_who_signs(client: Client) -> None:
    record = opened().returns.get()
    chief = mailed("chief@example.org")
    assert "Is a senior responsible officer named?" in client.get(chief).content.decode()

    same = client.post(chief, {"email": "ann@example.org", "signer_email": "ann@example.org"})
    done = client.post(chief, {"email": "ann@example.org", "signer_email": "sro@example.org"})

    assert (same.status_code, done.status_code) == (422, 302)
    record.refresh_from_db()
    assert record.signer_email == "sro@example.org"
    assert "ann@example.org" in client.get(done["Location"]).content.decode()


def test_who_signs_is_never_who_answers_even_where_none_is_named(client: Client) -> None:
    opened()

    assert client.post(mailed("chief@example.org"), {"email": "Chief@example.org"}).status_code == 422


def test_from_the_mail_to_the_signature(client: Client) -> None:
    record, completer = delegated()
    page = client.get(completer).content.decode()
    assert 'name="version" value="1"' in page

    saved = client.post(completer, {"version": 1, "q-sro": "yes", "save": "1"})
    assert (saved.status_code, saved["Location"]) == (302, f"{completer}?saved=1")
    refused = client.post(completer, {"version": 2, "q-sro": "yes"})
    assert refused.status_code == 422
    assert "Enter the name of who completes it." in refused.content.decode()
    completed = client.post(completer, {"version": 3, "q-sro": "yes", "q-systems": "7", **WHO})
    assert completed.status_code == 302
    signer = mailed("sro@example.org")
    assert "Ann Example, Manager" in client.get(signer).content.decode()

    back = client.post(signer, {"version": 5, "words": "We have eight."})
    assert back.status_code == 302
    completer = mailed("ann@example.org")  # a new link: the old one ended
    assert "We have eight." in client.get(completer).content.decode()
    assert client.post(completer, {"version": 6, "q-sro": "yes", "q-systems": "8", **WHO}).status_code == 302
    signer = mailed("sro@example.org")
    assert client.post(signer, {"version": 8, "name": "", "post": ""}).status_code == 422
    assert client.post(signer, {"version": 8, "name": "Bea Example", "post": "Director"}).status_code == 302

    record.refresh_from_db()
    assert (record.status, record.signer_name, record.answers) == (
        Status.SIGNED,
        "Bea Example",
        {"sro": "yes", "systems": 8},
    )
    assert "Bea Example" in client.get(signer).content.decode()


def test_a_number_that_is_none_is_refused_at_its_field(client: Client) -> None:
    _record, completer = delegated()

    page = client.post(completer, {"version": 1, "q-systems": "many", "save": "1"})

    assert page.status_code == 422
    assert 'href="#id_q-systems"' in page.content.decode()


def test_who_was_slower_loses_nothing(client: Client) -> None:
    record, completer = delegated()
    client.post(completer, {"version": 1, "q-sro": "no", "completer_name": "Quick", "save": "1"})

    late = client.post(completer, {"version": 1, "q-sro": "yes", "completer_name": "Slow", "save": "1"})

    page = late.content.decode()
    assert late.status_code == 409
    assert 'value="Slow"' in page
    assert 'name="version" value="2"' in page  # a second save is a decision
    record.refresh_from_db()
    assert record.completer_name == "Quick"


def test_a_link_does_what_its_purpose_says_and_nothing_else(client: Client) -> None:
    record, completer = delegated()
    chief = mailed("chief@example.org")
    client.post(completer, {"version": 1, "q-sro": "yes", **WHO})
    signer = mailed("sro@example.org")
    signature = {"version": 3, "name": "Ann Example", "post": "Manager"}

    assert client.post(completer, signature).status_code == 409
    assert client.post(f"{completer}fill/", signature).status_code == 409
    assert client.post(chief, signature).status_code == 422
    assert client.post(f"{signer}fill/", {"version": 3, "q-sro": "no", **WHO}).status_code == 403
    assert client.post(chief, {"email": "else@example.org"}).status_code == 422  # completed: nobody else is named
    record.refresh_from_db()
    assert (record.status, record.answers) == (Status.COMPLETED, {"sro": "yes"})


def test_a_completer_names_no_signer(client: Client) -> None:
    record, completer = delegated()

    client.post(completer, {"version": 1, "q-sro": "yes", "signer_email": "ann@example.org", **WHO})

    record.refresh_from_db()
    assert record.signer_email == "sro@example.org"
    assert "signer_email" not in client.get(completer).content.decode()


def test_the_chief_executive_answers_and_says_that_another_leads(client: Client) -> None:
    hub = OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY)
    record = opened().returns.get()
    fill = f"{mailed('chief@example.org')}fill/"

    done = client.post(fill, {"version": 1, "lead": hub.pk, "signer_email": "sro@example.org", **WHO})

    assert done.status_code == 302
    record.refresh_from_db()
    assert (record.lead, record.status, record.signer_email) == (hub, Status.COMPLETED, "sro@example.org")
    assert mailed("sro@example.org")


def test_a_prefilled_answer_shows_its_day_and_asks_why_it_is_corrected(client: Client) -> None:
    record, completer = delegated()
    SurveyReturn.objects.update(
        prefilled={"systems": {"value": 3, "fact": "systems", "on": "2026-01-02"}}, answers={"systems": 3}
    )
    page = client.get(completer).content.decode()
    assert "The records said on 2 January 2026: 3." in page
    assert 'name="q-systems" value="3"' in page
    facts = {"version": 1, "q-sro": "yes", "q-systems": "4", **WHO}

    refused = client.post(completer, facts)
    done = client.post(completer, {**facts, "version": 2, "why-systems": "One is new."})

    assert (refused.status_code, done.status_code) == (422, 302)
    assert "One is new." in client.get(mailed("sro@example.org")).content.decode()
    record.refresh_from_db()
    assert record.answers["systems"] == 4


def test_ended_closed_and_unknown_links_say_so(client: Client) -> None:
    record, old = delegated()
    survey_returns.name_completer(record=record, email="bob@example.org", signer_email="sro@example.org")
    new = mailed("bob@example.org")
    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 200
    survey = Survey.objects.get()
    surveys.close_survey(survey=survey, version=survey.version, by=None)

    assert client.get(new).status_code == client.post(new, {"version": 1}).status_code == 410
    assert "The survey is closed." in client.get(new).content.decode()
    assert client.get("/surveys/answer/guessed/").status_code == 404


def test_no_cache_search_engine_or_other_site_learns_of_the_link(client: Client) -> None:
    _record, completer = delegated()

    for path in (completer, mailed("chief@example.org"), f"{completer}fill/", "/surveys/answer/guessed/"):
        page = client.get(path)
        assert "no-store" in page["Cache-Control"]
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert page["Referrer-Policy"] == "same-origin"


def test_a_look_changes_nothing(client: Client) -> None:
    record, completer = delegated()

    client.get(completer)
    client.head(mailed("chief@example.org"))

    assert SurveyReturn.objects.get().version == record.version
    assert SurveyLink.objects.filter(ended_at__isnull=True).count() == 2


def test_in_welsh(client: Client) -> None:
    SurveyReturn.objects.all().delete()
    opened(nation="wales")
    assert "/cy/surveys/answer/" in next(
        job.arguments["body"] for job in Job.objects.all() if job.arguments.get("to") == "chief@example.org"
    )

    page = client.get(f"/cy{mailed('chief@example.org')}")

    assert page.status_code == 200
    assert "A oes uwch swyddog cyfrifol wedi&#x27;i enwi?" in page.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_questions_costs_no_query(client: Client, django_assert_num_queries: Any, number: int) -> None:
    opened(number)
    chief = mailed("chief@example.org")
    with django_assert_num_queries(3):  # the link, the questions, who is named
        client.get(chief)
    with django_assert_num_queries(5):  # the link, the questions twice, who may lead, who sent it back
        client.get(f"{chief}fill/")
