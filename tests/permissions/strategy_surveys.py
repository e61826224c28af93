"""The rows of the permission table for surveys."""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from strategy.models import Survey
from strategy.services import survey_returns
from strategy.services import surveys as services
from tests.factories.strategy_surveys import SurveyFactory, SurveyQuestionFactory
from tests.permissions.rows import BODY, COUNCIL, COUNCIL_SRO, NATIONAL, OPERATOR, Row, act, form, page, public

if TYPE_CHECKING:
    from tests.permissions.world import World

RUNS = {Role.SECRETARY}


def at(word: str, **more: str) -> Any:
    return {"parts": {"reference": f"@{word} survey", **more}}


DRAFT, OPEN, OVER = at("drafted"), at("open"), at("closed")

STRATEGY_SURVEYS: list[Row] = [
    *public("strategy:surveys"),
    *public("strategy:surveys_reported_csv"),
    *public("strategy:surveys_reported_json"),
    *page("national:surveys", NATIONAL),
    *page("national:surveys", COUNCIL),
    *page("national:surveys", OPERATOR),
    *page("national:surveys", BODY, ()),
    *form("national:survey_new", NATIONAL, RUNS),
    *page("national:survey_new", COUNCIL, ()),
    *page("national:survey", NATIONAL, **OPEN),
    *page("national:survey", COUNCIL, answer=404, **OPEN),
    *page("national:survey_preview", NATIONAL, **OPEN),
    *page("national:survey_preview", COUNCIL, answer=404, **OPEN),
    *form("national:survey_change", NATIONAL, RUNS, **DRAFT),
    *act("national:survey_copy", NATIONAL, RUNS, **OPEN),
    *form("national:survey_question_new", NATIONAL, RUNS, **DRAFT),
    *form("national:survey_question", NATIONAL, RUNS, **at("drafted", key="sro")),
    *act("national:survey_question_drop", NATIONAL, RUNS, 409, **at("open", key="sro")),
    *act("national:survey_question_up", NATIONAL, RUNS, **at("drafted", key="sro")),
    *form("national:survey_ask", NATIONAL, RUNS, **DRAFT),
    *page("national:survey_ask_list", NATIONAL, RUNS, **DRAFT),
    *act("national:survey_ask_stop", NATIONAL, RUNS, 409, **at("open", asked="@council slug")),
    *form("national:survey_open", NATIONAL, RUNS, **DRAFT),
    *act("national:survey_remind", NATIONAL, RUNS, **OPEN),
    *form("national:survey_close", NATIONAL, RUNS, **OPEN),
    *form("national:survey_publish", NATIONAL, RUNS, **OVER),
    *page("national:survey_publish", NATIONAL, RUNS, 409, **OPEN),
    *page("national:survey_returns_csv", NATIONAL, RUNS, **OPEN),
    *page("national:survey_returns_json", NATIONAL, RUNS, **OPEN),
    *page("national:survey_return", NATIONAL, RUNS, **at("open", asked="@council slug")),
    *form("national:survey_address", NATIONAL, RUNS, **at("open", asked="@council slug")),
    *form("national:survey_return_back", NATIONAL, RUNS, **at("open", asked="@council slug")),
    *page("national:survey_asked", COUNCIL, **OPEN),
    *page("national:survey_asked", OPERATOR, answer=404, **OPEN),
    *page("national:survey_asked", COUNCIL, answer=404, **DRAFT),
    *form("national:survey_sign", COUNCIL, {COUNCIL_SRO}, **OPEN),
    *form("national:survey_back", COUNCIL, {COUNCIL_SRO}, **OPEN),
]


def add_surveys(world: "World") -> None:
    """The national body has one that is drafted, one open with a return of the council to be signed, and one closed."""
    body, council = world.organisations[NATIONAL], world.organisations[COUNCIL]
    draft, running, over = [_drafted(body, council) for _each in range(3)]
    running, over = _opened(running), _opened(over)
    record = running.returns.get()
    said = {"answers": {"sro": "yes"}, "completer_name": "Ann Example", "completer_post": "Manager"}
    record = survey_returns.save_answers(record=record, facts=said, version=record.version)
    survey_returns.complete(record=record, version=record.version)
    over = services.close_survey(survey=over, version=over.version, by=None)
    world.words |= {
        "drafted survey": draft.reference,
        "open survey": running.reference,
        "closed survey": over.reference,
        "council slug": council.slug,
    }


def _drafted(body: Any, council: Any) -> Survey:
    survey = SurveyFactory(organisation=body)
    SurveyQuestionFactory(survey=survey)
    services.ask_organisations(survey=survey, emails={council: "chief@example.org"}, by=None)
    survey.refresh_from_db()
    return survey


def _opened(survey: Survey) -> Survey:
    return services.open_survey(survey=survey, version=survey.version, by=None)
