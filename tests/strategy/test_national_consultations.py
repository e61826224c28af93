"""National consultations: drafted, opened with all that is needed, answered between two moments, read, concluded."""

import csv
import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from compliance.models import ConsultationResponse
from compliance.services.consultation_answers import NoAnswerTaken
from core import jobs
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from strategy.models import NationalConsultation, NationalResponse
from strategy.models.consultations import Stage, stage_of
from strategy.services import consultation_responses as answering
from strategy.services import consultations as services
from strategy.services.consultation_questions import checked_question
from strategy.services.consultation_responses import Given, respond
from strategy.services.consultation_summary import summary_of
from strategy.tasks import promise_erasing
from tests.factories.accounts import NationalBodyFactory, member
from tests.factories.compliance import PDF
from tests.factories.strategy_consultations import OUTCOME, closed, facts, opened, outcome_of
from transparency.models import Publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary():
    return member(NationalBodyFactory(), Role.SECRETARY)


@pytest.fixture
def national(secretary):
    return opened(secretary)


def body(user):
    return user.memberships.get().organisation


def conclude(national, by):
    version = national.consultation.version
    services.conclude(national=national, facts=outcome_of(national), version=version, by=by)


def test_the_moment_decides_not_a_job():
    first, last = (dt.datetime(2026, 3, day, 17, tzinfo=dt.UTC) for day in (1, 20))
    tick = dt.timedelta(microseconds=1)
    stages = {first - tick: Stage.LATER, first: Stage.OPEN, last - tick: Stage.OPEN, last: Stage.CLOSED}
    assert {at: stage_of("open", first, last, at) for at in stages} == stages
    assert stage_of("concluded", first, last, first) == Stage.CONCLUDED


def test_an_hour_that_clocks_skip_is_no_moment_and_one_that_comes_twice_is_the_first():
    assert services.london_moment(dt.date(2026, 3, 29), dt.time(1, 30)) is None
    twice = services.london_moment(dt.date(2026, 10, 25), dt.time(1, 30))
    assert twice.utcoffset() == dt.timedelta(hours=1)
    summer = services.london_moment(dt.date(2026, 7, 1), dt.time(17))
    assert summer.astimezone(dt.UTC).hour == 16


def test_all_that_is_missing_is_said_at_once_and_nothing_is_published(secretary):
    made = services.draft(
        organisation=body(secretary), facts=facts(background="", contact="", title_cy=""), by=secretary
    )
    with pytest.raises(Incomplete) as refusal:
        services.open_it(national=made, version=made.consultation.version, by=secretary)
    assert len(refusal.value.problems) == 4
    assert not Publication.objects.exists()


def test_where_policy_is_made_the_effects_on_welsh_are_asked_and_stay(secretary):
    made = services.draft(organisation=body(secretary), facts=facts(), by=secretary)
    assert [each["key"] for each in made.consultation.questions] == ["welsh-effects", "welsh-change"]
    with pytest.raises(RuleBroken):
        services.remove_question(national=made, key="welsh-effects", version=1, by=secretary)
    changed = services.change_draft(national=made, facts=facts(makes_policy=False), version=1, by=secretary)
    assert changed.consultation.questions == []
    with pytest.raises(StaleRecord):
        services.change_draft(national=made, facts=facts(), version=1, by=secretary)


@pytest.mark.parametrize(
    ("kind", "options", "options_cy", "fields"),
    [
        ("one", "A", "", {"options"}),
        ("many", "A\na", "", {"options"}),
        ("one", "A\nB", "C", {"options_cy"}),
        ("text", "A\nB", "", {"options"}),
        ("scale", "", "", set()),
        ("one", "A\nB", "C\nD", set()),
    ],
)
def test_a_question_has_the_options_of_its_kind(kind, options, options_cy, fields):
    values = {"kind": kind, "text": "Which?", "text_cy": "", "options": options, "options_cy": options_cy}
    try:
        checked_question(values, taken=[])
        found = set()
    except Incomplete as refusal:
        found = {each.field for each in refusal.problems}
    assert found == fields


def test_nothing_can_be_changed_once_it_is_open(national, secretary):
    version = national.consultation.version
    with pytest.raises(IllegalMove):
        services.change_draft(national=national, facts=facts(), version=version, by=secretary)
    with pytest.raises(IllegalMove):
        services.remove_question(national=national, key="q1", version=version, by=secretary)


