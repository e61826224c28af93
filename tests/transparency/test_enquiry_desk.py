"""Enquiries inside: clocks by kind from receipt, moves in their order, replies by posts, passing on with consent."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.models import Kind, Notification, Role
from core import jobs
from core.dates import LONDON
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.registry import waiting
from core.trail import TrailEntry, seal_all, verify
from tests.factories.accounts import NationalBodyFactory, OrganisationFactory, UserFactory, member
from tests.factories.enquiries import enquiry as asked_of
from transparency.enquiry_clocks import clock_of
from transparency.models import Enquiry, EnquiryMessage
from transparency.services import enquiries, enquiry_desk

pytestmark = pytest.mark.django_db
Status = Enquiry.Status
RECEIVED = dt.datetime(2099, 11, 6, 9, tzinfo=LONDON)  # a Friday
REPLY = {"text": "For the bus.", "post": "CCTV manager", "outcome": ""}


@pytest.fixture(autouse=True)
def _forgotten():
    cache.clear()


@pytest.fixture
def council():
    return OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY)


@pytest.fixture
def spoc(council):
    return member(council, Role.SPOC)


@pytest.fixture
def manager(council):
    return member(council, Role.SCHEME_MANAGER)


@pytest.fixture
def found(council, spoc):
    return asked_of(council)


def came_on(enquiry, kind, **fields):
    Enquiry.objects.filter(pk=enquiry.pk).update(received_at=RECEIVED, kind=kind, **fields)
    return Enquiry.objects.select_related("organisation__enquiry_target").get(pk=enquiry.pk)


@pytest.mark.parametrize(
    ("kind", "due", "to_acknowledge"),
    [
        ("footage", dt.date(2099, 12, 7), False),  # 6 December is a Sunday
        ("information", dt.date(2099, 12, 4), False),
        ("data_protection", dt.date(2099, 12, 6), True),
        ("question", None, False),
    ],
)
def test_the_clock_follows_the_kind_from_receipt(found, kind, due, to_acknowledge):
    clock = clock_of(came_on(found, kind))
    assert (clock.on, clock.to_acknowledge) == (due, to_acknowledge)


def test_reclassified_the_clock_is_that_of_the_new_kind_from_the_old_day(found, spoc):
    enquiry = came_on(found, "question")
    enquiry_desk.reclassify(enquiry=enquiry, kind="footage", by=spoc)
    assert clock_of(enquiry).on == dt.date(2099, 12, 7)
    entry = TrailEntry.objects.get(verb="reclassified")
    assert (entry.before, entry.after) == ({"kind": "question"}, {"kind": "footage"})


def test_other_kinds_have_the_councils_own_target(found, council, spoc):
    enquiry_desk.set_target(organisation=council, working_days=5, by=spoc)
    assert clock_of(came_on(found, "fault")).on == dt.date(2099, 11, 13)
    assert clock_of(came_on(found, "data_protection", acknowledged_at=timezone.now())).on == dt.date(2099, 11, 13)


def test_overdue_is_derived_and_ends_with_the_answer(found, spoc):
    long_ago = timezone.now() - dt.timedelta(days=90)
    Enquiry.objects.filter(pk=found.pk).update(received_at=long_ago, kind="footage")
    found.refresh_from_db()
    assert clock_of(found).is_over
    enquiry_desk.answer(enquiry=found, by=spoc, **REPLY)
    assert clock_of(found).on is None


def test_an_answer_is_also_an_acknowledgement_and_each_move_stands_in_the_history(found, spoc):
    enquiry_desk.answer(enquiry=found, by=spoc, **REPLY)
    assert [change.after for change in found.changes.all()] == ["acknowledged", "investigating", "answered"]
    assert found.acknowledged_at
    assert found.answered_at


def test_the_whole_way_with_an_internal_review(found, spoc):
    enquiry_desk.acknowledge(enquiry=found, by=spoc)
    enquiry_desk.look_into(enquiry=found, by=spoc)
    enquiry_desk.answer(enquiry=found, by=spoc, **REPLY)
    enquiries.ask_review(enquiry=found, text="Not so.")
    enquiry_desk.conclude_review(enquiry=found, by=spoc, **REPLY)
    assert [change.after for change in found.changes.all()] == [
        "acknowledged",
        "investigating",
        "answered",
        "internal_review",
        "closed",
    ]
    assert found.closed_at
    for act in (enquiry_desk.acknowledge, enquiry_desk.close, enquiry_desk.look_into):
        with pytest.raises(IllegalMove):
            act(enquiry=found, by=spoc)


def test_a_review_is_not_concluded_by_who_wrote_the_answer_where_there_is_somebody_else(council, found, spoc):
    enquiry_desk.answer(enquiry=found, by=spoc, **REPLY)
    enquiries.ask_review(enquiry=found, text="Not so.")
    other = member(council, Role.SPOC)
    with pytest.raises(RuleBroken, match="You wrote the answer"):
        enquiry_desk.conclude_review(enquiry=found, by=spoc, **REPLY)
    enquiry_desk.conclude_review(enquiry=found, by=other, **REPLY)
    assert found.status == "closed"


def test_a_draft_keeps_what_was_chosen_and_the_person_reads_nothing_of_it(client, council, spoc):
    complaint = asked_of(council, kind="complaint")
    client.force_login(spoc)
    assert client.post(at(complaint, "enquiry_reply"), {**REPLY, "outcome": "upheld"}).status_code == 302
    form = client.get(at(complaint, "enquiry_reply")).context["form"]
    assert form.initial == {**REPLY, "outcome": "upheld"}
    complaint.refresh_from_db()
    assert not complaint.outcome


def test_a_complaint_is_upheld_partly_or_not(council, spoc):
    complaint = asked_of(council, kind="complaint")
    with pytest.raises(Incomplete):
        enquiry_desk.answer(enquiry=complaint, by=spoc, **REPLY)
    enquiry_desk.answer(enquiry=complaint, by=spoc, **{**REPLY, "outcome": "partly"})
    assert complaint.outcome == "partly"


def test_a_reply_goes_out_under_a_post_and_in_the_language_of_the_message(council, spoc, mailoutbox):
    welsh = asked_of(council, language="cy", text="Pam?")
    enquiry_desk.answer(enquiry=welsh, by=spoc, text="Ar gyfer y bws.", post="Rheolwr", outcome="")
    jobs.drain()
    mail = [each for each in mailoutbox if each.to == ["ann@example.org"]][-1]
    assert "Ar gyfer y bws." in mail.body
    assert "Rheolwr" in mail.body
    assert spoc.name not in mail.body
    assert welsh.messages.get(author="recipient").language == "cy"


def test_a_reply_needs_a_post(found, spoc):
    with pytest.raises(Incomplete):
        enquiry_desk.answer(enquiry=found, by=spoc, text="Yes.", post=" ", outcome="")
    assert found.status == Status.RECEIVED


def test_referring_tells_the_person_in_words_and_passes_nothing_on(found, spoc, mailoutbox):
    enquiry_desk.refer(enquiry=found, to="police", text="Ask the force: 101.", post="CCTV manager", by=spoc)
    jobs.drain()
    assert (found.status, found.referred_to) == (Status.REFERRED, "police")
    assert "Ask the force: 101." in mailoutbox[-1].body
    assert {each.to[0] for each in mailoutbox} == {spoc.email, "ann@example.org"}


def test_passing_on_needs_consent_and_a_national_body_and_leaves_the_notes_behind(council, spoc):
    national = NationalBodyFactory()
    member(national, Role.SECRETARY)
    without, agreed = asked_of(council), asked_of(council, may_forward=True)
    with pytest.raises(RuleBroken):
        enquiry_desk.forward(enquiry=without, to=national, by=spoc)
    other = OrganisationFactory()
    member(other, Role.SPOC)
    with pytest.raises(RuleBroken):
        enquiry_desk.forward(enquiry=agreed, to=other, by=spoc)
    enquiry_desk.note(enquiry=agreed, text="SECRET", by=spoc)
    received = agreed.received_at
    enquiry_desk.forward(enquiry=agreed, to=national, by=spoc)
    agreed.refresh_from_db()
    assert (agreed.organisation, agreed.received_at) == (national, received)
    assert not EnquiryMessage.objects.filter(text="SECRET").exists()


def test_the_trail_of_an_enquiry_has_no_word_of_it_and_its_seal_holds(found, spoc):
    enquiry_desk.note(enquiry=found, text="SECRET note", by=spoc)
    enquiry_desk.answer(enquiry=found, by=spoc, text="SECRET reply", post="CCTV manager", outcome="")
    enquiries.write_again(enquiry=found, text="SECRET again")
    entries = repr(list(TrailEntry.objects.values_list("before", "after", "personal")))
    assert not [word for word in ("SECRET", "ann@example.org", "Ann Owen", "Why is it there") if word in entries]
    seal_all()
    assert verify().broken is None


def test_an_enquiry_is_given_only_to_those_who_work_with_them(found, spoc, manager, council):
    enquiry_desk.assign(enquiry=found, to=manager, by=spoc)
    assert Notification.objects.filter(user=manager).count() == 1
    with pytest.raises(RuleBroken):
        enquiry_desk.assign(enquiry=found, to=member(council, Role.CONTRIBUTOR), by=spoc)


# --- Pages ---


def at(enquiry, name="enquiry"):
    return reverse(f"publishing:{name}", args=[enquiry.organisation.slug, enquiry.reference])


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_few_questions_for_three_as_for_one(client, council, spoc, count, django_assert_num_queries):
    for _number in range(count):
        asked_of(council)
    client.force_login(spoc)
    with django_assert_num_queries(6):
        shown = client.get(reverse("publishing:enquiries", args=[council.slug]))
    assert len(shown.context["rows"]) == count


def test_the_filters_narrow_the_list(client, council, spoc, found):
    answered = asked_of(council, kind="fault")
    enquiry_desk.answer(enquiry=answered, by=spoc, **REPLY)
    client.force_login(spoc)
    address = reverse("publishing:enquiries", args=[council.slug])
    expected = {
        "": {found},
        "?state=done": {answered},
        "?state=all": {found, answered},
        "?state=all&kind=fault": {answered},
    }
    for query, wanted in expected.items():
        rows = client.get(address + query).context["rows"]
        assert {row["reference"] for row in rows} == {each.reference for each in wanted}
    assert client.get(f"{address}?whose=me").context["rows"] == []


def test_a_manager_drafts_and_cannot_send_and_the_spoc_sends(client, found, manager, spoc):
    client.force_login(manager)
    sent = {"text": "For the bus.", "post": "CCTV manager"}
    assert client.post(at(found, "enquiry_reply"), sent).status_code == 302
    assert client.post(at(found, "enquiry_reply"), {**sent, "send": "1"}).status_code == 403
    assert [each.author for each in found.messages.all()] == ["person", "draft"]
    client.force_login(spoc)
    assert "For the bus." in client.get(at(found, "enquiry_reply")).content.decode()
    assert client.post(at(found, "enquiry_reply"), {**sent, "send": "1"}).status_code == 302
    assert [each.author for each in found.messages.all()] == ["person", "recipient"]
    assert client.get(at(found, "enquiry_reply")).status_code == 409


def test_a_welsh_message_has_a_welsh_box_for_the_reply(client, council, spoc):
    welsh = asked_of(council, language="cy")
    client.force_login(spoc)
    shown = client.get(at(welsh, "enquiry_reply")).content.decode()
    assert "Your reply in Welsh" in shown
    assert 'lang="cy"' in shown


def test_what_waits_has_its_day_and_ends_with_the_answer(found, spoc, manager):
    enquiry = came_on(found, "footage")

    def waits(user):
        return [each for plug in waiting for each in plug(user) if "/enquiries/" in each.url]

    (one,) = waits(spoc)
    assert one.due == dt.date(2099, 12, 7)
    assert waits(manager) == []
    enquiry_desk.assign(enquiry=enquiry, to=manager, by=spoc)
    assert len(waits(manager)) == 1
    enquiry_desk.answer(enquiry=enquiry, by=spoc, **REPLY)
    assert waits(spoc) == []


def test_a_site_administrator_sees_no_door_to_the_enquiries_of_an_organisation(client, council):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert at_list(council) not in client.get(f"/workspace/{council.slug}/").content.decode()


def at_list(council):
    return f"/workspace/{council.slug}/enquiries/"
