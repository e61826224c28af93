"""Pages of consultations in the workspace: who reads and does what, in which state, with how many queries."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Kind, Role
from compliance.models import Camera, Consultation, ConsultationResponse
from compliance.services import consultation_answers as answers
from compliance.services import consultations as services
from compliance.services.consultation_answers import Given
from core.dates import today
from tests.compliance.test_consultations import DAY, over
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, member
from tests.factories.cameras import ConsultationFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def force():
    return PoliceForceFactory()


@pytest.fixture
def council(force):
    council = OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY)
    council.police_forces.add(force)
    return council


@pytest.fixture
def camera(council):
    return CameraFactory(system=CameraSystemFactory(operator=council), status="or_defined", location="Bus station")


@pytest.fixture
def as_role(client):
    def sign_in(role, organisation):
        user = member(organisation, role)
        client.force_login(user)
        return user

    return sign_in


def at(name, organisation, *args):
    return reverse(f"compliance:{name}", args=[organisation.slug, *args])


def opened(council, camera, **fields):
    consultation = ConsultationFactory(organisation=council, **fields)
    consultation.cameras.add(camera)
    services.open_consultation(consultation=consultation, by=member(council, Role.SPOC))
    return consultation


def sent(**changes):
    first, last = today(), today() + services.USUAL_LENGTH
    days = {
        f"{name}_{part}": getattr(day, attribute)
        for name, day in (("opens_on", first), ("closes_on", last))
        for part, attribute in (("day", "day"), ("month", "month"), ("year", "year"))
    }
    words = {"title": "A camera at the bus station", "summary": "Passengers are threatened.", "version": 0}
    return {**words, **days, "asked": ["police", "public"], **changes}


def test_a_consultation_is_drafted_checked_and_opened(client, as_role, council, camera):
    as_role(Role.SPOC, council)
    assert at("consultation_new", council) in client.get(camera.get_absolute_url()).content.decode()
    words = {"choices": "Do you use the bus station?", "words": "What else would help?\nWhen?"}
    form = client.get(at("consultation_new", council) + f"?camera={camera.reference}")
    assert f'value="{camera.reference}"' in form.content.decode()
    response = client.post(at("consultation_new", council), sent(cameras=[camera.reference], **words))
    found = Consultation.objects.get()
    assert (response.status_code, response["Location"]) == (302, found.get_absolute_url())
    assert [(question["text"], question["kind"]) for question in found.questions] == [
        ("Do you use the bus station?", "choice"),
        ("What else would help?", "text"),
        ("When?", "text"),
    ]
    check = client.get(at("consultation_open", council, found.reference))
    assert "Bus station" in check.content.decode()
    assert client.post(at("consultation_open", council, found.reference)).status_code == 302
    assert Consultation.objects.get().status == "open"
    assert client.post(at("consultation_open", council, found.reference)).status_code == 409
    assert client.get(at("consultation_edit", council, found.reference)).status_code == 409


def test_a_save_over_another_change_keeps_what_was_typed(client, as_role, council):
    as_role(Role.SCHEME_MANAGER, council)
    found = ConsultationFactory(organisation=council, title="The title of somebody else", version=2)
    response = client.post(at("consultation_edit", council, found.reference), sent(version=1, title="My own title"))
    shown = response.content.decode()
    assert response.status_code == 409
    assert 'value="My own title"' in shown
    assert 'name="version" value="2"' in shown
    assert Consultation.objects.get().title == "The title of somebody else"


def test_questions_in_welsh_are_as_many_as_in_english(client, as_role, council):
    as_role(Role.SCHEME_MANAGER, council)
    response = client.post(at("consultation_new", council), sent(words="One?\nTwo?", words_cy="Un?"))
    assert response.status_code == 422
    assert not Consultation.objects.exists()


def test_a_force_finds_what_it_is_asked_and_answers_in_its_own_workspace(client, as_role, council, camera, force):
    found = opened(council, camera)
    as_role(Role.POLICE_SPOC, force)
    assert found.title in client.get(at("consultations", force)).content.decode()
    assert found.title in client.get(reverse("accounts:home")).content.decode()
    url = at("police_consultation", force, found.reference)
    assert client.post(url, {"view": "for"}).status_code == 422
    answer = {"view": "for", "text": "Twelve robberies in 2025.", "post": "Chief Inspector"}
    assert client.post(url, answer).status_code == 302
    assert ConsultationResponse.objects.get().force == force
    assert found.title not in client.get(reverse("accounts:home")).content.decode()
    over(found)
    assert client.get(url).status_code == 200
    refusal = client.post(url, answer)
    assert (refusal.status_code, found.get_absolute_url() in refusal.content.decode()) == (409, False)


WITHHOLDING = {"withheld_reason": "a refuge", "withheld_post": "DPO", "withheld_review_on": today() + 100 * DAY}
HIDDEN = {"location": "Hidden Lane", "ward": "Secret Ward", "operator_ref": "Hidden 7"}


@pytest.mark.parametrize(
    "case",
    [
        ("street", False, {"Hidden Lane", "Secret Ward", "Hidden 7"}),
        ("ward", False, {"Secret Ward"}),
        ("withheld", False, {"a refuge"}),
        ("ward", True, {"Hidden Lane", "Secret Ward", "Hidden 7"}),
        ("withheld", True, {"Hidden Lane", "Secret Ward", "Hidden 7"}),
    ],
)
def test_a_force_sees_no_more_of_a_place_than_its_precision_or_the_operator_allows(
    client, as_role, camera, force, case
):
    (precision, in_full, shown), council = case, camera.trail_organisation()
    fields = {**HIDDEN, "precision": precision, **(WITHHOLDING if precision == "withheld" else {})}
    Camera.objects.filter(pk=camera.pk).update(**fields)
    found = opened(council, camera, police_see_places=in_full)
    as_role(Role.POLICE_SPOC, force)
    page = client.get(at("police_consultation", force, found.reference)).content.decode()
    assert {words for words in (*HIDDEN.values(), "a refuge") if words in page} == shown


def test_the_operator_says_whether_the_police_see_every_place(client, as_role, council):
    as_role(Role.SCHEME_MANAGER, council)
    client.post(at("consultation_new", council), sent())
    assert Consultation.objects.get().police_see_places is False
    found = Consultation.objects.get()
    client.post(at("consultation_edit", council, found.reference), sent(version=1, police_see_places="on"))
    assert Consultation.objects.get().police_see_places is True
    page = client.get(at("consultation_edit", council, found.reference))
    assert page.context["form"].initial["police_see_places"] is True


def test_a_force_does_not_find_drafts_nor_what_others_are_asked(client, as_role, council, camera, force):
    drafted = ConsultationFactory(organisation=council)
    found, other = opened(council, camera), PoliceForceFactory()
    as_role(Role.POLICE_SPOC, other)
    assert client.get(at("police_consultation", other, found.reference)).status_code == 404
    as_role(Role.POLICE_SPOC, force)
    assert client.get(at("police_consultation", force, drafted.reference)).status_code == 404
    assert client.get(at("consultation", council, found.reference)).status_code == 404


def test_the_operator_reads_each_answer_and_names_stay_with_those_who_need_them(client, as_role, council, camera):
    found = opened(council, camera)
    given = Given("resident", "against", "Not here.", name="Ann Example", email="ann@example.org", may_publish=True)
    response = answers.respond(consultation=found, given=given)
    url = at("consultation_responses", council, found.reference)
    as_role(Role.VIEWER, council)
    assert client.get(url).status_code == 403
    assert "Ann Example" not in client.get(found.get_absolute_url()).content.decode()
    as_role(Role.SCHEME_MANAGER, council)
    assert "Ann Example" in client.get(url).content.decode()
    assert client.post(url, {"response": [response.reference], "decision": "kept"}).status_code == 422
    assert client.post(url, {"response": [response.reference], "decision": "released"}).status_code == 302
    response.refresh_from_db()
    assert response.release == "released"


def test_the_export_has_no_names_and_no_formulas(client, as_role, council, camera):
    found = opened(council, camera)
    given = Given("resident", "against", "=1+1", name="Ann Example", email="ann@example.org", organisation="Flat 3")
    answers.respond(consultation=found, given=given)
    as_role(Role.SCHEME_MANAGER, council)
    text = client.get(at("consultation_export", council, found.reference)).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["text"] for row in rows] == ["'=1+1"]
    assert not [word for word in ("Ann", "ann@", "Flat") if word in text]


def test_the_data_protection_officer_erases_a_person(client, as_role, council, camera):
    found = opened(council, camera)
    response = answers.respond(consultation=found, given=Given("resident", "for", name="Ann Example"))
    url = at("consultation_erase_person", council, found.reference, response.reference)
    as_role(Role.SPOC, council)
    assert client.post(url).status_code == 403
    as_role(Role.DPO, council)
    assert client.post(url).status_code == 302
    response.refresh_from_db()
    assert response.name == ""


def test_the_outcome_is_given_after_the_last_day_by_the_spoc(client, as_role, council, camera):
    found = opened(council, camera)
    url = at("consultation_conclude", council, found.reference)
    as_role(Role.SPOC, council)
    assert client.get(url).status_code == 409
    response = answers.respond(consultation=found, given=Given("resident", "for"))
    over(found)
    assert found.title in client.get(reverse("accounts:home")).content.decode()
    assert client.post(url, {"outcome": "It is put up."}).status_code == 422
    assert Consultation.objects.get().status == "open"
    answers.keep_responses(responses=[response], reason="", by=found.made_by)
    assert client.post(url, {"outcome": "It is put up."}).status_code == 302
    assert Consultation.objects.get().status == "concluded"
    assert client.get(url).status_code == 409


def test_a_withdrawal_needs_a_reason(client, as_role, council, camera):
    found = opened(council, camera)
    as_role(Role.SPOC, council)
    url = at("consultation_withdraw", council, found.reference)
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "The plan was dropped."}).status_code == 302
    assert "The plan was dropped." in client.get(found.get_absolute_url()).content.decode()


def cost(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_pages_cost_the_same_with_one_row_and_with_three(client, as_role, council, camera, force):
    as_role(Role.SPOC, council)
    found = opened(council, camera)
    pages = ("consultations", 7), ("consultation_responses", 8), ("consultation", 10)
    for more in (1, 2):
        for _each in range(more):
            answers.respond(consultation=found, given=Given("resident", "for", "Yes."))
            opened(council, camera)
        costs = [
            cost(client, at(name, council, *[found.reference][: name != "consultations"])) for name, _cost in pages
        ]
        assert costs == [most for _name, most in pages]
    as_role(Role.POLICE_SPOC, force)
    assert cost(client, at("consultations", force)) == 6
    assert cost(client, at("police_consultation", force, found.reference)) == 8


def test_a_consultation_that_begins_later_says_so(client, as_role, council, camera):
    found = opened(council, camera)
    Consultation.objects.update(opens_on=today() + DAY)
    as_role(Role.SPOC, council)
    assert "begins later" in client.get(found.get_absolute_url()).content.decode()
