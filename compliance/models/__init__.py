"""The tables of this app, gathered where Django looks for them."""

from compliance.models.action import ActionChange, ActionItem, CalendarFeed
from compliance.models.assessment import (
    Answer,
    AnswerRevision,
    Assessment,
    AssessmentChange,
    SignedAssessment,
)
from compliance.models.camera import Camera, CameraChange
from compliance.models.code import ActionTemplate, CodeEdition, Principle, Question
from compliance.models.consultation import Consultation, ConsultationChange, ConsultationResponse
from compliance.models.dpia import Dpia, DpiaChange, EqualityAssessment, EqualityAssessmentChange
from compliance.models.elsewhere import MadeElsewhere, MadeElsewhereChange
from compliance.models.estate import EstateAudit, EstateFind, EstateFindChange, EstateRequest, EstateRequestChange
from compliance.models.evidence import Evidence, EvidenceUse, EvidenceVersion
from compliance.models.imports import ImportedChange, ImportProblem, ImportRun, ImportRunChange, ListMapping
from compliance.models.justification import (
    AnnualReview,
    AnnualReviewChange,
    CameraDecision,
    CameraReview,
    OperationalRequirement,
    Proposal,
    Referral,
    ReferralChange,
)
from compliance.models.placement import Placement, PlacementEvaluation
from compliance.models.public_facts import ServiceStandard, SystemUse, WithheldFact
from compliance.models.referring import ReferralAddress
from compliance.models.running import ControlRoom, CountedUnits, FinderSearch, RoomService
from compliance.models.statistics import DisclosureCount, PeriodStatistics, Report, StatisticFigure
from compliance.models.system import CameraSystem, SystemChange, SystemTechnology
from compliance.models.upkeep import (
    CameraSystemUserObjectPermission,
    CommissioningTest,
    Fault,
    FaultChange,
    MaintenanceVisit,
    PictureCheck,
    SystemGrant,
)
from compliance.models.working import (
    AnswerDisclosure,
    AnswerLink,
    AssessmentLook,
    Comment,
    LinkedAnswer,
    PrincipleAssignment,
    QuestionRequest,
    QuestionRequestChange,
)

__all__ = [
    "ActionChange",
    "ActionItem",
    "ActionTemplate",
    "AnnualReview",
    "AnnualReviewChange",
    "Answer",
    "AnswerDisclosure",
    "AnswerLink",
    "AnswerRevision",
    "Assessment",
    "AssessmentChange",
    "AssessmentLook",
    "CalendarFeed",
    "Camera",
    "CameraChange",
    "CameraDecision",
    "CameraReview",
    "CameraSystem",
    "CameraSystemUserObjectPermission",
    "CodeEdition",
    "Comment",
    "CommissioningTest",
    "Consultation",
    "ConsultationChange",
    "ConsultationResponse",
    "ControlRoom",
    "CountedUnits",
    "DisclosureCount",
    "Dpia",
    "DpiaChange",
    "EqualityAssessment",
    "EqualityAssessmentChange",
    "EstateAudit",
    "EstateFind",
    "EstateFindChange",
    "EstateRequest",
    "EstateRequestChange",
    "Evidence",
    "EvidenceUse",
    "EvidenceVersion",
    "Fault",
    "FaultChange",
    "FinderSearch",
    "ImportProblem",
    "ImportRun",
    "ImportRunChange",
    "ImportedChange",
    "LinkedAnswer",
    "ListMapping",
    "MadeElsewhere",
    "MadeElsewhereChange",
    "MaintenanceVisit",
    "OperationalRequirement",
    "PeriodStatistics",
    "PictureCheck",
    "Placement",
    "PlacementEvaluation",
    "Principle",
    "PrincipleAssignment",
    "Proposal",
    "Question",
    "QuestionRequest",
    "QuestionRequestChange",
    "Referral",
    "ReferralAddress",
    "ReferralChange",
    "Report",
    "RoomService",
    "ServiceStandard",
    "SignedAssessment",
    "StatisticFigure",
    "SystemChange",
    "SystemGrant",
    "SystemTechnology",
    "SystemUse",
    "WithheldFact",
]
