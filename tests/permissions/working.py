"""The rows of the permission table for working on a self-assessment together, and the records that they need."""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from compliance.asking import QUESTIONS
from compliance.models import Assessment, QuestionRequest
from compliance.services.comments import add_comment
from compliance.services.requests import answer_request, ask
from tests.permissions.rows import OPERATOR, PEOPLE, act, entrance, form, page, public

if TYPE_CHECKING:
    from tests.permissions.world import World

DRAFTERS = {Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC}
MANAGERS = {Role.SCHEME_MANAGER, Role.SPOC}
TALKERS = {*DRAFTERS, Role.SRO, Role.DPO}
FIRST: Any = {"number": 1}
DRAFT: Any = {"of": "draft assessment"}
SUGGESTED = {"text": "The statement of need of March 2025.", "version": 1}
TO_ASK = {"email": "it@council.example", "name": "IT"}

WORKING = [
    *act("compliance:comment", OPERATOR, TALKERS, **DRAFT, parts=FIRST, sent={"text": "Ask IT."}),
    *act("compliance:comment", OPERATOR, TALKERS, 422, **DRAFT, parts=FIRST),
    *act("compliance:comment_settle", OPERATOR, DRAFTERS, **DRAFT, parts=FIRST, sent={"comment": "@comment"}),
    *page("compliance:ask", OPERATOR, DRAFTERS, **DRAFT, parts=FIRST),
    *act("compliance:ask", OPERATOR, DRAFTERS, 422, **DRAFT, parts=FIRST),
    *act("compliance:ask", OPERATOR, DRAFTERS, **DRAFT, parts=FIRST, sent=TO_ASK),
    *page("compliance:suggestion", OPERATOR, of="suggestion"),
    *act("compliance:suggestion", OPERATOR, DRAFTERS, 422, of="suggestion"),
    *act("compliance:suggestion", OPERATOR, DRAFTERS, of="suggestion", sent=SUGGESTED),
    *act("compliance:request_decline", OPERATOR, DRAFTERS, of="suggestion"),
    *act("compliance:request_decline", OPERATOR, DRAFTERS, 409, of="question request"),
    *act("compliance:request_again", OPERATOR, DRAFTERS, of="question request"),
    *act("compliance:request_withdraw", OPERATOR, DRAFTERS, of="question request"),
    *form("compliance:assignments", OPERATOR, MANAGERS, **DRAFT),
    *act("compliance:assignment_end", OPERATOR, MANAGERS, 404, **DRAFT),
    *page("compliance:since", OPERATOR, **DRAFT),
    *act("compliance:since_seen", OPERATOR, PEOPLE[OPERATOR], **DRAFT),
    *page("compliance:whole", OPERATOR, **DRAFT),
    *page("compliance:why", OPERATOR, of="waiting assessment", parts={"mark": "waits-for-sign-off"}),
    *page("compliance:why", OPERATOR, (), **DRAFT, parts={"mark": "nothing"}, refused=404),
    *page("compliance:why_number", OPERATOR, of="unfinished assessment", parts={"mark": "unanswered", "number": 1}),
    *page("compliance:why_number", OPERATOR, **DRAFT, parts={"mark": "evidence-due", "number": 2}),
    *page("compliance:why_record", OPERATOR, of="open action", parts={"mark": "overdue"}),
    *page("compliance:why_record", OPERATOR, of="evidence", parts={"mark": "evidence-due"}),
    *public("asking:question", parts={"token": "@asked link"}),
    *entrance("asking:question", "POST", signed_in=422, anonymous=422, parts={"token": "@asked link"}),
    *public("asking:question", 404, parts={"token": "forged"}),
    *public("asking:question", 410, parts={"token": "@used link"}),
]


def add_working(world: "World", draft: Assessment) -> None:
    """Records of the draft: a comment, a question that was sent out, another that came back."""
    spoc = world.people[Role.SPOC]
    questions = draft.edition.questions.order_by("number")
    world.words["comment"] = add_comment(assessment=draft, question=questions[0], text="Ask IT.", by=spoc).pk
    sent = {"assessment": draft, "name": "Installer", "message": "", "by": spoc, "email": "installer@supplier.example"}
    waiting = world.records["question request"] = ask(question=questions[1], **sent)
    came: QuestionRequest = ask(question=questions[0], **sent)
    answer_request(request=came, choice="", text="From the installer.", name="Ina")
    world.records["suggestion"] = came
    world.words |= {"asked link": QUESTIONS.token(waiting), "used link": QUESTIONS.token(came)}