def test_an_answer_says_all_that_is_wrong_and_sent_twice_is_one(national):
    bad = Given(answers={}, is_organisation=True, email="x", consent="named")
    with pytest.raises(Incomplete) as refusal:
        respond(national=national, given=bad)
    assert {each.field for each in refusal.value.problems} == {"organisation", "email", ""}
    good = Given(answers={"q1": "1"}, reference="CN-ONCE")
    assert respond(national=national, given=good) == respond(national=national, given=good)
    with pytest.raises(RuleBroken):
        respond(national=national, given=Given(answers={"q1": "99"}))


def test_late_answers_are_refused_with_the_moment(secretary):
    over = closed(opened(secretary))
    with pytest.raises(NoAnswerTaken) as refusal:
        respond(national=over, given=Given(answers={"q1": "1"}))
    assert "UK time" in str(refusal.value.sentence)


def test_likeness_is_said_and_nothing_is_dropped(national):
    for words, organisation in (("Same  WORDS", "Acme"), ("same words", ""), ("other", "ACME "), ("alone", "")):
        given = Given(answers={"q4": words}, is_organisation=bool(organisation), organisation=organisation)
        respond(national=national, given=given)
    found = NationalResponse.objects.with_likeness().order_by("pk")
    marks = [(each.has_same_words, each.has_same_sender) for each in found]
    assert marks == [(True, True), (True, False), (False, True), (False, False)]


def test_answers_are_read_before_the_outcome_and_only_consent_publishes(secretary):
    national = opened(secretary)
    shown = respond(
        national=national, given=Given(answers={"q4": "Tell Jo Smith [[x"}, consent="unnamed", name="zqname")
    )
    kept = respond(national=national, given=Given(answers={"q4": "zqkept"}, name="zqother", email="zq@example.org"))
    aside = respond(national=national, given=Given(answers={"q4": "zqaside"}, consent="named", name="zqthird"))
    national = closed(national)
    with pytest.raises(Incomplete) as refusal:
        services.conclude(
            national=national, facts=outcome_of(national), version=national.consultation.version, by=secretary
        )
    assert "3" in str(refusal.value.sentence)
    own = {each.response_id: each for each in NationalResponse.objects.select_related("response__consultation")}
    with pytest.raises(Incomplete):
        answering.redact(national=own[shown.pk], texts={"q4": "Tell [[Jo]]"}, by=secretary)
    with pytest.raises(Incomplete):
        answering.withhold(responses=[own[kept.pk]], reason=" ", by=secretary)
    answering.accept(responses=[own[shown.pk], own[kept.pk]], by=secretary)
    answering.set_aside(responses=[own[aside.pk]], reason="No answer.", by=secretary)
    services.conclude(
        national=national, facts=outcome_of(national), version=national.consultation.version, by=secretary
    )
    frozen = Publication.objects.filter(kind="national").current().get()
    assert "zq" not in frozen.content
    outcome = frozen.facts()["outcome"]
    assert [each["reference"] for each in outcome["responses"]] == [shown.reference]
    assert (outcome["summary"]["received"], outcome["summary"]["counted"], outcome["summary"]["set_aside"]) == (3, 2, 1)


def test_a_marked_passage_is_not_in_what_is_published(secretary):
    national = opened(secretary)
    kept = respond(national=national, given=Given(answers={"q4": "Ask zqjo there."}, consent="unnamed"))
    own = NationalResponse.objects.select_related("response__consultation").get(response=kept)
    answering.redact(national=own, texts={"q4": "Ask [[zqjo]] there."}, by=secretary)
    answering.accept(responses=[own], by=secretary)
    national = closed(national)
    services.conclude(
        national=national, facts=outcome_of(national), version=national.consultation.version, by=secretary
    )
    frozen = Publication.objects.filter(kind="national").current().get()
    assert "zqjo" not in frozen.content
    assert frozen.facts()["outcome"]["responses"][0]["answers"]["q4"] == ["Ask ", None, " there."]


