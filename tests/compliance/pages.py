"""How tests of the pages of a self-assessment find them and sign in."""

from typing import Any

from django.test import Client

from accounts.models import Role, User
from compliance.models import Assessment
from tests.factories.accounts import member


def at(assessment: Assessment, rest: str = "") -> str:
    """The address of a page of a self-assessment."""
    return f"/workspace/{assessment.system.operator.slug}/assessments/{assessment.reference}/{rest}"


def sign_in(client: Client, assessment: Assessment, role: Role = Role.SPOC) -> User:
    """A new person who holds `role` at the operator, signed in."""
    person = member(assessment.system.operator, role)
    client.force_login(person)
    return person


def an_action(**changes: Any) -> dict[str, str]:
    """What the form of an action beside a closing question sends."""
    values = {"description": "New signs", "priority": "high", "owner": "", "day": "27", "month": "3", "year": "2027"}
    values |= changes
    dates = {f"action-due_on_{part}": values.pop(part) for part in ("day", "month", "year")}
    return {**{f"action-{name}": value for name, value in values.items()}, **dates}
