"""The rows of the permission table for questions between members."""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from strategy.services import member_questions as services
from tests.permissions.rows import BODY, COUNCIL, COUNCIL_SPOC, NATIONAL, OPERATOR, PEOPLE, Row, act, form, page

if TYPE_CHECKING:
    from tests.permissions.world import World

HIDES = {Role.SECRETARY}
OPEN: Any = {"parts": {"reference": "@member question"}}
GIVEN: Any = {"parts": {"reference": "@member question", "given": "@given answer"}}

STRATEGY_QUESTIONS: list[Row] = [
    *page("national:questions", OPERATOR),
    *page("national:questions", COUNCIL),
    *page("national:questions", NATIONAL),
    *page("national:questions", BODY, ()),
    *form("national:question_new", COUNCIL, PEOPLE[COUNCIL]),
    *form("national:question_help", COUNCIL, PEOPLE[COUNCIL]),
    *act("national:question_help_stop", COUNCIL, PEOPLE[COUNCIL]),
    *page("national:question", COUNCIL, **OPEN),
    *page("national:question", NATIONAL, **OPEN),
    *page("national:question", BODY, (), **OPEN),
    *form("national:question_answer", COUNCIL, PEOPLE[COUNCIL], **OPEN),
    *act("national:question_mark", NATIONAL, PEOPLE[NATIONAL], **OPEN),  # who did not ask is told so on the page
    *form("national:question_hide", NATIONAL, HIDES, **OPEN),
    *form("national:question_answer_hide", NATIONAL, HIDES, **GIVEN),
]


def add_member_questions(world: "World") -> None:
    """Somebody of the council asked, and answered it there."""
    council, asker = world.organisations[COUNCIL], world.people[COUNCIL_SPOC]
    asked = services.ask(organisation=council, topic="law", title="Which form?", text="", by=asker)
    given = services.answer(question=asked, organisation=council, text="This one.", by=asker)
    world.words |= {"member question": asked.reference, "given answer": given.pk}
