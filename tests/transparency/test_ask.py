"""Asking about cameras without an account: page by page, kept once, followed by an address that nobody else gets."""

import datetime as dt
import html
import re
import time

import pytest
from django.core.cache import cache
from django.utils.formats import date_format

from accounts.models import Kind, Notification, Role
from core import jobs
from core.dates import today
from core.jobs import Job
from core.trail import TrailEntry
from tests.factories.accounts import NationalBodyFactory, OrganisationFactory, member
from tests.factories.compliance import CodeEditionFactory
from tests.factories.enquiries import enquiry as asked_of
from tests.factories.transparency import published
from transparency import enquiry_state
from transparency.controllers import controller_of, kept_words
from transparency.models import Enquiry, EnquiryMessage
from transparency.services import enquiries, enquiry_desk
from transparency.views import ask as views

pytestmark = pytest.mark.django_db
ASK = "/ask-about-cameras/"


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch):
    cache.clear()
    monkeypatch.setattr(enquiry_state, "QUICKEST", 0)


@pytest.fixture
def council():
    council = OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY, name="Marlbridge")
    council.spoc = member(council, Role.SPOC)
    return council


@pytest.fixture
def page(council):
    return published(operator=council)


def state_in(response):
    found = re.search(r'name="state" value="([^"]+)"', response.content.decode())
    return html.unescape(found.group(1))


def post(client, response, **sent):
    return client.post(ASK, {"state": state_in(response), **sent})


def typed(client, council, *, language="", **matter):
    """As far as the page to check."""
    response = client.get(f"{language}{ASK}?authority={council.slug}&kind=question")
    response = post(client, response, step="kind", kind="question") if "kind" in matter else response
    response = post(client, response, step="matter", text=matter.get("text", "Who watches?"))
    return post(client, response, step="you", name="Ann Owen", email=matter.get("email", "ann@example.org"))


def test_from_the_first_page_to_the_receipt_without_a_cookie(client, council, page):
    first = client.get(ASK)
    assert (first.status_code, first["Cache-Control"], first["Referrer-Policy"]) == (200, "no-store", "no-referrer")
    whose = post(client, first, step="kind", kind="question")
    assert "Whose camera is it?" in whose.content.decode()
    checked = typed(client, council)
    assert not Enquiry.objects.exists()
    done = post(client, checked, send="1")
    assert (done.status_code, done["Cache-Control"]) == (200, "no-store")
    kept = Enquiry.objects.get()
    assert (kept.organisation, kept.kind, kept.language, kept.email) == (council, "question", "en", "ann@example.org")
    assert kept.system.reference == page.subject_reference
    assert kept.reference in done.content.decode()
    assert not client.cookies


def test_sent_twice_is_one_enquiry_with_one_address(client, council):
    checked = typed(client, council)
    addresses = {
        re.search(r'href="(/ask-about-cameras/follow/[^"]+)"', post(client, checked, send="1").content.decode())[1]
        for _ in "ab"
    }
    assert (Enquiry.objects.count(), EnquiryMessage.objects.count(), len(addresses)) == (1, 1, 1)
    assert client.get(addresses.pop()).status_code == 200


def test_the_private_address_is_kept_as_a_hash_and_stands_in_no_trail_and_no_lasting_job(client, council):
    done = post(client, typed(client, council), send="1").content.decode()
    token = re.search(r"/follow/([^/]+)/", done)[1]
    assert Enquiry.objects.get().token_sha256 != token
    jobs.drain()
    told = [*TrailEntry.objects.values_list("before", "after", "personal", "subject_reference")]
    told += [
        *Job.objects.values_list("arguments", "error"),
        *Notification.objects.values_list("subject", "body", "url"),
    ]
    assert not [word for word in (token, "ann@example.org", "Ann Owen", "Who watches") if word in repr(told)]


def test_the_receipt_by_mail_has_the_address_in_the_language_of_the_page(client, council, mailoutbox):
    post(client, typed(client, council), send="1")
    jobs.drain()
    mail = next(each for each in mailoutbox if each.to == ["ann@example.org"])
    assert Enquiry.objects.get().reference in mail.subject
    assert "/ask-about-cameras/follow/" in mail.body


def test_whoever_leaves_no_mailbox_gets_no_mail(client, council, mailoutbox):
    post(client, typed(client, council, email=""), send="1")
    jobs.drain()
    assert {each.to[0] for each in mailoutbox} == {council.spoc.email}


def test_too_quick_is_asked_to_read_once_more_and_then_taken(client, council, monkeypatch):
    checked = typed(client, council)
    monkeypatch.setattr(enquiry_state, "QUICKEST", 1000)
    refused = post(client, checked, send="1")
    assert (refused.status_code, Enquiry.objects.count()) == (422, 0)
    assert (post(client, refused, send="1").status_code, Enquiry.objects.count()) == (200, 1)