def test_figures_are_recounted_by_hand_and_small_ones_are_not_split(national):
    for number in range(12):
        answers = {"q1": "1" if number % 3 else "2", "q2": ["1", "2"] if number % 2 else ["2"]}
        respond(national=national, given=Given(answers=answers, is_organisation=number < 6, organisation=f"O{number}"))
    found = {each["key"]: each for each in summary_of(national.consultation)["questions"]}
    assert [each["count"] for each in found["q1"]["options"]] == [8, 4, 0]
    assert not found["q1"]["is_split"]
    assert "people" not in found["q1"]["options"][0]
    assert [each["count"] for each in found["q2"]["options"]] == [6, 12, 0]
    assert found["q4"] == {"key": "q4", "answered": 0, "options": []}


def test_names_go_even_where_no_outcome_ever_comes(secretary):
    national = opened(secretary)
    kept = respond(national=national, given=Given(answers={"q1": "1"}, name="Jo", email="jo@example.org"))
    over = timezone.now() - dt.timedelta(days=365 + 366 + 2)
    before = over - dt.timedelta(days=30)
    NationalConsultation.objects.update(opens_at=before, closes_at=over + dt.timedelta(days=20))
    assert answering.erase_due() == 0
    NationalConsultation.objects.update(closes_at=over)
    assert answering.erase_due() == 1
    kept.refresh_from_db()
    assert (kept.name, kept.email, kept.answers[0]) == ("", "", "1")


def test_names_go_when_their_time_is_over(secretary):
    national = opened(secretary)
    kept = respond(national=national, given=Given(answers={"q1": "1"}, name="Jo", email="jo@example.org"))
    own = NationalResponse.objects.select_related("response__consultation").get(response=kept)
    answering.accept(responses=[own], by=secretary)
    national = closed(national)
    services.conclude(
        national=national, facts=outcome_of(national), version=national.consultation.version, by=secretary
    )
    assert answering.erase_due() == 0
    NationalConsultation.objects.update(concluded_on=timezone.now().date() - dt.timedelta(days=400))
    promise_erasing()
    jobs.drain()
    kept.refresh_from_db()
    assert (kept.name, kept.email) == ("", "")


# --- The pages ---


def url(name, national, *more):
    return reverse(f"strategy:{name}", args=[national.reference.lower(), *more])


def test_the_public_reads_answers_checks_and_sends(client, national):
    assert national.consultation.title in client.get(reverse("transparency:consultations")).content.decode()
    assert "UK time" in client.get(url("consultation", national)).content.decode()
    address = url("consultation_respond", national)
    assert client.post(address, {}).status_code == 422
    sent = {"who": "person", "consent": "no", "q1": "2", "q2": ["1", "3"], "q4": "Yes <b>"}
    page = client.post(address, sent)
    token = page.content.decode().split('name="token" value="')[1].split('"')[0]
    assert page.content.decode().count('name="q2"') == 2
    assert not ConsultationResponse.objects.exists()
    back = client.post(address, {**sent, "change": "1"}).content.decode()
    assert "Yes &lt;b&gt;" in back
    for _again in range(2):
        done = client.post(address, {**sent, "token": token, "send": "1"})
    kept = ConsultationResponse.objects.get()
    assert kept.reference in done.content.decode()
    assert kept.answers[:4] == ["2", ["1", "3"], "", "Yes <b>"]
    assert not client.cookies


def test_a_late_answer_is_refused_and_stands_on_the_page(client, secretary):
    over = closed(opened(secretary))
    page = client.post(url("consultation_respond", over), {"who": "person", "q4": "My long words"})
    assert page.status_code == 410
    assert "My long words" in page.content.decode()


def test_in_welsh_the_page_and_its_options_are_welsh(client, national):
    page = client.get("/cy" + url("consultation", national)).content.decode()
    assert "Teitl" in page
    assert "Dewis" in page


def test_withdrawn_shows_as_withdrawn(client, national, secretary):
    services.withdraw(national=national, version=national.consultation.version, reason="zqwrong", by=secretary)
    assert "zqwrong" in client.get(url("consultation", national)).content.decode()
    assert client.get(url("consultation_respond", national)).status_code == 410


