"""Consultations: drafted, opened, answered between two days, read, concluded; nothing of a person leaves."""

import datetime as dt

import pytest

from accounts.models import Kind, Role
from compliance.models import Consultation, ConsultationResponse
from compliance.services import consultation_answers as answers
from compliance.services import consultations as services
from compliance.services.consultation_answers import Given
from compliance.services.consultations import ConsultationState, state_of
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.trail import TrailEntry, verify
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, member
from tests.factories.cameras import ConsultationFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory, EvidenceFactory
from tests.factories.proposals import Way

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
Status = Consultation.Status


@pytest.fixture
def force():
    return PoliceForceFactory()


@pytest.fixture
def council(force):
    council = OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY)
    council.police_forces.add(force)
    return council


@pytest.fixture
def spoc(council):
    return member(council, Role.SPOC)


def camera_of(council, **fields):
    return CameraFactory(system=CameraSystemFactory(operator=council), **{"status": "proposed", **fields})


def drafted(council, spoc, cameras=(), documents=(), **values):
    wanted = {
        "title": "A camera at the bus station",
        "summary": "Passengers are threatened.",
        "opens_on": today(),
        "closes_on": today() + services.USUAL_LENGTH,
        **values,
    }
    return services.draft(organisation=council, values=wanted, cameras=cameras, documents=documents, by=spoc)


@pytest.fixture
def camera(council):
    return camera_of(council)


@pytest.fixture
def opened(council, spoc, camera):
    consultation = drafted(council, spoc, [camera])
    services.open_consultation(consultation=consultation, by=spoc)
    return consultation


def over(consultation):
    """Its last day was yesterday."""
    Consultation.objects.filter(pk=consultation.pk).update(opens_on=today() - 9 * DAY, closes_on=today() - DAY)
    consultation.refresh_from_db()
    return consultation


def answer(consultation, **fields):
    return answers.respond(consultation=consultation, given=Given(**{"kind": "resident", "view": "for", **fields}))


def test_a_draft_is_changed_at_its_version_only(council, spoc, camera):
    consultation = drafted(council, spoc, [camera])
    values = {"title": "Two cameras"}
    services.change_draft(consultation=consultation, version=1, values=values, cameras=[camera], documents=[], by=spoc)
    with pytest.raises(StaleRecord):
        services.change_draft(consultation=consultation, version=1, values=values, cameras=[], documents=[], by=spoc)
    consultation.refresh_from_db()
    assert (consultation.title, consultation.version) == ("Two cameras", 2)
    entry = TrailEntry.objects.filter(verb="changed").get()
    assert (entry.before, entry.after) == ({"title": "A camera at the bus station"}, values)


def test_days_in_the_wrong_order_and_nobody_asked_are_refused(council, spoc):
    with pytest.raises(Incomplete) as refused:
        drafted(council, spoc, closes_on=today() - DAY, asks_police=False, asks_public=False)
    assert len(refused.value.problems) == 2


def test_cameras_and_documents_are_of_the_same_organisation_and_documents_public(council, spoc):
    with pytest.raises(RuleBroken, match="cameras of your own"):
        drafted(council, spoc, [CameraFactory(status="proposed")])
    with pytest.raises(RuleBroken, match="documents of your own"):
        drafted(council, spoc, documents=[EvidenceFactory(operator=council, is_public=False)])
    with pytest.raises(RuleBroken, match="documents of your own"):
        drafted(council, spoc, documents=[EvidenceFactory(is_public=True)])


def test_opening_names_all_that_is_missing(council, spoc, camera):
    council.police_forces.clear()
    decided = camera_of(council, status="operational")
    consultation = over(drafted(council, spoc, [camera, decided]))
    with pytest.raises(Incomplete) as refused:
        services.open_consultation(consultation=consultation, by=spoc)
    assert [str(problem.text)[:30] for problem in refused.value.problems] == [
        "A camera that it is about is d",
        "The last day for answers is pa",
        "No police force is recorded fo",
    ]
    assert Consultation.objects.get().status == Status.DRAFT


def test_an_authority_in_wales_asks_in_welsh_or_says_why_not(force, spoc):
    council = OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY, nation="wales")
    council.police_forces.add(force)
    consultation = drafted(council, member(council, Role.SPOC), [camera_of(council)])
    with pytest.raises(Incomplete, match="Welsh"):
        services.open_consultation(consultation=consultation, by=spoc)
    services.open_consultation(consultation=consultation, by=spoc, welsh_missing_reason="The translator is ill.")
    assert Consultation.objects.get().welsh_missing_reason == "The translator is ill."


def test_the_police_of_the_area_are_told_of_an_opening_and_others_are_not(council, spoc, camera, force):
    asked, other = member(force, Role.POLICE_SPOC), member(PoliceForceFactory(), Role.POLICE_SPOC)
    services.open_consultation(consultation=drafted(council, spoc, [camera]), by=spoc)
    assert (asked.notifications.count(), other.notifications.count()) == (1, 0)


@pytest.mark.parametrize(("opens", "closes", "taken"), [(0, 0, True), (1, 9, False), (-9, -1, False), (-9, 0, True)])
def test_the_days_decide_whether_an_answer_is_taken(opened, opens, closes, taken):
    opened.opens_on, opened.closes_on = today() + opens * DAY, today() + closes * DAY
    opened.save()
    if taken:
        answer(opened)
    else:
        with pytest.raises(answers.NoAnswerTaken):
            answer(opened)
    assert ConsultationResponse.objects.count() == int(taken)


