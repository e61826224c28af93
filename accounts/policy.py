"""The table of permission rules: each act has one predicate over a user and a record.

A predicate says who may, never when: the state of a record is guarded by its lifecycle, because a superuser passes
every predicate and still must not make an illegal move.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models

from accounts.models import User

Predicate = Callable[[User, Any], bool]
RULES: dict[str, Predicate] = {}


def allows(act: str) -> Callable[[Predicate], Predicate]:
    """Name the predicate of an act, `<app>.<verb>_<thing>`."""

    def register(predicate: Predicate) -> Predicate:
        if act in RULES:
            raise ValueError(f"{act} has a rule already")
        RULES[act] = predicate
        return predicate

    return register


def require(user: Any, act: str, record: models.Model) -> None:
    """Raises PermissionDenied unless the user may; KeyError for an act without a rule, which is a name misspelt."""
    RULES[act]
    if not user.has_perm(act, record):
        raise PermissionDenied(act)
