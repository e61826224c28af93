"""The records of the national picture."""

from strategy.models.declaration import NoSystemDeclaration
from strategy.models.groups import CorrespondenceDecision, Group, GroupMembership, GroupReport
from strategy.models.meetings import (
    AgendaItem,
    Attendance,
    GroupAction,
    GroupActionChange,
    GroupActionNote,
    Meeting,
    MeetingChange,
    Minute,
)
from strategy.models.plan import (
    ArchiveDocument,
    Deliverable,
    DeliverableChange,
    DeliverableReport,
    Holder,
    Objective,
    Recommendation,
    Strand,
    Strategy,
)
from strategy.models.reading import MeasureReading, ReadingDetail
from strategy.models.spoc import SpocConfirmation, SpocEntry, SpocPublication

__all__ = [
    "AgendaItem",
    "ArchiveDocument",
    "Attendance",
    "CorrespondenceDecision",
    "Deliverable",
    "DeliverableChange",
    "DeliverableReport",
    "Group",
    "GroupAction",
    "GroupActionChange",
    "GroupActionNote",
    "GroupMembership",
    "GroupReport",
    "Holder",
    "MeasureReading",
    "Meeting",
    "MeetingChange",
    "Minute",
    "NoSystemDeclaration",
    "Objective",
    "ReadingDetail",
    "Recommendation",
    "SpocConfirmation",
    "SpocEntry",
    "SpocPublication",
    "Strand",
    "Strategy",
]
