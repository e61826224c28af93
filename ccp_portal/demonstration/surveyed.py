"""A survey whose tables are published, and one that is open and waits for answers."""

import datetime as dt
from typing import Any

from accounts.models import Organisation, Role, User
from ccp_portal.demonstration.people import World
from core.dates import add_months, today
from strategy.models.surveys import Survey, SurveyReturn
from strategy.services import publish_survey, survey_returns, surveys

BODY = "board"
QUESTIONS: tuple[dict[str, Any], ...] = (
    {
        "key": "agreement",
        "kind": "yes_no",
        "text": "Is a service level agreement with the police in force?",
        "text_cy": "A oes cytundeb lefel gwasanaeth gyda'r heddlu mewn grym?",
        "required": True,
        "prefill": "agreed",
    },
    {
        "key": "control-room",
        "kind": "choice",
        "text": "Who watches the pictures?",
        "text_cy": "Pwy sy'n gwylio'r lluniau?",
        "required": True,
        "options": [
            ["Our own control room", "Ein hystafell reoli ein hunain"],
            ["A control room shared with others", "Ystafell reoli a rennir ag eraill"],
            ["Nobody as they happen", "Neb wrth iddynt ddigwydd"],
        ],
    },
    {
        "key": "cameras",
        "kind": "number",
        "text": "How many CCTV cameras in public places do you run?",
        "text_cy": "Faint o gamerâu TCC mewn mannau cyhoeddus ydych chi'n eu rhedeg?",
        "required": True,
        "prefill": "cameras_cctv",
    },
    {"key": "words", "kind": "text", "text": "What would help you most?", "text_cy": "Beth fyddai'n eich helpu fwyaf?"},
)
PUBLISHED = {
    "title": "Survey of authorities and forces",
    "title_cy": "Arolwg o awdurdodau a heddluoedd",
    "purpose": "How far agreements with the police were taken up, and who watches the pictures.",
    "purpose_cy": "I ba raddau y mabwysiadwyd cytundebau â'r heddlu, a phwy sy'n gwylio'r lluniau.",
}
RUNNING = {
    "title": "Survey of control rooms",
    "title_cy": "Arolwg o ystafelloedd rheoli",
    "purpose": "Who watches the pictures, and how many cameras there are.",
    "purpose_cy": "Pwy sy'n gwylio'r lluniau, a faint o gamerâu sydd.",
}


def make_surveys(world: World) -> None:
    """By the services that pages use."""
    body = world.organisations[BODY]
    by = world.holder(BODY, Role.SECRETARY)
    asked = [each for each in world.organisations.values() if each.kind in surveys.ASKABLE]
    days = {"opens_on": add_months(today(), -2), "closes_on": today()}
    over = _opened(body, {**PUBLISHED, **days}, QUESTIONS, asked, by)
    for number, record in enumerate(over.returns.select_related("organisation", "survey").order_by("organisation_id")):
        if number:  # the first one does not answer
            _answered(record, number)
    surveys.close_survey(survey=over, version=_version(over), by=by)
    publish_survey.publish_survey(survey=over, version=_version(over), by=by)

    days = {"opens_on": today(), "closes_on": today() + dt.timedelta(days=21)}
    _opened(body, {**RUNNING, **days}, QUESTIONS[1:], asked, by)


def _opened(
    body: Organisation, facts: dict[str, Any], questions: Any, asked: list[Organisation], by: User | None
) -> Survey:
    survey = surveys.draft_survey(organisation=body, facts=facts, by=by)
    for question in questions:
        surveys.add_question(survey=survey, facts=question, by=by)
    emails = {each: f"chiefexecutive@{each.slug}.example" for each in asked}
    surveys.ask_organisations(survey=survey, emails=emails, by=by)
    return surveys.open_survey(survey=survey, version=_version(survey), by=by)


def _answered(record: SurveyReturn, number: int) -> None:
    answers = {
        "agreement": "yes" if number % 5 else "no",
        "control-room": "0",
        "cameras": str(12 * number),
        "words": "A model agreement that fits on two pages.",
    }
    told = {
        "answers": {**answers, **{key: str(each["value"]) for key, each in record.prefilled.items()}},
        "completer_name": "Pat Example",
        "completer_post": "Community safety manager",
    }
    record = survey_returns.save_answers(record=record, facts=told, version=record.version)
    record = survey_returns.complete(record=record, version=record.version)
    survey_returns.sign(
        record=record, name="Sam Example", post="Director of community safety", version=record.version, by=None
    )


def _version(survey: Survey) -> int:
    return Survey.objects.values_list("version", flat=True).get(pk=survey.pk)
