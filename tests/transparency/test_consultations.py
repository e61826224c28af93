"""Consultations in public: frozen, baked with days alone, answered without an account; no person and no place leaks."""

import datetime as dt
import json
import re

import pytest
from django.core.cache import cache
from django.utils.formats import date_format

from accounts.models import Kind, Role
from compliance.models import Consultation, ConsultationResponse
from compliance.services import consultation_answers as answers
from compliance.services import consultations as services
from compliance.services.consultation_answers import Given
from core.dates import today
from core.errors import Incomplete
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, member
from tests.factories.cameras import ConsultationFactory
from tests.factories.compliance import PDF, CameraFactory, CameraSystemFactory, EvidenceFactory
from tests.factories.proposals import Way
from transparency import pages
from transparency.models import Publication
from transparency.views import consultations as views

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _forgotten():
    cache.clear()


@pytest.fixture
def council():
    council = OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY)
    council.police_forces.add(PoliceForceFactory())
    return council


@pytest.fixture
def spoc(council):
    return member(council, Role.SPOC)


@pytest.fixture
def system(council):
    return CameraSystemFactory(operator=council)


def opened(council, spoc, cameras, **fields):
    consultation = ConsultationFactory(organisation=council, **fields)
    consultation.cameras.set(cameras)
    services.open_consultation(consultation=consultation, by=spoc)
    return consultation


@pytest.fixture
def consultation(council, spoc, system):
    return opened(
        council,
        spoc,
        [CameraFactory(system=system, status="proposed", location="Bus station", ward="Abbey")],
        questions=[
            {"text": "Do you use the bus?", "text_cy": "", "kind": "choice"},
            {"text": "What else would help?", "text_cy": "", "kind": "text"},
        ],
    )


def over(consultation):
    Consultation.objects.filter(pk=consultation.pk).update(opens_on=today() - 9 * DAY, closes_on=today() - DAY)
    consultation.refresh_from_db()
    return consultation


def conclude(consultation, spoc, **more):
    services.conclude(consultation=over(consultation), outcome="The camera is put up.", by=spoc, **more)


def at(consultation, page="", language=""):
    return f"{language}/consultations/{consultation.reference.lower()}/{page}"


