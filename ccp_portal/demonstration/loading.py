"""Loading the demonstration: everything or nothing, once, and never beside real people."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import Membership, Organisation, User
from ccp_portal.demonstration import data
from ccp_portal.demonstration.agreements import make_agreements
from ccp_portal.demonstration.applications import make_application, make_draft
from ccp_portal.demonstration.asked import ask
from ccp_portal.demonstration.assessments import make_assessment
from ccp_portal.demonstration.bulletins import make_bulletins
from ccp_portal.demonstration.colleagues import make_colleagues
from ccp_portal.demonstration.consulted import make_consultation
from ccp_portal.demonstration.contacts import make_contacts
from ccp_portal.demonstration.figures import make_statistics
from ccp_portal.demonstration.groups import make_groups
from ccp_portal.demonstration.have_your_say import make_national_consultations
from ccp_portal.demonstration.impact import make_dpias
from ccp_portal.demonstration.impartiality import record_impartiality
from ccp_portal.demonstration.past import record_past
from ccp_portal.demonstration.people import World, invite_people, make_organisations, make_people
from ccp_portal.demonstration.plans import make_plan
from ccp_portal.demonstration.proposals import make_proposals
from ccp_portal.demonstration.publicised import publish_documents
from ccp_portal.demonstration.reorganised import make_reorganisation
from ccp_portal.demonstration.resources import make_resources
from ccp_portal.demonstration.reviewed import make_reviews
from ccp_portal.demonstration.surveyed import make_surveys
from ccp_portal.demonstration.systems import facts_of, make_system
from ccp_portal.demonstration.told import tell_the_public
from ccp_portal.demonstration.training import make_training
from ccp_portal.demonstration.trials import make_trials
from ccp_portal.demonstration.upkeep import make_upkeep
from certification.models import CertificationScheme
from compliance.models import CameraSystem, CodeEdition
from core.dates import add_months, today
from core.errors import RuleBroken
from slas.models import ClauseLibrary
from strategy.services.picture import build_picture
from strategy.services.readings import take_readings
from transparency.services.publish import publish_answers, publish_system

Record = dict[str, Any]


@dataclass(frozen=True)
class Loaded:
    """What the portal has of the demonstration, and whether it was made just now."""

    made: bool
    organisations: int
    people: int
    systems: int


def load() -> Loaded:
    """Make the demonstration, or find it made before and change nothing.

    Raises RuleBroken in a portal that was set up empty, that has real members, or that lacks the reference data.
    """
    if not settings.PORTAL_DEMONSTRATION:
        raise RuleBroken(
            "This portal was set up for real organisations, so no made-up ones are put into it. "
            "Set up another one in a data folder of its own: ./portal up --data DIR"
        )
    if _is_there():
        return _loaded(made=False)
    _require_reference_data()
    if User.objects.exists():
        raise RuleBroken("There are people in this portal already, so no made-up ones are put beside them.")
    _make()
    return _loaded(made=True)


def _is_there() -> bool:
    return Organisation.objects.filter(is_demonstration=True).exists()


def _require_reference_data() -> None:
    if not (CodeEdition.objects.exists() and CertificationScheme.objects.exists() and ClauseLibrary.objects.exists()):
        raise RuleBroken(
            "The Code, the certification schemes and the clauses are not loaded yet. Run ./portal setup first."
        )


def _loaded(*, made: bool) -> Loaded:
    made_up = Organisation.objects.filter(is_demonstration=True)
    return Loaded(
        made=made,
        organisations=made_up.count(),
        people=Membership.objects.filter(organisation__in=made_up).values("user").distinct().count(),
        systems=CameraSystem.objects.filter(operator__in=made_up).count(),
    )


@transaction.atomic
def _make() -> None:
    world = World()
    make_organisations(world)
    make_people(world)
    record_impartiality(world)
    systems = [(authority, system) for authority in data.authorities() for system in authority["systems"]]
    for authority, system in systems:
        make_system(world, authority, system)
    for number, (authority, system) in enumerate(systems):
        _tell_story(world, authority, system, number)
    for authority in data.authorities():
        make_plan(world, authority)
        make_dpias(world, authority)
        make_proposals(world, authority)
        make_consultation(world, authority)
        make_statistics(world, authority)
        make_reviews(world, authority)
        make_upkeep(world, authority)
        make_draft(world, authority)
        publish_documents(world, authority)
    make_agreements(world)
    for authority, system in systems:
        _publish(world, authority, system)
    ask(world)
    make_trials(world)
    make_national_consultations(world)
    make_bulletins(world)
    make_resources(world)
    make_colleagues(world)
    make_contacts(world)
    make_groups(world)
    make_reorganisation(world)
    make_training(world)
    make_surveys(world)
    _count_plans()
    record_past()
    invite_people(world)


def _count_plans() -> None:
    """Readings of two months ago, of last month and of today, so that the plans have a history."""
    for months in (2, 1, 0):
        take_readings(add_months(today(), -months))
    build_picture(today())


def _tell_story(world: World, authority: Record, system: Record, number: int) -> None:
    """What has happened to one system so far."""
    if "assessment" in system:
        make_assessment(world, authority, system, facts_of(world, authority, system))
    if "application" in system:
        make_application(world, authority, system, number)


def _publish(world: World, authority: Record, system: Record) -> None:
    """Published last, so that its page names signature, certificate, assessments, reviews and statistics."""
    if system.get("publish"):
        spoc = world.holder(authority["key"], "spoc")
        if system.get("versions") == 2:
            publish_system(system=world.systems[system["key"]], by=spoc)
        if "told" in system:
            tell_the_public(world.systems[system["key"]], system["told"], spoc)
        publish_system(system=world.systems[system["key"]], by=spoc)
    if system.get("publish_answers"):
        publish_answers(system=world.systems[system["key"]], by=world.holder(authority["key"], "spoc"))
