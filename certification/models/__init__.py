"""The tables of this app, gathered where Django looks for them."""

from certification.models.application import (
    Application,
    ApplicationChange,
    ApplicationDocument,
    ApplicationUserObjectPermission,
    AuditorAssignment,
    Decision,
)
from certification.models.certificate import (
    Certificate,
    CertificateChange,
    CertificateNumber,
)
from certification.models.engagement import DocumentRequest, Engagement, MatterFile
from certification.models.finding import (
    Clarification,
    ClarificationChange,
    ClarificationMessage,
    Finding,
    FindingChange,
    FindingResponse,
)
from certification.models.impartiality import Competence, Interest
from certification.models.life import (
    Appeal,
    CertificateEvent,
    CertificateReminder,
    MarkPlace,
    Reissue,
    ReissueItem,
    SurveillanceChange,
    SurveillanceReview,
    Transfer,
    TransferChange,
)
from certification.models.review import StepReview, Verdict
from certification.models.scheme import CertificationScheme, Criterion, SchemeBody
from certification.models.visit import (
    CameraSample,
    Observation,
    SiteVisit,
    SiteVisitChange,
    VisitMessage,
    VisitPhoto,
)

__all__ = [
    "Appeal",
    "Application",
    "ApplicationChange",
    "ApplicationDocument",
    "ApplicationUserObjectPermission",
    "AuditorAssignment",
    "CameraSample",
    "Certificate",
    "CertificateChange",
    "CertificateEvent",
    "CertificateNumber",
    "CertificateReminder",
    "CertificationScheme",
    "Clarification",
    "ClarificationChange",
    "ClarificationMessage",
    "Competence",
    "Criterion",
    "Decision",
    "DocumentRequest",
    "Engagement",
    "Finding",
    "FindingChange",
    "FindingResponse",
    "Interest",
    "MarkPlace",
    "MatterFile",
    "Observation",
    "Reissue",
    "ReissueItem",
    "SchemeBody",
    "SiteVisit",
    "SiteVisitChange",
    "StepReview",
    "SurveillanceChange",
    "SurveillanceReview",
    "Transfer",
    "TransferChange",
    "Verdict",
    "VisitMessage",
    "VisitPhoto",
]
