"""The rows of the permission table for national consultations."""

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from strategy.models import NationalResponse
from strategy.services import consultations as services
from strategy.services.consultation_responses import Given, accept, respond
from tests.factories.compliance import PDF
from tests.factories.strategy_consultations import closed, drafted, opened, outcome_of
from tests.permissions.rows import BODY, COUNCIL, NATIONAL, Row, act, everyone, form, page, public

if TYPE_CHECKING:
    from tests.permissions.world import World

RUNS = {Role.SECRETARY}


def at(word: str, **more: str) -> Any:
    return {"parts": {"reference": f"@{word} question", **more}}


DRAFT, OPEN, OVER, DONE = at("drafted"), at("open"), at("closed"), at("concluded")
ANSWER = at("open", answer="@open answer")

STRATEGY_CONSULTATIONS: list[Row] = [
    *public("strategy:consultation", **OPEN),
    *public("strategy:consultation", 404, **DRAFT),
    *public("strategy:consultation_respond", **OPEN),
    everyone("strategy:consultation_respond", "POST", signed_in=422, anonymous=422, **OPEN),
    *public("strategy:consultation_respond", 410, **OVER),
    *public("strategy:consultation_form", **OPEN),
    *public("strategy:consultation_file", **OPEN),
    everyone("strategy:consultation_file", "POST", signed_in=422, anonymous=422, **OPEN),
    *public("strategy:consultation_file", 410, **OVER),
    *public("strategy:consultation_csv", **DONE),
    *public("strategy:consultation_csv", 404, **OPEN),
    *public("strategy:consultation_json", **DONE),
    *public("strategy:consultation_document", 404, **at("open", sha256="0" * 64)),
    *page("national:consultations", NATIONAL),
    *page("national:consultations", COUNCIL, ()),
    *page("national:consultations", BODY, ()),
    *form("national:consultation_new", NATIONAL, RUNS),
    *page("national:consultation", NATIONAL, **OPEN),
    *page("national:consultation", COUNCIL, (), **OPEN),
    *form("national:consultation_change", NATIONAL, RUNS, **DRAFT),
    *form("national:consultation_question_new", NATIONAL, RUNS, **DRAFT),
    *form("national:consultation_question", NATIONAL, RUNS, **at("drafted", key="q1")),
    *act("national:consultation_question_drop", NATIONAL, RUNS, 409, **at("open", key="q1")),
    *form("national:consultation_document_new", NATIONAL, RUNS, **DRAFT),
    *act("national:consultation_document_drop", NATIONAL, RUNS, **at("drafted", document="@drafted document")),
    *form("national:consultation_open", NATIONAL, RUNS, **DRAFT),
    *form("national:consultation_withdraw", NATIONAL, RUNS, **OPEN),
    *form("national:consultation_conclude", NATIONAL, RUNS, **OVER),
    *page("national:consultation_conclude", NATIONAL, RUNS, 409, **OPEN),
    *page("national:consultation_answers", NATIONAL, RUNS, **OPEN),
    *act("national:consultation_accept", NATIONAL, RUNS, **OPEN),
    *form("national:consultation_answer", NATIONAL, RUNS, **ANSWER),
]


def add_national_consultations(world: "World") -> None:
    """The national body has one that is drafted, one open with an answer, one closed, and one with its outcome."""
    body = world.organisations[NATIONAL]
    draft = drafted(None, organisation=body)
    paper = {"title": "Paper", "title_cy": "Papur", "language": "en"}
    upload = SimpleUploadedFile("paper.pdf", PDF, "application/pdf")
    version = draft.consultation.version
    document = services.add_document(national=draft, upload=upload, facts=paper, version=version, by=None)  # type: ignore[arg-type]
    running = opened(None, organisation=body)
    given = respond(national=running, given=Given(answers={"q1": "1"}))
    over = closed(opened(None, organisation=body))
    done = opened(None, organisation=body)
    respond(national=done, given=Given(answers={"q1": "1"}, consent="unnamed"))
    answers = NationalResponse.objects.filter(response__consultation=done.consultation)
    accept(responses=list(answers.select_related("response__consultation")), by=None)  # type: ignore[arg-type]
    done = closed(done)
    version = done.consultation.version
    services.conclude(national=done, facts=outcome_of(done), version=version, by=None)  # type: ignore[arg-type]
    world.words |= {
        "drafted question": draft.reference,
        "drafted document": document.reference,
        "open question": running.reference,
        "closed question": over.reference,
        "concluded question": done.reference,
        "open answer": given.reference,
    }
