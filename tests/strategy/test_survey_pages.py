"""A survey from draft to published tables, as its secretary, who answers, who signs and the public see it."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Kind, Role
from core.dates import today
from core.models import Job
from strategy import survey_pages
from strategy.models import Survey, SurveyReturn
from strategy.services import survey_returns
from strategy.services import surveys as services
from strategy.tasks import keep_surveys
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.strategy_surveys import SurveyFactory, SurveyQuestionFactory, SurveyReturnFactory

pytestmark = pytest.mark.django_db


def day(name: str, value: dt.date) -> dict[str, int]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


@pytest.fixture
def body():
    return OrganisationFactory(kind=Kind.NATIONAL_BODY, is_demonstration=False)


@pytest.fixture
def secretary(body):
    found = Client()
    found.force_login(member(body, Role.SECRETARY))
    return found


def at(body, survey, name="survey", *more):
    return reverse(f"national:{name}", args=[body.slug, survey.reference, *more])


def opened(body, number: int, **question) -> Survey:
    survey = SurveyFactory(organisation=body)
    SurveyQuestionFactory(survey=survey, **question)
    councils = [OrganisationFactory(region="London", nation="england") for _each in range(number)]
    asked = {each: f"chief{position}@example.org" for position, each in enumerate(councils)}
    services.ask_organisations(survey=survey, emails=asked, by=None)
    survey.refresh_from_db()
    return services.open_survey(survey=survey, version=survey.version, by=None)


def completed(record: SurveyReturn, value: str) -> SurveyReturn:
    said = {"answers": {"sro": value}, "completer_name": "Ann Example", "completer_post": "Manager"}
    record = survey_returns.save_answers(record=record, facts=said, version=record.version)
    return survey_returns.complete(record=record, version=record.version)


def signed(record: SurveyReturn, value: str) -> None:
    record = completed(record, value)
    survey_returns.sign(record=record, name="Bea Example", post="Director", version=record.version, by=None)


def test_a_secretary_drafts_asks_opens_closes_and_publishes(secretary, body):
    new = reverse("national:survey_new", args=[body.slug])
    assert secretary.post(new, {"version": 0}).status_code == 422
    days = day("opens_on", today()) | day("closes_on", today() + dt.timedelta(days=20))
    texts = {"title": "Cameras in towns", "title_cy": "Camerâu", "purpose": "Who runs them.", "purpose_cy": "Pwy."}
    assert secretary.post(new, {**texts, **days, "version": 0}).status_code == 302
    survey = Survey.objects.get()
    assert secretary.get(at(body, survey, "survey_open")).status_code == 200
    refused = secretary.post(at(body, survey, "survey_open"), {"version": survey.version})
    assert refused.status_code == 422
    assert "It asks no question." in refused.content.decode()
    question = {"kind": "choice", "text": "Who watches?", "text_cy": "Pwy sy'n gwylio?", "key": "who"}
    assert secretary.post(at(body, survey, "survey_question_new"), question).status_code == 422
    options = {"options": "Staff\nA firm", "options_cy": "Staff\nCwmni"}
    assert secretary.post(at(body, survey, "survey_question_new"), question | options).status_code == 302
    changed = secretary.post(
        at(body, survey, "survey_question", "who"), question | options | {"text": "Who watches them?"}
    )
    assert changed.status_code == 302
    assert survey.questions.get().options == [["Staff", "Staff"], ["A firm", "Cwmni"]]
    first, second = OrganisationFactory(name="Abbot"), OrganisationFactory(name="Beck")
    ask = at(body, survey, "survey_ask")
    unknown = secretary.post(ask, {"lines": "Nowhere, chief@example.org"})
    assert "Row 1: no organisation that is asked in surveys is called Nowhere." in unknown.content.decode()
    listed = secretary.get(at(body, survey, "survey_ask_list")).content.decode()
    assert f"{first.slug},Abbot," in listed
    filled = listed.replace(
        f"{first.slug},Abbot,principal_authority,{first.region},", f"{first.slug},Abbot,x,x,a@example.org"
    )
    upload = SimpleUploadedFile("asked.csv", filled.encode())
    assert secretary.post(ask, {"lines": "Beck, b@example.org", "upload": upload}).status_code == 302
    assert set(survey.returns.values_list("organisation", "email")) == {
        (first.pk, "a@example.org"), (second.pk, "b@example.org")
    }  # fmt: skip
    assert secretary.post(at(body, survey, "survey_ask_stop", second.slug)).status_code == 302
    assert survey.returns.count() == 1
    survey.refresh_from_db()
    assert secretary.post(at(body, survey, "survey_open"), {"version": survey.version}).status_code == 302
    assert secretary.post(at(body, survey, "survey_question", "who"), question).status_code == 409
    page = secretary.get(at(body, survey)).content.decode()
    assert "0 of 1 organisations (0%) signed a return." in page
    survey.refresh_from_db()
    assert secretary.post(at(body, survey, "survey_close"), {"version": survey.version}).status_code == 302
    survey.refresh_from_db()
    assert secretary.post(at(body, survey, "survey_publish"), {"version": survey.version}).status_code == 302
    survey.refresh_from_db()
    assert survey.status == "published"
    assert secretary.post(at(body, survey, "survey_copy")).status_code == 302
    again = Survey.objects.exclude(pk=survey.pk).get()
    assert (again.status, [each.key for each in again.questions.all()], again.returns.count()) == ("draft", ["who"], 0)


def test_the_secretary_reads_each_return_and_has_all_as_files(secretary, body):
    survey = opened(body, 7)
    for number, record in enumerate(survey.returns.order_by("email")[:6]):
        signed(record, "yes" if number else "no")
    survey.refresh_from_db()
    services.close_survey(survey=survey, version=survey.version, by=None)
    survey.refresh_from_db()
    inside = secretary.get(at(body, survey)).content.decode()
    assert "6 of 7 organisations (86%) signed a return." in inside
    rows = secretary.get(at(body, survey, "survey_returns_csv")).content.decode().splitlines()
    assert len(rows) == 8
    assert secretary.get(at(body, survey, "survey_returns_json")).json()["returns"][0]["answer-sro"] in (
        "yes",
        "no",
        "",
    )
    slug = survey.returns.filter(status="signed")[0].organisation.slug
    assert "Ann Example" in secretary.get(at(body, survey, "survey_return", slug)).content.decode()


def test_who_is_asked_reads_its_own_return_and_its_officer_signs_with_an_account(body):
    opened(body, 2)
    record, other = SurveyReturn.objects.order_by("email")
    manager, officer = Client(), Client()
    manager.force_login(member(record.organisation, Role.SCHEME_MANAGER))
    officer.force_login(member(record.organisation, Role.SRO))
    listed = manager.get(reverse("national:surveys", args=[record.organisation.slug])).content.decode()
    assert record.survey.title in listed
    own = reverse("national:survey_asked", args=[record.organisation.slug, record.survey.reference])
    assert manager.get(own).status_code == 200
    foreign = reverse("national:survey_asked", args=[other.organisation.slug, record.survey.reference])
    assert manager.get(foreign).status_code == 404
    record = completed(record, "yes")
    assert manager.get(f"{own}sign/").status_code == 403
    assert "Sign the return to the survey" in officer.get("/workspace/").content.decode()
    assert officer.post(f"{own}back/", {"version": record.version, "words": "It is no."}).status_code == 302
    record.refresh_from_db()
    record = completed(record, "no")
    assert officer.post(f"{own}sign/", {"version": record.version}).status_code == 422
    signature = {"version": record.version, "name": "Bea", "post": "Director"}
    assert officer.post(f"{own}sign/", signature).status_code == 302
    record.refresh_from_db()
    assert (record.status, record.signer_name) == ("signed", "Bea")


def test_surveys_close_by_themselves_and_remind_before(body):
    survey = opened(body, 2)
    Survey.objects.update(closes_on=today() + dt.timedelta(days=3))
    SurveyReturn.objects.get(email="chief0@example.org").links.update(sent_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    before = Job.objects.count()
    keep_surveys()
    assert Job.objects.count() == before + 1
    survey.refresh_from_db()
    assert survey.status == "open"  # its last day is not over
    yesterday = today() - dt.timedelta(days=1)
    Survey.objects.update(opens_on=yesterday, closes_on=yesterday)
    keep_surveys()
    survey.refresh_from_db()
    assert survey.status == "closed"


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_a_fixed_number_of_times(django_assert_num_queries, secretary, body, number):
    survey = opened(body, number)
    for extra in range(number):
        SurveyFactory(organisation=body, title=f"Another {extra}")
    slug = survey.returns.order_by("pk")[0].organisation.slug
    for address, queries in (
        (reverse("national:surveys", args=[body.slug]), 5),
        (at(body, survey), 7),
        (at(body, survey, "survey_preview"), 7),
        (at(body, survey, "survey_return", slug), 8),
    ):
        secretary.get(address)
        with django_assert_num_queries(queries):
            assert secretary.get(address).status_code == 200


def test_a_preview_shows_every_question_and_takes_nothing(secretary, body):
    survey = SurveyFactory(organisation=body)
    SurveyQuestionFactory(survey=survey, text="Who watches?")
    shown = at(body, survey, "survey_preview")
    page = secretary.get(shown).content.decode()
    assert "Who watches?" in page
    main = page[page.index("<main") : page.index("</main>")]
    fields = re.findall(r"<(?:input|select|textarea)[^>]*>", main)
    assert len(fields) > 4
    assert all("disabled" in each for each in fields if "hidden" not in each)
    assert secretary.post(shown).status_code == 405
    assert not survey.returns.exists()


def test_a_draft_is_seen_by_nobody_who_is_asked(body):
    record = SurveyReturnFactory(survey=SurveyFactory(organisation=body))
    client = Client()
    client.force_login(member(record.organisation, Role.SRO))
    own = reverse("national:survey_asked", args=[record.organisation.slug, record.survey.reference])
    assert client.get(own).status_code == 404
    listed = client.get(reverse("national:surveys", args=[record.organisation.slug])).content.decode()
    assert record.survey.title not in listed


def test_an_address_is_corrected_while_it_is_open_and_old_links_end(secretary, body):
    survey = opened(body, 1)
    record = survey.returns.get()
    old = record.links.get()
    address = at(body, survey, "survey_address", record.organisation.slug)
    assert secretary.post(address, {"email": "nobody"}).status_code == 422
    assert secretary.post(address, {"email": "New@example.org"}).status_code == 302
    old.refresh_from_db()
    assert old.ended_at is not None
    assert record.links.get(ended_at=None).email == "new@example.org"
    record.refresh_from_db()
    signed(record, "yes")
    refused = secretary.post(address, {"email": "third@example.org"})
    assert "It is signed. Nobody is asked again." in refused.content.decode()


def test_the_secretary_sends_a_signed_return_back_which_is_signed_anew(secretary, body):
    survey = opened(body, 1)
    record = survey.returns.get()
    back = at(body, survey, "survey_return_back", record.organisation.slug)
    assert secretary.get(back).status_code == 409  # nothing is completed yet
    signed(record, "yes")
    record.refresh_from_db()
    assert secretary.post(back, {"version": record.version, "words": " "}).status_code == 422
    assert secretary.post(back, {"version": 1, "words": "Which systems?"}).status_code == 409
    assert secretary.post(back, {"version": record.version, "words": "Which systems?"}).status_code == 302
    record.refresh_from_db()
    assert (record.status, record.signed_at, record.signer_name) == ("asked", None, "")
    assert survey_pages.sent_back(record) == "Which systems?"
    assert "0 of 1 organisations (0%) signed a return." in secretary.get(at(body, survey)).content.decode()


def test_questions_stand_in_the_order_that_the_secretary_gives_them(secretary, body):
    survey = SurveyFactory(organisation=body)
    for position, key in enumerate(("first", "second"), start=1):
        SurveyQuestionFactory(survey=survey, key=key, position=position)
    assert secretary.post(at(body, survey, "survey_question_up", "second")).status_code == 302
    assert [each.key for each in survey.questions.all()] == ["second", "first"]
    secretary.post(at(body, survey, "survey_question_up", "second"))
    assert [each.key for each in survey.questions.all()] == ["second", "first"]


def test_returns_are_paged(secretary, body):
    survey = opened(body, 51)
    last = survey.returns.select_related("organisation").last()
    assert last.organisation.name not in secretary.get(at(body, survey)).content.decode()
    assert last.organisation.name in secretary.get(f"{at(body, survey)}?page=2").content.decode()
