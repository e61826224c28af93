"""The records of the national picture."""

from strategy.models.bulletins import Bulletin, BulletinItem
from strategy.models.comments import RecommendationComment, RecommendationCommentChange, RecommendationNote
from strategy.models.consultations import ConsultationDocument, NationalConsultation, NationalResponse
from strategy.models.correspondence import CorrespondenceAnswer, CorrespondenceDecision
from strategy.models.declaration import NoSystemDeclaration
from strategy.models.groups import (
    Group,
    GroupCalendar,
    GroupMailRefusal,
    GroupMembership,
    GroupReport,
    GroupTerms,
)
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
from strategy.models.member_questions import HelpOffer, MemberAnswer, MemberQuestion, MemberQuestionChange
from strategy.models.model_copies import ModelCopy
from strategy.models.picture import PictureRow
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
from strategy.models.plan_print import PlanPrint
from strategy.models.reading import MeasureReading, ReadingDetail
from strategy.models.reorganisation import Reorganisation, ReorganisationChange
from strategy.models.resources import Resource, ResourceChange
from strategy.models.spoc import SpocConfirmation, SpocEntry, SpocPublication
from strategy.models.surveys import (
    Survey,
    SurveyChange,
    SurveyLink,
    SurveyQuestion,
    SurveyReturn,
    SurveyReturnChange,
)
from strategy.models.training import (
    Accreditation,
    AccreditationChange,
    Course,
    SelfTestRecord,
    StaffMember,
    StaffRecord,
)
from strategy.models.trials import Trial, TrialChange

__all__ = [
    "Accreditation",
    "AccreditationChange",
    "AgendaItem",
    "ArchiveDocument",
    "Attendance",
    "Bulletin",
    "BulletinItem",
    "ConsultationDocument",
    "CorrespondenceAnswer",
    "CorrespondenceDecision",
    "Course",
    "Deliverable",
    "DeliverableChange",
    "DeliverableReport",
    "Group",
    "GroupAction",
    "GroupActionChange",
    "GroupActionNote",
    "GroupCalendar",
    "GroupMailRefusal",
    "GroupMembership",
    "GroupReport",
    "GroupTerms",
    "HelpOffer",
    "Holder",
    "MeasureReading",
    "Meeting",
    "MeetingChange",
    "MemberAnswer",
    "MemberQuestion",
    "MemberQuestionChange",
    "Minute",
    "ModelCopy",
    "NationalConsultation",
    "NationalResponse",
    "NoSystemDeclaration",
    "Objective",
    "PictureRow",
    "PlanPrint",
    "ReadingDetail",
    "Recommendation",
    "RecommendationComment",
    "RecommendationCommentChange",
    "RecommendationNote",
    "Reorganisation",
    "ReorganisationChange",
    "Resource",
    "ResourceChange",
    "SelfTestRecord",
    "SpocConfirmation",
    "SpocEntry",
    "SpocPublication",
    "StaffMember",
    "StaffRecord",
    "Strand",
    "Strategy",
    "Survey",
    "SurveyChange",
    "SurveyLink",
    "SurveyQuestion",
    "SurveyReturn",
    "SurveyReturnChange",
    "Trial",
    "TrialChange",
]