def test_an_answer_sent_twice_is_one(opened):
    first = answer(opened, reference="CN-2222222", text="Yes please.")
    assert answer(opened, reference="CN-2222222", text="Yes please.") == first
    assert ConsultationResponse.objects.count() == 1


def test_a_flood_is_bounded_for_each_consultation(opened, monkeypatch):
    monkeypatch.setattr(answers, "MOST_AN_HOUR", 2)
    answer(opened), answer(opened)
    with pytest.raises(answers.TooManyAnswers):
        answer(opened)


def test_nobody_of_the_public_answers_as_the_police(opened):
    with pytest.raises(RuleBroken):
        answer(opened, kind="police")


def test_the_name_of_a_person_enters_the_trail_erasable_and_is_erased_for_good(opened, spoc):
    response = answer(opened, name="Ann Example", email="ann@example.org")
    entry = TrailEntry.objects.get(verb="answered")
    assert "Ann" not in str([entry.before, entry.after])
    answers.erase_person(response=response, by=spoc)
    response.refresh_from_db()
    entry.refresh_from_db()
    assert (response.name, response.email, entry.personal) == ("", "", None)
    assert verify().broken is None


def test_a_force_answers_once_and_mends_its_answer_until_the_last_day(opened, force):
    by = member(force, Role.POLICE_SPOC)
    given = {"consultation": opened, "force": force, "post": "Inspector", "by": by}
    answers.answer_for_force(**given, view="against", text="Little crime there.")
    answers.answer_for_force(**given, view="for", text="Much crime there.")
    response = ConsultationResponse.objects.get()
    assert (response.kind, response.view, response.text) == ("police", "for", "Much crime there.")
    assert TrailEntry.objects.get(verb="answer_changed").before["view"] == "against"
    over(opened)
    with pytest.raises(answers.NoAnswerTaken):
        answers.answer_for_force(**given, view="for", text="Too late.")


def test_a_force_that_is_not_asked_does_not_answer(opened):
    stranger = PoliceForceFactory()
    by = member(stranger, Role.POLICE_SPOC)
    with pytest.raises(answers.NoAnswerTaken):
        answers.answer_for_force(consultation=opened, force=stranger, view="for", text="Yes.", post="Inspector", by=by)


def test_an_answer_is_shown_with_consent_only_and_kept_back_with_a_reason(opened, spoc):
    open_one, private = answer(opened, may_publish=True), answer(opened)
    with pytest.raises(RuleBroken, match="only where its writer said so"):
        answers.release_responses(responses=[open_one, private], by=spoc)
    with pytest.raises(Incomplete):
        answers.keep_responses(responses=[open_one], reason="", by=spoc)
    answers.keep_responses(responses=[private], reason="", by=spoc)
    answers.release_responses(responses=[open_one], by=spoc)
    assert [each.release for each in ConsultationResponse.objects.order_by("pk")] == ["released", "kept"]


def test_it_is_concluded_after_its_last_day_when_every_answer_was_read(opened, spoc):
    response = answer(opened)
    with pytest.raises(IllegalMove):
        services.conclude(consultation=opened, outcome="It is put up.", by=spoc)
    over(opened)
    with pytest.raises(Incomplete, match="Not read yet: 1"):
        services.conclude(consultation=opened, outcome="It is put up.", by=spoc)
    answers.keep_responses(responses=[response], reason="", by=spoc)
    opened.refresh_from_db()
    services.conclude(consultation=opened, outcome="It is put up.", by=spoc)
    assert [change.after for change in opened.changes.all()] == ["open", "closed", "concluded"]


def test_what_asking_about_a_camera_has_come_to(opened, camera, force, spoc):
    until = opened.closes_on
    assert state_of(camera) == ConsultationState(True, False, until, False, opened.reference)
    by = member(force, Role.POLICE_SPOC)
    answers.answer_for_force(consultation=opened, force=force, view="for", text="Yes.", post="Inspector", by=by)
    assert state_of(camera) == ConsultationState(True, True, until, False, opened.reference)
    services.conclude(consultation=over(opened), outcome="It is put up.", by=spoc)
    assert state_of(camera) == ConsultationState(True, True, None, True, opened.reference)
    assert state_of(camera_of(opened.organisation)) == ConsultationState()


def test_drafts_and_what_was_withdrawn_say_nothing_about_a_camera(council, spoc, camera, opened):
    drafted(council, spoc, [camera])
    services.withdraw(consultation=opened, reason="The plan was dropped.", by=spoc)
    assert state_of(camera) == ConsultationState()
    with pytest.raises(Incomplete):
        services.withdraw(consultation=ConsultationFactory(), reason=" ", by=spoc)


def test_the_same_words_again_are_marked(opened):
    answer(opened, text="No more cameras."), answer(opened, text="No more cameras."), answer(opened), answer(opened)
    marked = opened.responses.with_same_text().order_by("pk")
    assert [each.is_repeated for each in marked] == [False, True, False, False]


def test_the_reason_of_a_refusal_is_in_both_languages_in_wales_the_welsh_first():
    way = Way(system=CameraSystemFactory(operator=OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY, nation="wales")))
    camera = way.proposed()
    consultation = drafted(way.system.operator, way.by(Role.SPOC), [camera], asks_police=False)
    services.open_consultation(consultation=consultation, by=way.by(Role.SPOC), welsh_missing_reason="None yet.")
    way.decided(camera, approve=False)
    reason = consultation.changes.get(after=Status.WITHDRAWN).note
    assert reason.startswith("Mae'r hyn y gofynnwyd amdano wedi'i benderfynu: gwrthodwyd y camera ar ")
    assert " What was asked about is decided: the camera was refused on " in reason
