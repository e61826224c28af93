"""Attacks on what everybody may do without an account: enquiries, published questions, mails about changes."""

import html
import re

import pytest
from django.core.cache import cache

from accounts.models import Kind, Role
from core import jobs
from core.errors import IllegalMove, RuleBroken
from tests.factories.accounts import NationalBodyFactory, OrganisationFactory, member
from tests.factories.enquiries import enquiry as asked_of
from tests.transparency.test_public_copy import publish, signed_system
from tests.transparency.test_public_questions import TEXTS, signed_copy
from transparency import enquiry_state
from transparency.models import Enquiry, EnquiryMessage
from transparency.services import enquiry_desk
from transparency.services.publish_question import publish_question

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


def state_in(response):
    return html.unescape(re.search(r'name="state" value="([^"]+)"', response.content.decode())[1])


def post(client, response, **sent):
    return client.post(ASK, {"state": state_in(response), **sent})


def begun(client, council, kind):
    return client.get(f"{ASK}?authority={council.slug}&kind={kind}")


def test_a_private_address_made_by_somebody_else_does_not_open_what_is_written_afterwards(client, council):
    mine = post(client, begun(client, council, "question"), step="matter", text="Bait")
    mine = post(client, mine, step="you", name="", email="")
    known = enquiry_state.read(state_in(mine))["token"]  # the state is signed and can be read by whoever has it
    theirs = post(client, mine, change="matter")  # what another site makes a visitor's browser open
    theirs = post(client, theirs, step="matter", text="My secret", place="My street")
    post(client, theirs, send="1")
    assert Enquiry.objects.count() == 1
    assert client.get(f"{ASK}follow/{known}/").status_code == 404


def test_what_another_kind_asked_for_and_the_last_page_does_not_show_is_not_sent(client, council):
    page = begun(client, council, "principle")
    page = post(client, page, step="matter", principle="3", text="Why?", may_publish="on")
    page = post(client, page, step="you", name="", email="")
    page = post(client, page, step="kind", kind="information")
    page = post(client, page, step="matter", text="Give me figures.")
    post(client, page, send="1")
    kept = Enquiry.objects.get()
    assert (kept.kind, kept.principle, kept.may_publish) == ("information", None, False)


def test_an_answer_is_given_once_even_past_the_page(council):
    found = asked_of(council)
    once = {"post": "CCTV manager", "outcome": "", "by": council.spoc}
    enquiry_desk.answer(enquiry=found, text="Yes.", **once)
    with pytest.raises(IllegalMove):
        enquiry_desk.answer(enquiry=found, text="No.", **once)
    with pytest.raises(IllegalMove):
        enquiry_desk.answer(enquiry=Enquiry.objects.get(pk=found.pk), text="No.", **once)
    assert EnquiryMessage.objects.filter(author="recipient").count() == 1


def test_a_national_body_publishes_nothing_beside_answers_of_another_organisation():
    system = signed_system().system
    publish(signed_copy(system))
    spoc, body = member(system.operator, Role.SPOC), NationalBodyFactory()
    secretary = member(body, Role.SECRETARY)
    given = {"kind": "principle", "principle": 1, "may_publish": True, "may_forward": True}
    found = asked_of(system.operator, system=system, **given)
    enquiry_desk.forward(enquiry=found, to=body, by=spoc)
    enquiry_desk.answer(enquiry=found, text="So.", post="Secretary", outcome="", by=secretary)
    with pytest.raises(RuleBroken):
        publish_question(enquiry=found, by=secretary, **TEXTS)


def test_a_mailbox_is_not_flooded_by_asking_for_many_things(client, mailoutbox):
    for _number in range(15):
        slug = OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY).slug
        shown = client.post(f"/tell-me/?kind=authority&key={slug}", {"email": "victim@example.org"})
        assert shown.status_code == 200  # and nobody learns that it was one too many
    jobs.drain()
    assert len(mailoutbox) <= 6


@pytest.mark.parametrize("kind", [Kind.CERTIFICATION_BODY, Kind.VOLUNTARY_ADOPTER])
def test_asking_to_be_told_names_no_organisation_without_a_public_page(client, kind):
    slug = OrganisationFactory(kind=kind, name="Not yet known").slug
    assert client.get(f"/tell-me/?kind=authority&key={slug}").status_code == 404