def test_five_hundred_answers_to_an_outcome_as_page_and_data(client, secretary, django_assert_max_num_queries):
    national = opened(secretary)
    for number in range(500):
        given = Given(
            answers={"q1": str(number % 3 + 1), "q3": str(number % 5 + 1), "q4": f"Words {number}"},
            is_organisation=number % 2 == 0,
            organisation=f"Body {number}",
            consent="named" if number % 10 == 0 else "no",
        )
        respond(national=national, given=given)
    answering.accept(responses=list(NationalResponse.objects.select_related("response__consultation")), by=secretary)
    national = closed(national)
    services.conclude(
        national=national, facts=outcome_of(national), version=national.consultation.version, by=secretary
    )
    with django_assert_max_num_queries(3):
        page = client.get(url("consultation", national)).content.decode()
    assert "<svg" in page
    assert OUTCOME in page
    assert page.count("<blockquote") == 50
    rows = list(csv.DictReader(io.StringIO(client.get(url("consultation_csv", national)).content.decode("utf-8-sig"))))
    assert [row["count"] for row in rows if row["question"] == "q1"] == ["167", "167", "166"]
    data = client.get(url("consultation_json", national)).json()
    assert data["summary"]["counted"] == 500


def test_the_secretary_walks_it_by_the_pages(client, secretary):
    client.force_login(secretary)
    slug = body(secretary).slug
    day = timezone.now().date()
    sent = {"version": 0, "title": "T", "title_cy": "Teitl", "summary": "S", "summary_cy": "C", "background": "B"}
    sent |= {"background_cy": "B", "contact": "Us", "keep_months": 12, "opens_time": "00:01", "closes_time": "17:00"}
    for name, when in (("opens_on", day), ("closes_on", day + dt.timedelta(days=42))):
        sent |= {f"{name}_day": when.day, f"{name}_month": when.month, f"{name}_year": when.year}
    assert client.post(reverse("national:consultation_new", args=[slug]), sent).status_code == 302
    made = NationalConsultation.objects.get()
    at = [slug, made.reference]
    question = {"version": 1, "kind": "scale", "text": "Do you agree?", "text_cy": "A gytunwch?"}
    assert client.post(reverse("national:consultation_question_new", args=at), question).status_code == 302
    upload = SimpleUploadedFile("paper.pdf", PDF, "application/pdf")
    paper = {"version": 2, "title": "Paper", "title_cy": "Papur", "language": "en", "upload": upload}
    assert client.post(reverse("national:consultation_document_new", args=at), paper).status_code == 302
    assert client.post(reverse("national:consultation_open", args=at), {"version": 1}).status_code == 409
    assert client.post(reverse("national:consultation_open", args=at), {"version": 3}).status_code == 302
    digest = made.documents.get().sha256
    file = client.get(reverse("strategy:consultation_document", args=[made.reference.lower(), digest]))
    assert b"".join(file.streaming_content) == PDF
    made = NationalConsultation.objects.select_related("consultation").get()
    kept = respond(national=made, given=Given(answers={"q1": "5", "welsh-effects": "None"}, consent="unnamed"))
    listed = client.get(reverse("national:consultation_answers", args=at)).content.decode()
    assert kept.reference in listed
    one = reverse("national:consultation_answer", args=[*at, kept.reference])
    assert client.post(one, {"decision": "aside", "text-welsh-effects": "None"}).status_code == 422
    assert client.post(one, {"decision": "accept", "text-welsh-effects": "[[None]]"}).status_code == 302
    assert client.get(reverse("national:consultation_conclude", args=at)).status_code == 409
    closed(made)
    end = reverse("national:consultation_conclude", args=at)
    version = NationalConsultation.objects.get().consultation.version
    assert client.post(end, {"version": version}).status_code == 422
    said = {"version": version, "outcome": "We heard.", "welsh_missing_reason": "At the translator"}
    for key in ("q1", "welsh-effects", "welsh-change"):
        said |= {f"heard-{key}": "Yes", f"decision-{key}": "kept"}
    assert client.post(end, said).status_code == 302
    assert client.get(reverse("national:consultation", args=at)).status_code == 200


def test_lists_ask_the_same_for_one_row_and_for_three(client, secretary, django_assert_num_queries):
    client.force_login(secretary)
    national = opened(secretary)
    at = reverse("national:consultation_answers", args=[body(secretary).slug, national.reference])
    respond(national=national, given=Given(answers={"q1": "1"}))
    client.get(at)
    counts = []
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for more in (0, 2):
        for _each in range(more):
            respond(national=national, given=Given(answers={"q1": "1"}))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(at)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 10
