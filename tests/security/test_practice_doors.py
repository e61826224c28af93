"""What a practice council may not do: publish, write to a national body, meet real organisations. Each is refused with
a sentence, and no list to choose from offers it.
"""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Kind, Notification, Organisation, Role
from accounts.services.organisations import create_organisation, link_police_forces
from compliance.models import ControlRoom
from compliance.services.control_rooms import choose_room
from compliance.services.statistics import open_period
from core.dates import today
from core.errors import Incomplete, RuleBroken
from slas.forms.naming import named_organisations
from slas.services import beginning
from slas.services.drafting import Frame, PartyWanted
from slas.services.standing import declare_none
from strategy.forms.groups import MemberForm
from strategy.models import SpocEntry, SpocPublication
from strategy.reorganisation_files import Plan, Successor
from strategy.services import groups, resources, spocs, surveys, trials
from strategy.services.reorganisation import predecessors_of
from tests.factories.accounts import NationalBodyFactory, OrganisationFactory, PoliceForceFactory, member
from tests.factories.certification import active_system
from tests.factories.compliance import CameraFactory, CameraSystemFactory
from tests.factories.documents import published_document
from tests.factories.slas import ClauseLibraryFactory, OtherAgencyFactory
from tests.factories.strategy_groups import GroupFactory
from tests.factories.strategy_resources import PracticeFactory
from tests.factories.strategy_surveys import SurveyFactory
from tests.factories.strategy_trials import TrialFactory
from transparency.models import Publication, PublishedDocument
from transparency.services import plans
from transparency.services.gather import for_gathering
from transparency.services.publish import publish_system

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice() -> Organisation:
    return create_organisation(
        kind=Kind.PRINCIPAL_AUTHORITY, name="Zqpractice Council", nation="england", is_training=True, by=None
    )


def spoc_of(organisation: Organisation) -> SpocEntry:
    details = spocs.Details(post="CCTV manager", email="cctv@council.example")
    return spocs.name_spoc(organisation=organisation, details=details, by=None)


def publish_page(practice: Organisation) -> None:
    publish_system(system=active_system(practice), by=None)


def publish_page_later(practice: Organisation) -> None:
    system = active_system(practice)
    seen = plans.digest_of(for_gathering(system.reference))
    by = member(practice, Role.SRO)
    plans.plan_publication(system=system, due_at=timezone.now() + dt.timedelta(days=3), seen=seen, by=by)


def publish_file(practice: Organisation) -> None:
    published_document(organisation=practice)


def publish_contact(practice: Organisation) -> None:
    spocs.publish_spoc(entry=spoc_of(practice), by=None)


def tell_the_association(practice: Organisation) -> None:
    spocs.tell_association(entry=spoc_of(practice), by=None)


def send_good_practice(practice: Organisation) -> None:
    found = PracticeFactory(organisation=practice)
    resources.submit(resource=found, version=found.version, by=None)


def announce_a_trial(practice: Organisation) -> None:
    trial = TrialFactory(organisation=practice)
    trials.announce(trial=trial, version=trial.version, by=None)


OUTWARD = (
    publish_page, publish_page_later, publish_file, publish_contact, tell_the_association, send_good_practice,
    announce_a_trial,
)  # fmt: skip


@pytest.mark.parametrize("act", OUTWARD, ids=lambda act: act.__name__)
def test_what_would_reach_the_public_or_a_national_body_is_refused_with_a_sentence(practice, act):
    member(NationalBodyFactory(), Role.SECRETARY)
    with pytest.raises(RuleBroken) as refusal:
        act(practice)
    assert "This is a training organisation" in str(refusal.value.sentence)
    assert not Notification.objects.exists()
    for table in (Publication, PublishedDocument, SpocPublication):
        assert not table.objects.exists()


def police_an_area(one: Organisation, other: Organisation) -> None:
    link_police_forces(organisation=one, forces=[other], by=None)


def agree(one: Organisation, other: Organisation) -> None:
    ClauseLibraryFactory()
    parties = [PartyWanted(one, "system_owner"), PartyWanted(other, "data_recipient")]
    frame = Frame("CCTV agreement", "", False, frozenset({"cctv"}), parties, ())
    beginning.begin(organisation=one, frame=frame, clause_set="main", by=member(one, Role.SCHEME_MANAGER))