def hidden(response):
    """What the page to check sends."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', response.content.decode())
    return {**dict(fields), "send": "1"}


def test_a_draft_and_one_for_the_police_alone_are_no_page(client, council, spoc, system):
    draft = ConsultationFactory(organisation=council)
    police = opened(council, spoc, [CameraFactory(system=system, status="proposed")], asks_public=False)
    for each in (draft, police):
        assert client.get(at(each)).status_code == 404
        assert client.get(at(each, "respond/")).status_code == 404
    assert not Publication.objects.exists()


def test_nothing_finer_than_its_precision_leaves_and_no_coordinates_of_what_is_proposed(council, spoc, system):
    fields = {"system": system, "status": "proposed", "latitude": "53.123456", "longitude": "-2.123456"}
    cameras = [
        CameraFactory(**fields, precision="exact", location="Exact Lane", maker="SECRET maker", operator_ref="SECRET1"),
        CameraFactory(**fields, precision="ward", location="SECRET yard", ward="Abbey"),
        CameraFactory(**fields, precision="withheld", location="SECRET", ward="SECRET", withheld_reason="A refuge"),
    ]
    content = Publication.objects.get(subject_reference=opened(council, spoc, cameras).reference).content
    assert not [word for word in ("SECRET", "53.1", "-2.1", "latitude") if word in content]
    facts = json.loads(content)
    assert {row.get("location") for row in facts["cameras"]["list"]} == {"Exact Lane", None}
    assert facts["cameras"]["withheld"] == [{"reason": "A refuge", "cameras": 1}]


def test_the_fields_of_a_publication_are_these(consultation):
    facts = Publication.objects.get().facts()
    assert set(facts) == {
        "as_of",
        "asks_police",
        "cameras",
        "closes_on",
        "documents",
        "opens_on",
        "operator",
        "outcome",
        "questions",
        "reference",
        "schema",
        "summary",
        "title",
    }


def test_a_baked_page_says_the_same_on_every_day(consultation):
    page = pages.build(at(consultation))
    assert page
    assert f"until the end of {consultation.closes_on.day} " in page
    over(consultation)
    assert pages.build(at(consultation)) == page


def test_an_answer_goes_from_the_form_through_the_check_to_its_reference(client, consultation):
    url = at(consultation, "respond/")
    form = client.get(url)
    assert (form.status_code, "Set-Cookie" in form, b"csrf" in form.content) == (200, False, False)
    assert "There is a problem" not in form.content.decode() + client.get(at(consultation)).content.decode()
    refused = client.post(url, {})
    assert (refused.status_code, 'href="#id_view_0"' in refused.content.decode()) == (422, True)
    typed = {"kind": "resident", "view": "against", "text": "Not <here>.", "question_0": "no", "name": "Ann Example"}
    check = client.post(url, typed)
    assert (check.status_code, "Not &lt;here&gt;." in check.content.decode()) == (200, True)
    assert not ConsultationResponse.objects.exists()
    sent = {**hidden(check), "text": "Not <here>."}
    thanks = client.post(url, sent)
    kept = ConsultationResponse.objects.get()
    assert kept.reference in thanks.content.decode()
    assert (kept.text, kept.answers, kept.language, kept.may_publish) == ("Not <here>.", ["no", ""], "en", False)
    assert client.post(url, sent).content == thanks.content  # pressed twice
    assert ConsultationResponse.objects.count() == 1


def test_an_answer_can_be_changed_before_it_is_sent(client, consultation):
    url = at(consultation, "respond/")
    sent = hidden(client.post(url, {"kind": "resident", "view": "for", "text": "Yes."}))
    sent.pop("send")
    form = client.post(url, {**sent, "change": "1"}).content.decode()
    assert "Yes.</textarea>" in form
    assert not ConsultationResponse.objects.exists()


@pytest.mark.parametrize("token", ["", "CO-2222222.CN-2222222:forged", "\x00"])
def test_a_page_that_we_did_not_make_is_checked_again(client, consultation, token):
    answer = {"kind": "resident", "view": "for", "send": "1", "token": token}
    assert client.post(at(consultation, "respond/"), answer).status_code == 200
    assert not ConsultationResponse.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"kind": "police"}, {"view": "perhaps"}, {"question_0": "maybe"}, {"text": "x" * 6001}, {"name": "A\x07"}]
)
def test_what_cannot_be_an_answer_is_refused(client, consultation, wrong):
    answer = {"kind": "resident", "view": "for", **wrong}
    assert client.post(at(consultation, "respond/"), answer).status_code == 422


def test_nobody_answers_too_often_and_what_was_typed_stays(client, consultation, monkeypatch):
    monkeypatch.setattr(views, "MOST_OF_A_PLACE", 1)
    url = at(consultation, "respond/")
    typed = {"kind": "resident", "view": "for", "text": "My long text."}
    client.post(url, hidden(client.post(url, typed)))
    refused = client.post(url, hidden(client.post(url, typed)))
    assert (refused.status_code, "My long text.</textarea>" in refused.content.decode()) == (429, True)
    assert ConsultationResponse.objects.count() == 1


def test_a_flood_from_many_places_is_bounded_for_each_consultation(client, consultation, monkeypatch):
    monkeypatch.setattr(answers, "MOST_AN_HOUR", 0)
    url = at(consultation, "respond/")
    refused = client.post(url, hidden(client.post(url, {"kind": "resident", "view": "for"})))
    assert (refused.status_code, "during the last hour" in refused.content.decode()) == (429, True)


def test_no_answer_is_taken_before_the_first_and_after_the_last_day(client, consultation):
    url = at(consultation, "respond/")
    sent = hidden(client.post(url, {"kind": "resident", "view": "for"}))
    Consultation.objects.update(opens_on=today() + DAY)
    assert client.post(url, sent).status_code == 409
    over(consultation)
    assert (client.get(url).status_code, client.post(url, sent).status_code) == (410, 410)
    assert not ConsultationResponse.objects.exists()


def test_the_outcome_shows_counts_and_released_answers_and_nobody(client, consultation, spoc):
    given = {"name": "SECRET name", "email": "secret@example.org", "organisation": "SECRET flat"}
    shown, kept, private = [
        answers.respond(consultation=consultation, given=Given("resident", "against", text, may_publish=may, **given))
        for text, may in (("Shown text.", True), ("SECRET kept", True), ("SECRET private", False))
    ]
    force = consultation.organisation.police_forces.get()
    officer = member(force, Role.POLICE_SPOC)
    answers.answer_for_force(
        consultation=consultation, force=force, view="for", text="SECRET of the police", post="SECRET post", by=officer
    )
    answers.release_responses(responses=[shown], by=spoc)
    answers.keep_responses(responses=[kept, private], reason="It names a neighbour.", by=spoc)
    assert "Shown text." not in client.get(at(consultation)).content.decode()
    conclude(consultation, spoc)
    content = Publication.objects.current().get(subject_reference=consultation.reference).content
    page = client.get(at(consultation)).content.decode()
    for text in (content, page):
        assert "secret" not in text.lower()
        assert "neighbour" not in text
    assert "Shown text." in page
    outcome = json.loads(content)["outcome"]
    assert (outcome["answers"], outcome["forces"], outcome["by_view"]) == (3, 1, {"against": 3})
    assert client.get(at(consultation, "respond/")).status_code == 410


def test_an_answer_that_is_kept_back_later_leaves_the_page(client, consultation, spoc):
    response = answers.respond(consultation=consultation, given=Given("resident", "for", "Shown.", may_publish=True))
    answers.release_responses(responses=[response], by=spoc)
    conclude(consultation, spoc)
    assert "Shown." in client.get(at(consultation)).content.decode()
    response = ConsultationResponse.objects.select_related("consultation__organisation").get()
    answers.keep_responses(responses=[response], reason="The writer asked for it.", by=spoc)
    assert "Shown." not in client.get(at(consultation)).content.decode()


def test_a_withdrawn_one_keeps_its_address_and_shows_the_reason_alone(client, consultation, spoc):
    services.withdraw(consultation=consultation, reason="The plan was dropped.", by=spoc)
    page = client.get(at(consultation)).content.decode()
    assert "The plan was dropped." in page
    assert consultation.summary not in page
    assert client.get(at(consultation, "respond/")).status_code == 410


def test_a_refusal_of_the_last_undecided_camera_ends_it_and_tells_the_day_alone(client, council, spoc):
    way = Way(system=CameraSystemFactory(operator=council))
    first, last = way.in_consultation(), way.proposed(location="Weir Lane")
    consultation = opened(council, spoc, [first, last])
    with pytest.raises(Incomplete) as refused:
        way.decided(first, approve=True)
    assert "The consultation has no outcome yet" in " ".join(str(each.text) for each in refused.value.problems)
    way.decided(first, approve=False)
    consultation.refresh_from_db()
    assert (consultation.status, client.get(at(consultation, "respond/")).status_code) == ("open", 200)
    way.decided(last, approve=False)
    consultation.refresh_from_db()
    assert consultation.status == "withdrawn"
    page = client.get(at(consultation)).content.decode()
    day = date_format(today(), "j F Y")
    assert f"What was asked about is decided: the camera was refused on {day}." in page
    kept_back = (first.reference, last.reference, "Weir Lane", "Lighting first", "Sam Rowe")
    assert [words for words in kept_back if words in page] == []
    assert client.get(at(consultation, "respond/")).status_code == 410


def test_the_list_says_today_which_take_answers(client, consultation, council, spoc, system):
    later = opened(
        council, spoc, [CameraFactory(system=system, status="proposed")], opens_on=today() + DAY, title="Later"
    )
    page = client.get("/consultations/").content.decode()
    assert page.index(consultation.title) < page.index("To come") < page.index(later.title)
    page = client.get(f"/authorities/{council.slug}/").content.decode()
    assert page.count(at(consultation)) == 2  # among its consultations, and in what changed


def test_the_list_costs_one_query_for_any_number(client, council, spoc, system, django_assert_num_queries):
    for number in (1, 3):
        for _each in range(number):
            opened(council, spoc, [CameraFactory(system=system, status="proposed")])
        with django_assert_num_queries(1):
            client.get("/consultations/")


def test_documents_are_those_that_were_published_while_they_may_be(client, council, spoc, system):
    document = EvidenceFactory(operator=council, is_public=True)
    consultation = ConsultationFactory(organisation=council)
    consultation.cameras.add(CameraFactory(system=system, status="proposed"))
    consultation.documents.add(document)
    services.open_consultation(consultation=consultation, by=spoc)
    url = at(consultation, f"documents/{document.sha256}/")
    assert url in client.get(at(consultation)).content.decode()
    response = client.get(url)
    assert (response.status_code, response.getvalue()) == (200, PDF)
    assert client.get(at(consultation, "documents/0000/")).status_code == 404
    type(document).objects.filter(pk=document.pk).update(is_public=False)
    assert client.get(url).status_code == 404


def test_a_welsh_page_shows_welsh_and_marks_english(client, council, spoc, system):
    consultation = opened(
        council,
        spoc,
        [CameraFactory(system=system, status="proposed")],
        title_cy="Camera yn yr orsaf",
        questions=[{"text": "When?", "text_cy": "Pryd?", "kind": "text"}],
    )
    page = client.get(at(consultation, language="/cy")).content.decode()
    assert "Camera yn yr orsaf" in page
    assert f'lang="en">{consultation.summary}' in page
    form = client.get(at(consultation, "respond/", language="/cy")).content.decode()
    assert "Pryd?" in form
    answer = {"kind": "resident", "view": "for"}
    url = at(consultation, "respond/", language="/cy")
    client.post(url, hidden(client.post(url, answer)))
    assert ConsultationResponse.objects.get().language == "cy"
