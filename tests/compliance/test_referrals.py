"""Requests for cameras from people without an account: the link, what is kept of whom, and the answer."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation

from accounts.models import Role
from compliance.models import Referral
from compliance.referring import referral_token
from compliance.services import proposals, referrals
from compliance.views import referring
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.jobs import Job
from core.trail import TrailEntry, verify
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.cameras import ReferralFactory
from tests.factories.proposals import WANTED, Way

pytestmark = pytest.mark.django_db
ASKED = {
    "source": "resident",
    "location": "Weir Lane",
    "problem": "Glass on the ground every Monday.",
    "name": "Rae Winter",
    "email": "rae@people.example",
}
PERSONAL = ("Rae Winter", "rae@people.example")


@pytest.fixture(autouse=True)
def nobody_asked_yet():
    cache.clear()


@pytest.fixture
def way():
    return Way()


@pytest.fixture
def address(way):
    return referrals.open_address(operator=way.system.operator, by=way.by(Role.SPOC))


def form_of(address, language="en-gb"):
    with translation.override(language):
        return reverse("referring:form", args=[referral_token(address)])


@pytest.mark.parametrize(
    ("language", "words"), [("en-gb", "Ask for a camera"), ("cy", "Gofyn am gamera")], ids=["English", "Welsh"]
)
def test_anybody_asks_in_their_language_without_a_cookie(client, address, language, words):
    page = client.get(form_of(address, language))
    assert words in page.content.decode()
    sent = client.post(form_of(address, language), ASKED)
    kept = Referral.objects.get()
    assert kept.reference in sent.content.decode()
    assert (kept.language, kept.name, kept.operator) == (language[:2], "Rae Winter", address.operator)
    for answer in (page, sent):
        assert answer.status_code == 200
        assert dict(answer.cookies) == {}
        assert "Cookie" not in answer.get("Vary", "")
        assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_name_and_address_stand_in_the_trail_so_that_they_can_be_erased(client, address):
    client.post(form_of(address), ASKED)
    entry = TrailEntry.objects.get(verb="received")
    assert entry.personal["email"] == "rae@people.example"
    assert not any(word in str([entry.after, entry.subject_reference]) for word in PERSONAL)


def test_a_form_sent_twice_is_one_request(client, address):
    for _ in range(2):
        assert client.post(form_of(address), ASKED).status_code == 200
    assert Referral.objects.count() == 1


def test_what_lacks_keeps_what_was_typed(client, address):
    page = client.post(form_of(address), {**ASKED, "problem": ""})
    assert (page.status_code, Referral.objects.count()) == (422, 0)
    assert "Weir Lane" in page.content.decode()


def test_a_link_is_closed_by_a_newer_one_and_by_hand(client, way, address):
    old = form_of(address)
    new = form_of(referrals.open_address(operator=way.system.operator, by=way.by(Role.SPOC)))
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
    referrals.close_address(operator=way.system.operator, by=way.by(Role.SPOC))
    assert client.post(new, ASKED).status_code == 404
    assert Referral.objects.count() == 0


def test_whoever_sends_too_often_waits(client, address):
    for number in range(referring.MOST_OF_A_PLACE):
        assert client.post(form_of(address), {**ASKED, "problem": f"Problem {number}"}).status_code == 200
    page = client.post(form_of(address), {**ASKED, "problem": "One more"})
    assert (page.status_code, page["Retry-After"]) == (429, "60")
    assert Referral.objects.count() == referring.MOST_OF_A_PLACE


def test_a_flood_ends_at_a_bound_and_fills_no_mailbox(address, way, monkeypatch):
    monkeypatch.setattr(referrals, "MOST_A_DAY", 3)
    way.by(Role.SCHEME_MANAGER)
    for number in range(3):
        referrals.receive(address=address, values={**ASKED, "problem": str(number)}, language="en")
    with pytest.raises(RuleBroken):
        referrals.receive(address=address, values=ASKED, language="en")
    assert Job.objects.filter(kind="accounts.send_notification").count() == 2  # manager and SPOC, once a day each


def test_only_those_who_answer_or_erase_read_who_sent_it(client, way):
    asked = ReferralFactory(operator=way.system.operator, name="Rae Winter", email="rae@people.example")
    page = reverse("compliance:referral", args=[asked.operator.slug, asked.reference])
    readers = {}
    for role in (Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC, Role.SRO, Role.DPO, Role.VIEWER):
        client.force_login(member(asked.operator, role))
        readers[role] = all(word in client.get(page).content.decode() for word in PERSONAL)
    assert {role for role, reads in readers.items() if reads} == {Role.SCHEME_MANAGER, Role.SPOC, Role.DPO}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number(client, way, django_assert_num_queries, rows):
    for _ in range(rows):
        ReferralFactory(operator=way.system.operator)
    ReferralFactory(operator=OrganisationFactory())
    client.force_login(way.by(Role.SPOC))
    address = reverse("compliance:referrals", args=[way.system.operator.slug])
    with django_assert_num_queries(7):
        page = client.get(address)
    assert len(page.context["rows"]) == rows


def test_a_declined_request_is_answered_by_mail_and_its_sender_forgotten(way, address):
    asked = referrals.receive(address=address, values=ASKED, language="cy")
    with pytest.raises(Incomplete):
        referrals.decline(referral=asked, answer=" ", by=way.by(Role.SCHEME_MANAGER))
    referrals.decline(referral=asked, answer="The gate is mended.", by=way.by(Role.SCHEME_MANAGER))
    asked.refresh_from_db()
    assert (asked.status, asked.name, asked.email, asked.answer) == ("declined", "", "", "The gate is mended.")
    mail = Job.objects.get(kind="accounts.send_mail").arguments
    assert (mail["to"], "The gate is mended." in mail["body"]) == ("rae@people.example", True)
    assert TrailEntry.objects.get(verb="received").personal is None
    assert verify().broken is None
    with pytest.raises(IllegalMove):
        referrals.decline(referral=asked, answer="Again.", by=way.by(Role.SCHEME_MANAGER))


def test_a_request_taken_up_fills_the_proposal_and_is_forgotten_when_it_is_decided(client, way, address):
    asked = referrals.receive(address=address, values=ASKED, language="en")
    client.force_login(way.by(Role.SCHEME_MANAGER))
    new = reverse("compliance:proposal_new", args=[way.system.operator.slug]) + f"?referral={asked.reference}"
    assert client.get(new).context["form"].initial["location"] == "Weir Lane"
    assert client.post(new, {**WANTED, "system": way.system.reference}).status_code == 302
    asked.refresh_from_db()
    assert (asked.status, asked.email) == ("taken_up", "rae@people.example")
    assert client.get(new).status_code == 409
    way.decided(asked.camera, approve=False)
    asked.refresh_from_db()
    assert (asked.name, asked.email) == ("", "")
    assert Job.objects.filter(kind="accounts.send_mail").count() == 2


def test_a_request_to_another_organisation_is_not_taken_up(way):
    asked = ReferralFactory(operator=OrganisationFactory())
    with pytest.raises(RuleBroken):
        proposals.propose(system=way.system, values=WANTED, by=way.by(Role.SPOC), referral=asked)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "is refused. The reasons are written down with the decision: you can ask the organisation named below"),
        ("cy", "wedi'i wrthod. Mae'r rhesymau wedi'u cofnodi gyda'r penderfyniad: gallwch ofyn amdanynt i'r sefydliad"),
    ],
    ids=["English", "Welsh"],
)
def test_whoever_asked_for_a_refused_camera_learns_where_the_reasons_are_and_not_the_record(
    way, address, language, words
):
    asked = referrals.receive(address=address, values=ASKED, language=language)
    camera = way.proposed()
    referrals.take_up(referral=asked, camera=camera, by=way.by(Role.SCHEME_MANAGER))
    way.decided(camera, approve=False)
    body = Job.objects.filter(kind="accounts.send_mail").latest("pk").arguments["body"]
    assert (words in body, "Lighting first" in body, "Sam Rowe" in body) == (True, False, False)
    assert body.endswith(way.system.operator.local_name)
