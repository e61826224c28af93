"""The rows of the permission table for the links of surveys and for published surveys."""

import hashlib
from typing import TYPE_CHECKING, Any

from strategy.models.surveys import Survey, SurveyLink, SurveyReturn
from strategy.services import publish_survey
from tests.factories.strategy_surveys import SurveyFactory, SurveyQuestionFactory, SurveyReturnFactory
from tests.permissions.rows import COUNCIL, NATIONAL, OPERATOR, Row, everyone, public

if TYPE_CHECKING:
    from tests.permissions.world import World

Purpose = SurveyLink.Purpose


def link(purpose: str) -> Any:
    return {"parts": {"token": f"@survey {purpose}"}}


CHIEF, COMPLETER, SIGNER = link("chief"), link("completer"), link("signer")
GUESSED: Any = {"parts": {"token": "guessed"}}
PUBLISHED: Any = {"parts": {"reference": "@published survey"}}
OPEN: Any = {"parts": {"reference": "@answered survey"}}

STRATEGY_SURVEYS_PUBLIC: list[Row] = [
    *public("strategy:survey_answer", **CHIEF),
    everyone("strategy:survey_answer", "POST", signed_in=422, anonymous=422, **CHIEF),
    *public("strategy:survey_answer", **COMPLETER),
    everyone("strategy:survey_answer", "POST", signed_in=422, anonymous=422, **COMPLETER),
    *public("strategy:survey_answer", **SIGNER),
    everyone("strategy:survey_answer", "POST", signed_in=422, anonymous=422, **SIGNER),
    *public("strategy:survey_answer", 404, **GUESSED),
    *public("strategy:survey_fill", **CHIEF),
    everyone("strategy:survey_fill", "POST", signed_in=422, anonymous=422, **COMPLETER),
    *public("strategy:survey_fill", 403, **SIGNER),
    everyone("strategy:survey_fill", "POST", signed_in=403, anonymous=403, **SIGNER),
    *public("strategy:survey_fill", 404, **GUESSED),
    *public("strategy:survey", **PUBLISHED),
    *public("strategy:survey", 404, **OPEN),
    *public("strategy:survey_csv", **PUBLISHED),
    *public("strategy:survey_csv", 404, **OPEN),
    *public("strategy:survey_json", **PUBLISHED),
    *public("strategy:survey_json", 404, **OPEN),
    *public("strategy:surveys_compare"),
]


def add_survey_links(world: "World") -> None:
    """The national body asks the council, which answers, and the operator, whose return waits for its signature; an
    earlier survey is published.
    """
    body = world.organisations[NATIONAL]
    running = SurveyFactory(organisation=body, status=Survey.Status.OPEN)
    SurveyQuestionFactory(survey=running)
    answering = SurveyReturnFactory(survey=running, organisation=world.organisations[COUNCIL])
    waiting = SurveyReturnFactory(
        survey=running, organisation=world.organisations[OPERATOR], status=SurveyReturn.Status.COMPLETED
    )
    for record, purpose in ((answering, Purpose.CHIEF), (answering, Purpose.COMPLETER), (waiting, Purpose.SIGNER)):
        token = world.words[f"survey {purpose.value}"] = f"link-{purpose.value}-{record.pk}"
        hashed = hashlib.sha256(token.encode()).hexdigest()
        SurveyLink.objects.create(record=record, purpose=purpose, email="survey@example.org", token_sha256=hashed)
    world.words["answered survey"] = running.reference
    over = SurveyFactory(organisation=body, status=Survey.Status.CLOSED)
    SurveyQuestionFactory(survey=over)
    publish_survey.publish_survey(survey=over, version=over.version, by=None)
    world.words["published survey"] = over.reference