def test_a_page_of_yesterday_is_read_once_more(client, council):
    state = enquiry_state.read(state_in(typed(client, council)))
    old = enquiry_state.written({**state, "began": int(time.time()) - 25 * 3600})
    refused = client.post(ASK, {"state": old, "send": "1"})
    assert (refused.status_code, Enquiry.objects.count()) == (422, 0)
    assert post(client, refused, send="1").status_code == 200


def test_what_fills_in_the_hidden_field_is_refused(client, council):
    refused = post(client, typed(client, council), send="1", website="https://spam.example")
    assert (refused.status_code, Enquiry.objects.count()) == (422, 0)


@pytest.mark.parametrize("state", ["", "forged", "e30:1vXX:abc"])
def test_a_field_that_this_portal_did_not_sign_begins_again(client, state):
    assert client.post(ASK, {"state": state, "send": "1"}).status_code == 422


def test_nothing_is_sent_before_everything_is_known(client, council):
    first = client.get(f"{ASK}?authority={council.slug}&kind=question")
    assert post(client, first, send="1").status_code == 200
    assert not Enquiry.objects.exists()


def test_more_than_an_hours_worth_of_one_place_waits(client, council, monkeypatch):
    monkeypatch.setattr(views, "MOST_OF_A_PLACE", 1)
    assert post(client, typed(client, council), send="1").status_code == 200
    later = post(client, typed(client, council), send="1")
    assert (later.status_code, Enquiry.objects.count()) == (429, 1)


def test_a_flood_of_one_organisation_is_held_off(council, monkeypatch):
    monkeypatch.setattr(enquiries, "MOST_AN_HOUR", 1)
    asked_of(council)
    with pytest.raises(enquiries.TooManyEnquiries):
        asked_of(council)


def test_an_organisation_in_which_nobody_answers_is_named_with_its_contact_and_takes_nothing(client):
    council = OrganisationFactory(name="Elsewhere")
    published(operator=council)
    shown = client.get(f"{ASK}?authority={council.slug}&kind=footage").content.decode()
    assert "Write to the organisation directly" in shown
    assert "Elsewhere" in shown
    assert f"letter/?authority={council.slug}" in shown
    with pytest.raises(enquiries.NobodyReads):
        asked_of(council)


def test_a_camera_on_no_list_goes_to_the_authority_of_the_place_else_to_the_national_body(client, council):
    national = NationalBodyFactory()
    member(national, Role.ADMINISTRATOR)
    for organisation, recipient in ((council, council), (OrganisationFactory(), national)):
        response = client.get(f"{ASK}?authority={organisation.slug}&kind=unlisted_camera")
        response = post(client, response, step="matter", text="A dome on a pole.", place="High Street")
        response = post(client, response, step="you")
        assert post(client, response, send="1").status_code == 200
        assert Enquiry.objects.first().organisation == recipient


def test_footage_asks_for_day_and_place_and_says_until_when_it_is_kept(client, council, page):
    response = client.get(f"{ASK}?authority={council.slug}&kind=footage")
    missing = post(client, response, step="matter", text="Red coat")
    assert missing.status_code == 422
    day = today() - dt.timedelta(days=3)
    parts = {"day_day": day.day, "day_month": day.month, "day_year": day.year}
    response = post(client, response, step="matter", text="Red coat", place="Market", **parts)
    assert "Footage of" in response.content.decode()


def test_no_page_of_an_enquiry_takes_a_file(client, council):
    for kind in Enquiry.Kind.values:
        shown = client.get(f"{ASK}?authority={council.slug}&kind={kind}").content.decode()
        assert 'type="file"' not in shown
        assert "multipart" not in shown


@pytest.mark.parametrize(
    ("ago", "sentence"),
    [
        (30, "Footage of {day} goes on {goes}."),
        (31, "Footage of {day} goes today: ask at once."),
        (32, "Footage of {day} has gone: it went on {goes}, unless it was kept for a case."),
    ],
)
def test_until_when_footage_is_kept_is_the_day_and_the_published_retention(council, page, ago, sentence):
    day = today() - dt.timedelta(days=ago)
    content = controller_of(council)
    (row,) = [{**row, "retention_days": 31} for row in content.technologies[:1]]
    words = kept_words(type(content)(council, content.publication, {}, [row], ()), day)[0]["words"]
    both = {"day": date_format(day, "j F Y"), "goes": date_format(day + dt.timedelta(days=31), "j F Y")}
    assert words == "Kept for 31 days. " + sentence.format(**both)


def test_footage_of_the_third_of_november_goes_on_the_fourth_of_december(council, page):
    content = controller_of(council)
    row = {"technology": "cctv", "retention_days": 31}
    controller = type(content)(council, None, {}, [row], ())
    assert "4 December 2099" in kept_words(controller, dt.date(2099, 11, 3))[0]["words"]


