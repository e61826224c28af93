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
from certification.models.review import StepReview, Verdict
from certification.models.scheme import CertificationScheme, Criterion, SchemeBody

__all__ = [
    "Application",
    "ApplicationChange",
    "ApplicationDocument",
    "ApplicationUserObjectPermission",
    "AuditorAssignment",
    "Certificate",
    "CertificateChange",
    "CertificateNumber",
    "CertificationScheme",
    "Criterion",
    "Decision",
    "SchemeBody",
    "StepReview",
    "Verdict",
]
