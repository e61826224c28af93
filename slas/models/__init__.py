"""The tables of this app, gathered where Django looks for them."""

from slas.models.agreement import (
    IN_FORCE,
    Agreement,
    AgreementChange,
    AgreementParty,
    AgreementTechnology,
    ClauseSet,
    PartyRole,
    Side,
    Standing,
)
from slas.models.clause import Clause, ClauseMove, ClauseRevision, PrivateNote, TextConfirmation
from slas.models.library import ClauseLibrary
from slas.models.performance import (
    Better,
    FootageUse,
    MeasureFigure,
    Outcome,
    OutcomeCount,
    PerformanceReturn,
    ReturnChange,
    ReturnComment,
    ServiceMeasure,
)
from slas.models.signing import AgreementText, InkRecord, Redaction, Signature
from slas.models.standing import AgreementReminder, ConfirmedUnchanged, NoAgreement

__all__ = [
    "IN_FORCE",
    "Agreement",
    "AgreementChange",
    "AgreementParty",
    "AgreementReminder",
    "AgreementTechnology",
    "AgreementText",
    "Better",
    "Clause",
    "ClauseLibrary",
    "ClauseMove",
    "ClauseRevision",
    "ClauseSet",
    "ConfirmedUnchanged",
    "FootageUse",
    "InkRecord",
    "MeasureFigure",
    "NoAgreement",
    "Outcome",
    "OutcomeCount",
    "PartyRole",
    "PerformanceReturn",
    "PrivateNote",
    "Redaction",
    "ReturnChange",
    "ReturnComment",
    "ServiceMeasure",
    "Side",
    "Signature",
    "Standing",
    "TextConfirmation",
]
