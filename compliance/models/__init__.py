"""The tables of this app, gathered where Django looks for them."""

from compliance.models.action import ActionChange, ActionItem, CalendarFeed
from compliance.models.assessment import (
    Answer,
    AnswerRevision,
    Assessment,
    AssessmentChange,
    SignedAssessment,
)
from compliance.models.camera import Camera, CameraChange, ImportRun
from compliance.models.code import ActionTemplate, CodeEdition, Principle, Question
from compliance.models.elsewhere import MadeElsewhere, MadeElsewhereChange
from compliance.models.evidence import Evidence, EvidenceUse, EvidenceVersion
from compliance.models.system import CameraSystem, SystemChange, SystemTechnology
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
    "CameraSystem",
    "CodeEdition",
    "Comment",
    "Evidence",
    "EvidenceUse",
    "EvidenceVersion",
    "ImportRun",
    "LinkedAnswer",
    "MadeElsewhere",
    "MadeElsewhereChange",
    "Principle",
    "PrincipleAssignment",
    "Question",
    "QuestionRequest",
    "QuestionRequestChange",
    "SignedAssessment",
    "SystemChange",
    "SystemTechnology",
]