def say_that_there_is_none(one: Organisation, other: Organisation) -> None:
    declare_none(organisation=one, other=other, technology="cctv", by=member(one, Role.SPOC))


def watch(one: Organisation, other: Organisation) -> None:
    room = ControlRoom.objects.create(organisation=other, name="Room")
    by = member(one, Role.SPOC)
    choose_room(system=CameraSystemFactory(operator=one), room=room, starts_on=today(), by=by)


def count_for(one: Organisation, other: Organisation) -> None:
    day = dt.date(today().year - 1, 4, 1)
    open_period(system=CameraSystemFactory(operator=one), length="year", starts_on=day, for_organisation=other, by=None)


def join(one: Organisation, other: Organisation) -> None:
    predecessors_of(Plan("join", today(), (one.slug, other.slug), (Successor("both", name="Both"),), {}))


@pytest.mark.parametrize("act", [police_an_area, agree, say_that_there_is_none, watch, count_for, join])
@pytest.mark.parametrize("first", ["practice", "real"])
def test_practice_and_real_organisations_are_kept_apart(practice, act, first):
    kind = Kind.PRINCIPAL_AUTHORITY if act in (watch, count_for, join) else Kind.POLICE_FORCE
    made_up, real = practice, OrganisationFactory(kind=kind)
    if first == "real":
        made_up, real = OrganisationFactory(kind=kind, is_training=True), OrganisationFactory()
    pair = (made_up, real) if first == "practice" else (real, made_up)
    with pytest.raises((RuleBroken, Incomplete)) as refusal:
        act(*pair)
    told = " ".join([str(refusal.value.sentence), *map(str, getattr(refusal.value, "problems", ()))])
    assert "Training organisations and real ones are kept apart." in told or "cannot be party" in told


def test_a_national_body_neither_seats_nor_asks_a_practice_council(practice):
    group = GroupFactory()
    with pytest.raises(RuleBroken):
        groups.seat_member(group=group, organisation=practice, seat=groups.Seat(post="Manager"), by=None)
    form = MemberForm({"organisation": practice.name, "post": "Manager"}, body=group.body)
    assert "No organisation has such a name." in form.errors["organisation"]
    survey = SurveyFactory(organisation=group.body)
    with pytest.raises(Incomplete):
        surveys.ask_organisations(survey=survey, emails={practice: "chief@council.example"}, by=None)


@pytest.mark.parametrize("kind", [Kind.NATIONAL_BODY, Kind.CERTIFICATION_BODY])
def test_who_acts_for_everybody_is_not_for_training(kind):
    with pytest.raises(RuleBroken):
        create_organisation(kind=kind, name="Practice body", is_training=True, by=None)


def test_lists_to_choose_from_name_nobody_of_the_other_side(client, practice):
    """Each form in which one organisation names another, as a real council and as the practice council sees it."""
    real = OrganisationFactory(name="Zqreal Council")
    for force, council in (("Zqreal Police", real), ("Zqpractice Police", practice)):
        is_training = council.is_training
        made = PoliceForceFactory(name=force, is_training=is_training)
        council.police_forces.add(made)
        OtherAgencyFactory(name=f"{force} agency", is_training=is_training)
        OrganisationFactory(name=f"{council.name} beside", is_training=is_training)
        ControlRoom.objects.create(organisation=made, name="Room")
    for own, others in ((real, b"Zqpractice"), (practice, b"Zqreal")):
        for address in pages_that_name_others(own):
            client.force_login(member(own, Role.SPOC))
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert others not in answer.content, address
        assert named_organisations([f"{others.decode()} Police"], own).found == []


def pages_that_name_others(own: Organisation) -> list[str]:
    system = active_system(own)
    camera = CameraFactory(system=system)
    at, one = [own.slug, system.reference], [own.slug, system.reference, camera.reference]
    return [
        reverse("compliance:system_edit", args=[*at, "running"]),
        reverse("compliance:camera_edit", args=[*one, "use"]),
        reverse("compliance:cameras_several", args=[own.slug]) + f"?camera={camera.reference}",
        reverse("compliance:period_new", args=at),
        reverse("compliance:room_choose", args=at),
        reverse("slas:agreement_new", args=[own.slug]),
        reverse("slas:ink_new", args=[own.slug]),
        reverse("slas:no_agreement", args=[own.slug]),
    ]
