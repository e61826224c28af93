"""The tables of this app, gathered where Django looks for them."""

from compliance.models.action import ActionChange, ActionItem
from compliance.models.assessment import (
    Answer,
    AnswerRevision,
    Assessment,
    AssessmentChange,
    SignedAssessment,
)
from compliance.models.camera import Camera, CameraChange, ImportRun
from compliance.models.code import ActionTemplate, CodeEdition, Principle, Question
from compliance.models.evidence import Evidence
from compliance.models.system import CameraSystem, SystemChange, SystemTechnology

__all__ = [
    "ActionChange",
    "ActionItem",
    "ActionTemplate",
    "Answer",
    "AnswerRevision",
    "Assessment",
    "AssessmentChange",
    "Camera",
    "CameraChange",
    "CameraSystem",
    "CodeEdition",
    "Evidence",
    "ImportRun",
    "Principle",
    "Question",
    "SignedAssessment",
    "SystemChange",
    "SystemTechnology",
]
