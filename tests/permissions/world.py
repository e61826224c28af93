"""A world: an operator, an agency, a certification body and a national body, their people, and records of each kind
and stage.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.links import invitation_token
from accounts.models import Kind, Membership, Organisation, Role, User
from certification.models import Application, SchemeBody
from certification.services import intake
from certification.services.printing import attach_document
from compliance.models import ActionItem, Camera, CodeEdition
from compliance.services.evidence import attach
from compliance.services.evidence_changes import replace_file
from compliance.services.kept_lists import keep_upload
from compliance.views.answer_import import AnswersPreview
from core.dates import today
from core.signing import sign_facts
from tests.factories.accounts import (
    CertificationBodyFactory,
    InvitationFactory,
    MembershipFactory,
    NationalBodyFactory,
    NotificationFactory,
    OrganisationFactory,
    PoliceForceFactory,
    UserFactory,
    member,
)
from tests.factories.certification import ApplicationFactory, Parties, SchemeBodyFactory, active_system
from tests.factories.certification_visits import FullParties
from tests.factories.compliance import (
    PDF,
    ActionItemFactory,
    AssessmentFactory,
    CameraFactory,
    CameraSystemFactory,
    EvidenceFactory,
    MadeElsewhereFactory,
    finished_assessment,
    signed_assessment,
    waiting_assessment,
)
from tests.factories.slas import OtherAgencyFactory
from tests.permissions.cameras import add_cameras
from tests.permissions.consultations import add_consultations
from tests.permissions.desk import add_talk
from tests.permissions.dpias import add_dpias
from tests.permissions.enquiries import add_enquiries
from tests.permissions.estate import add_estate
from tests.permissions.finder import add_finder
from tests.permissions.impartial import add_impartial
from tests.permissions.imports import add_imports
from tests.permissions.justification import add_justification
from tests.permissions.life import add_life
from tests.permissions.open_data import add_open_data
from tests.permissions.page_facts import add_page_facts
from tests.permissions.public_documents import add_public_documents
from tests.permissions.reviews import add_reviews
from tests.permissions.rows import (
    AGENCY,
    AGENCY_SIGNATORY,
    AGENCY_SPOC,
    ASSIGNED,
    BODY,
    COUNCIL,
    COUNCIL_MANAGER,
    COUNCIL_SPOC,
    COUNCIL_SRO,
    COUNCIL_VIEWER,
    HAD_PART,
    NATIONAL,
    OPERATOR,
    OWNER,
    PEOPLE,
)
from tests.permissions.slas import add_agreements
from tests.permissions.slas_publishing import add_published_agreements
from tests.permissions.slas_returns import add_returns
from tests.permissions.slas_standing import add_agreement_in_ink
from tests.permissions.statistics import add_statistics
from tests.permissions.strategy_bulletins import add_bulletin
from tests.permissions.strategy_consultations import add_national_consultations
from tests.permissions.strategy_groups import add_group
from tests.permissions.strategy_plans import add_plan
from tests.permissions.strategy_questions import add_member_questions
from tests.permissions.strategy_reorganisations import add_reorganisations
from tests.permissions.strategy_resources import add_resources
from tests.permissions.strategy_spocs import add_spocs
from tests.permissions.strategy_surveys import add_surveys
from tests.permissions.strategy_surveys_public import add_survey_links
from tests.permissions.strategy_training import add_training
from tests.permissions.strategy_trials import add_trials
from tests.permissions.upkeep import add_upkeep
from tests.permissions.visits import add_visits
from tests.permissions.working import add_working
from transparency.addresses import CAMERAS_A_PAGE
from transparency.services.publish import publish_answers, publish_system

HELD = {
    ASSIGNED: Role.AUDITOR,
    HAD_PART: Role.DECISION_MAKER,
    OWNER: Role.VIEWER,
    AGENCY_SPOC: Role.POLICE_SPOC,
    AGENCY_SIGNATORY: Role.POLICE_SIGNATORY,
    COUNCIL_MANAGER: Role.SCHEME_MANAGER,
    COUNCIL_SPOC: Role.SPOC,
    COUNCIL_SRO: Role.SRO,
    COUNCIL_VIEWER: Role.VIEWER,
}


@dataclass
class World:
    """People by what they are, records by what the table calls them, and other words that stand in addresses."""

    organisations: Mapping[str, Organisation]
    people: dict[str, User] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)

    @property
    def operator(self) -> Organisation:
        return self.organisations[OPERATOR]


class WatchedParties(Parties):
    """Every application that gets an auditor had another one before, who decides now."""

    had_part: User

    def assigned(self) -> Application:
        application = self.accepted()
        intake.assign_auditor(application=application, auditor=self.had_part, by=self.manager)
        intake.assign_auditor(application=application, auditor=self.auditor, by=self.manager)
        return application


class FullWatchedParties(WatchedParties, FullParties):
    """The same, aiming at full certification."""


def build(edition: CodeEdition) -> World:
    world = World(
        {
            OPERATOR: PoliceForceFactory(),
            AGENCY: OtherAgencyFactory(gss_code=None, nation=""),
            COUNCIL: OrganisationFactory(),
            BODY: CertificationBodyFactory(),
            NATIONAL: NationalBodyFactory(),
        },
    )
    for side, people in PEOPLE.items():
        for who in people:
            world.people[who] = member(world.organisations[side], Role(HELD.get(who, who)))
    MembershipFactory(user=world.people[HAD_PART], organisation=world.organisations[BODY], role=Role.AUDITOR)
    world.words["operator"] = world.operator.slug
    world.words["agency"] = world.organisations[AGENCY].slug
    world.words["council"] = world.organisations[COUNCIL].slug
    _accounts(world)
    _systems(world)
    add_cameras(world)
    add_upkeep(world)
    add_finder(world)
    _assessments(world, edition)
    _applications(world)
    add_impartial(world)
    add_consultations(world)
    add_enquiries(world)
    add_estate(world)
    add_reviews(world)
    add_dpias(world)
    add_justification(world)
    add_open_data(world)
    add_agreements(world)
    add_returns(world)
    add_agreement_in_ink(world)
    add_plan(world)
    add_published_agreements(world)
    add_national_consultations(world)
    add_member_questions(world)
    add_surveys(world)
    add_spocs(world)
    add_trials(world)
    add_reorganisations(world)
    add_bulletin(world)
    add_resources(world)
    add_training(world)
    add_survey_links(world)
    add_group(world)
    return world


def _accounts(world: World) -> None:
    roles = {
        OPERATOR: (Role.CONTRIBUTOR, Role.SRO, Role.POLICE_SIGNATORY),
        BODY: (Role.AUDITOR,),
        NATIONAL: (Role.SECRETARY,),
    }
    for side, offered in roles.items():
        for role in offered:
            organisation = world.organisations[side]
            world.records[f"{role} invitation"] = InvitationFactory(organisation=organisation, role=role)
            world.records[f"{role} membership"] = MembershipFactory(organisation=organisation, role=role)
    world.records["spoc membership"] = Membership.objects.get(user=world.people[Role.SPOC])
    world.words["link"] = invitation_token(InvitationFactory(organisation=world.operator))
    world.words["somebody's message"] = NotificationFactory().pk
    world.words["authority"] = OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY).slug


def _systems(world: World) -> None:
    spoc = world.people[Role.SPOC]
    world.records["draft system"] = CameraSystemFactory(operator=world.operator)
    published = world.records["published system"] = active_system(world.operator)
    # So many that the public list of them has pages of its own.
    published.technologies.update(fixed_count=CAMERAS_A_PAGE + 1)
    cameras_there = Camera.objects.bulk_create(CameraFactory.build_batch(CAMERAS_A_PAGE + 1, system=published))
    world.words["camera"] = cameras_there[0].reference
    world.records["evidence"] = EvidenceFactory(operator=world.operator, systems=[published])
    world.records["linked evidence"] = EvidenceFactory(operator=world.operator, systems=[published], link=True)
    replaced = world.records["replaced evidence"] = EvidenceFactory(operator=world.operator, systems=[published])
    replace_file(evidence=replaced, upload=SimpleUploadedFile("list.txt", b"New"), version=1, by=spoc)
    for stage in ("recorded", "confirmed"):
        made = {"operator": world.operator, "systems": [published], "status": stage}
        world.records[f"{stage} elsewhere"] = MadeElsewhereFactory(**made)
    world.records["publication"] = publish_system(system=published, by=spoc)
    world.words |= {name: world.records[name].slug for name in ("draft system", "published system")}
    add_imports(world)
    add_statistics(world)


def _assessments(world: World, edition: CodeEdition) -> None:
    made = {"operator": world.operator, "status": "active", "complete": True}

    def fields() -> dict[str, Any]:
        return {"system": CameraSystemFactory(**made), "edition": edition}

    draft = world.records["draft assessment"] = finished_assessment(**fields())
    world.records["system of the draft"] = draft.system
    answers = b"number,answer\n1,Because of the recorded crime.\n"
    kept = keep_upload(upload=SimpleUploadedFile("answers.csv", answers))
    look = AnswersPreview(draft.system_id, world.people[Role.SPOC].pk, kept, "answers.csv")
    world.words["look of the SPOC at answers"] = look.token()
    first = edition.questions.get(number=1)
    attach(evidence=world.records["evidence"], assessment=draft, question=first, by=world.people[Role.SPOC])
    world.words["evidence"] = world.records["evidence"].reference
    world.records["unfinished assessment"] = AssessmentFactory(**fields())
    world.records["waiting assessment"] = waiting_assessment(**fields())
    world.records["signed assessment"] = signed_assessment(**fields())
    answered = world.records["system with public answers"] = world.records["signed assessment"].system
    publish_answers(system=answered, by=world.people[Role.SPOC])
    world.words["system with public answers"] = answered.slug
    add_working(world, draft)
    add_page_facts(world)
    add_public_documents(world)
    world.records["open action"] = ActionItemFactory(assessment=draft, owner=world.people[OWNER])
    world.records["dropped action"] = ActionItemFactory(assessment=draft, status=ActionItem.Status.DROPPED)


def _applications(world: World) -> None:
    scheme = _scheme_of(world.organisations[BODY])
    sides: Any = {"operator": world.operator, "body": world.organisations[BODY], "scheme": scheme}
    people: Any = {
        "spoc": world.people[Role.SPOC],
        "manager": world.people[Role.BODY_MANAGER],
        "auditor": world.people[ASSIGNED],
        "decider": world.people[Role.DECISION_MAKER],
    }
    parties, full = WatchedParties(**sides, **people), FullWatchedParties(**sides, **people)
    parties.had_part = full.had_part = world.people[HAD_PART]
    add_visits(world, full)
    for stage in ("draft", "submitted", "accepted", "assigned", "declared", "in_review", "recommended", "awarded"):
        world.records[f"{stage.replace('_', ' ')} application"] = getattr(parties, stage)()
    add_talk(world, parties)
    add_life(world, parties)
    incomplete = ApplicationFactory(operator=world.operator, body=world.organisations[BODY], scheme=scheme)
    world.records["incomplete application"] = incomplete
    certificate = world.records["certificate"] = world.records["awarded application"].certificate
    attach_document(certificate=certificate, pdf=PDF, facts="{}", jws=sign_facts("{}"))
    world.words |= {
        "evidence of the answer": hashlib.sha256(PDF).hexdigest(),
        "version": world.records["draft application"].version,
        "scheme": scheme.key,
        "body": world.organisations[BODY].slug,
        "since": scheme.bodies.get(body=world.organisations[BODY]).starts_on.isoformat(),
        "free auditor": world.people[Role.AUDITOR].reference,
        "certificate": certificate.reference,
        "publication": world.records["publication"].reference,
    }


def _scheme_of(body: Organisation) -> Any:
    entry: SchemeBody = SchemeBodyFactory(body=body)
    return entry.scheme


def deputy(organisation: Organisation, role: Role, *, first: int, last: int | None) -> User:
    """Somebody with a role from `first` to `last`, in days from today."""
    user: User = UserFactory()
    MembershipFactory(
        user=user,
        organisation=organisation,
        role=role,
        starts_on=today() + dt.timedelta(days=first),
        ends_on=None if last is None else today() + dt.timedelta(days=last),
    )
    return user
