"""Every lifecycle, every pair of states: a legal move leaves one history row and one trail entry, others nothing."""

import itertools

import pytest
from django.apps import apps

from core.errors import IllegalMove, StaleRecord
from core.models import TrailEntry
from core.workflow import Workflow
from tests.factories.accounts import UserFactory
from tests.factories.cameras import (
    AnnualReviewFactory,
    ConsultationFactory,
    DpiaFactory,
    EqualityAssessmentFactory,
    EstateFindFactory,
    EstateRequestFactory,
    FaultFactory,
    ImportRunFactory,
    ReferralFactory,
)
from tests.factories.certification import ApplicationFactory, CertificateFactory
from tests.factories.certification_work import (
    ClarificationFactory,
    FindingFactory,
    SiteVisitFactory,
    SurveillanceReviewFactory,
    TransferFactory,
)
from tests.factories.compliance import (
    ActionItemFactory,
    AssessmentFactory,
    CameraFactory,
    CameraSystemFactory,
    MadeElsewhereFactory,
    QuestionRequestFactory,
)
from tests.factories.enquiries import received_enquiry
from tests.factories.slas import AgreementFactory, PerformanceReturnFactory
from tests.factories.strategy import CommentFactory, DeliverableFactory
from tests.factories.strategy_groups import GroupActionFactory, MeetingFactory
from tests.factories.strategy_questions import MemberQuestionFactory
from tests.factories.strategy_reorganisations import ReorganisationFactory
from tests.factories.strategy_resources import ResourceFactory
from tests.factories.strategy_surveys import SurveyFactory, SurveyReturnFactory
from tests.factories.strategy_training import AccreditationFactory
from tests.factories.strategy_trials import TrialFactory

pytestmark = pytest.mark.django_db

FACTORIES = {
    "compliance.CameraSystem": CameraSystemFactory,
    "compliance.Camera": CameraFactory,
    "compliance.ImportRun": ImportRunFactory,
    "compliance.Fault": FaultFactory,
    "compliance.Referral": ReferralFactory,
    "compliance.Consultation": ConsultationFactory,
    "compliance.Dpia": DpiaFactory,
    "compliance.EqualityAssessment": EqualityAssessmentFactory,
    "compliance.AnnualReview": AnnualReviewFactory,
    "compliance.EstateRequest": EstateRequestFactory,
    "compliance.EstateFind": EstateFindFactory,
    "compliance.Assessment": AssessmentFactory,
    "compliance.ActionItem": ActionItemFactory,
    "compliance.MadeElsewhere": MadeElsewhereFactory,
    "compliance.QuestionRequest": QuestionRequestFactory,
    "certification.Application": ApplicationFactory,
    "certification.Certificate": CertificateFactory,
    "certification.Clarification": ClarificationFactory,
    "certification.Finding": FindingFactory,
    "certification.SiteVisit": SiteVisitFactory,
    "certification.SurveillanceReview": SurveillanceReviewFactory,
    "certification.Transfer": TransferFactory,
    "slas.Agreement": AgreementFactory,
    "slas.PerformanceReturn": PerformanceReturnFactory,
    "strategy.Deliverable": DeliverableFactory,
    "strategy.GroupAction": GroupActionFactory,
    "strategy.Meeting": MeetingFactory,
    "strategy.RecommendationComment": CommentFactory,
    "strategy.Reorganisation": ReorganisationFactory,
    "strategy.MemberQuestion": MemberQuestionFactory,
    "strategy.Survey": SurveyFactory,
    "strategy.SurveyReturn": SurveyReturnFactory,
    "strategy.Resource": ResourceFactory,
    "strategy.Trial": TrialFactory,
    "strategy.Accreditation": AccreditationFactory,
    "transparency.Enquiry": received_enquiry,
}
WORKFLOWS = {model._meta.label: model for model in apps.get_models() if issubclass(model, Workflow)}
PAIRS = [
    (label, before, after)
    for label, model in sorted(WORKFLOWS.items())
    for before, after in itertools.product(model.Status.values, repeat=2)
]


def at_status(label: str, status: str) -> Workflow:
    record = FACTORIES[label]()
    type(record)._base_manager.filter(pk=record.pk).update(status=status)
    record.refresh_from_db()
    return record


def test_every_lifecycle_is_walked():
    assert set(FACTORIES) == set(WORKFLOWS)


@pytest.mark.parametrize("label", sorted(WORKFLOWS))
def test_moves_name_only_known_states(label):
    model = WORKFLOWS[label]
    assert set(model.MOVES) | set().union(*model.MOVES.values()) <= set(model.Status.values)


@pytest.mark.parametrize(("label", "before", "after"), PAIRS)
def test_move(label, before, after):
    record = at_status(label, before)
    user = UserFactory()
    changes, entries = record.changes.count(), TrailEntry.objects.count()
    if after in type(record).MOVES.get(before, ()):
        record.move_to(after, by=user, note="why")
        record.refresh_from_db()
        assert record.status == after
        change = record.changes.order_by("pk").last()
        assert (change.before, change.after, change.by, change.note) == (before, after, user, "why")
        assert (record.changes.count(), TrailEntry.objects.count()) == (changes + 1, entries + 1)
    else:
        with pytest.raises(IllegalMove):
            record.move_to(after, by=user)
        record.refresh_from_db()
        assert record.status == before
        assert (record.changes.count(), TrailEntry.objects.count()) == (changes, entries)


@pytest.mark.parametrize("label", sorted(WORKFLOWS))
def test_second_of_two_movers_is_stale(label):
    model = WORKFLOWS[label]
    before, after = next((b, next(iter(sorted(a)))) for b, a in model.MOVES.items() if a)
    first = at_status(label, before)
    second = model._base_manager.get(pk=first.pk)
    first.move_to(after, by=None)
    with pytest.raises(StaleRecord):
        second.move_to(after, by=None)
    assert first.changes.count() == 1
