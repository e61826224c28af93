"""The rows of the permission table for impartiality and figures of a certification body, and their records."""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from tests.factories.certification_impartial import InterestFactory, competent
from tests.permissions.rows import ASSIGNED, BODY, HAD_PART, OPERATOR, act, form, page, site

if TYPE_CHECKING:
    from tests.permissions.world import World

MANAGER, FIGURES = {Role.BODY_MANAGER}, {Role.BODY_MANAGER, Role.OBSERVER}
ON_A_DAY = {"day": "2", "month": "11", "year": "2026"}
ENDS = {f"ends_on_{part}": value for part, value in ON_A_DAY.items()}
STARTS = {f"starts_on_{part}": value for part, value in ON_A_DAY.items()}
COMPETENT: Any = {"parts": {"auditor": "@free auditor", "technology": "anpr", "starts_on": "2026-01-01"}}
NEW_COMPETENCE = {"auditor": "@manager", "technology": "cctv", "basis": "A course.", **STARTS}
INTEREST = {"person": "@free auditor", "operator": "@operator", "kind": "other", "note": "Shares."}
FIRST: Any = {"parts": {"number": 1}}
KEY: Any = {"parts": {"key": "@scheme"}}

IMPARTIAL = [
    *page("certification:competences", BODY),
    *page("certification:competences", OPERATOR, (), refused=404),
    *form("certification:competence_add", BODY, MANAGER),
    *act("certification:competence_add", BODY, MANAGER, 422, sent=NEW_COMPETENCE),  # the manager is no auditor
    *form("certification:competence_end", BODY, MANAGER, **COMPETENT),
    *act("certification:competence_end", BODY, MANAGER, **COMPETENT, sent=ENDS),
    *page("certification:interests", BODY),
    *page("certification:interests", OPERATOR, (), refused=404),
    *form("certification:interest_add", BODY, MANAGER),
    *act("certification:interest_add", BODY, MANAGER, sent=INTEREST),
    *form("certification:interest_change", BODY, MANAGER, **FIRST),
    *act("certification:interest_change", BODY, MANAGER, **FIRST, sent={"note": "Sold."}),
    *page("certification:figures", BODY, FIGURES),
    *page("certification:figures", OPERATOR, (), refused=404),
    *page("certification:figures_csv", BODY, FIGURES),
    *site("schemes:figures", **KEY),
    *site("schemes:figures_csv", **KEY),
]


def add_impartial(world: "World") -> None:
    """Every auditor is competent; the decision maker has an interest in an operator that applies nowhere."""
    body = world.organisations[BODY]
    for who in (Role.AUDITOR, ASSIGNED, HAD_PART):
        competent(body, world.people[who])
    InterestFactory(body=body, person=world.people[Role.DECISION_MAKER])
    world.words["manager"] = world.people[Role.BODY_MANAGER].reference