def test_the_letter_is_addressed_to_the_published_contact_in_both_languages_and_as_a_file(client, council, page):
    query = f"?authority={council.slug}&day=2026-11-03"
    english = client.get(f"{ASK}letter/{query}").content.decode()
    welsh = client.get(f"/cy{ASK}letter/{query}").content.decode()
    contact = page.facts()["facts"]["contacts"]
    assert contact["spoc_email"] in english
    assert "3 November 2026" in english
    assert "3 Tachwedd 2026" in welsh
    file = client.get(f"{ASK}letter.txt{query}")
    assert file["Content-Type"] == "text/plain; charset=utf-8"
    assert "Marlbridge" in file.content.decode()
    assert 'rel="canonical"' not in english
    assert 'hreflang="x-default"' not in english
    assert client.get(f"{ASK}letter/?authority=nobody").status_code == 404
    assert client.get(f"{ASK}letter/{query}9999999").status_code == 200


def test_the_controller_is_found_by_a_place_and_by_a_name(client, council, page):
    jobs.drain()
    found = client.get(f"{ASK}whose-camera/?q=marlb&kind=fault").content.decode()
    assert f"?authority={council.slug}&amp;kind=fault&amp;system=" in found
    assert client.get(f"{ASK}whose-camera/?q=zzzzzz").status_code == 200
    assert "Write at least three letters" in client.get(f"{ASK}whose-camera/?q=ab").content.decode()


# --- The private page ---


@pytest.fixture
def followed(council):
    return asked_of(council, token="a-secret-token")


def follow(client, **sent):
    address = f"{ASK}follow/a-secret-token/"
    return client.post(address, sent) if sent else client.get(address)


def test_the_private_page_is_kept_by_nobody_and_listed_by_nobody(client, followed):
    response = follow(client)
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert client.get(f"{ASK}follow/another/").status_code == 404


def test_the_person_reads_replies_and_never_notes_drafts_or_names(client, council, followed):
    enquiry_desk.note(enquiry=followed, text="SECRET note", by=council.spoc)
    enquiry_desk.draft(enquiry=followed, text="SECRET draft", post="CCTV manager", outcome="", by=council.spoc)
    shown = follow(client).content.decode()
    assert "SECRET" not in shown
    enquiry_desk.answer(enquiry=followed, text="For the bus.", post="CCTV manager", outcome="", by=council.spoc)
    shown = follow(client).content.decode()
    assert "For the bus." in shown
    assert "CCTV manager" in shown
    assert council.spoc.name not in shown


def test_the_person_writes_again_and_may_ask_once_for_a_review_after_an_answer(client, council, followed):
    assert follow(client, text="And at night?").status_code == 200
    assert followed.messages.count() == 2
    assert follow(client, text="").status_code == 422
    assert follow(client, **{"review": "1", "review-text": "No."}).status_code == 409
    enquiry_desk.answer(enquiry=followed, text="For the bus.", post="CCTV manager", outcome="", by=council.spoc)
    assert follow(client, **{"review": "1", "review-text": ""}).status_code == 422
    assert follow(client, **{"review": "1", "review-text": "No."}).status_code == 200
    followed.refresh_from_db()
    assert followed.status == Enquiry.Status.INTERNAL_REVIEW
    assert follow(client, **{"review": "1", "review-text": "No."}).status_code == 409


def test_the_pages_ask_few_questions_of_the_database(client, council, page, followed, django_assert_num_queries):
    with django_assert_num_queries(4):
        client.get(f"{ASK}?authority={council.slug}&kind=footage")
    with django_assert_num_queries(2):
        follow(client)


def test_the_welsh_form_keeps_that_the_enquiry_is_welsh(client, council):
    response = client.get(f"/cy{ASK}?authority={council.slug}&kind=question")
    for sent in ({"step": "matter", "text": "Pam?"}, {"step": "you"}, {"send": "1"}):
        response = client.post(f"/cy{ASK}", {"state": state_in(response), **sent})
    assert Enquiry.objects.get().language == "cy"


def test_the_form_says_how_long_it_is_kept_as_that_is_set(client, council, settings):
    settings.ENQUIRY_KEPT_MONTHS = 7
    asked = post(
        client, client.get(f"{ASK}?authority={council.slug}&kind=question"), step="matter", text="Who watches?"
    )
    assert "erased 7 months after" in asked.content.decode()


def test_principles_are_chosen_by_their_titles(client, council):
    first = CodeEditionFactory().principles.first()
    page = client.get(f"{ASK}?authority={council.slug}&kind=principle").content.decode()
    assert f">{first.number}. {first.title}</option>" in page
    assert ">12</option>" in page  # one of which no title is loaded
