"""`user.has_perm(act, record)` asks the table of rules; guardian answers beside it for grants that no role implies."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from guardian.backends import ObjectPermissionBackend

from accounts.policy import RULES


class PolicyBackend(BaseBackend):
    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        rule = RULES.get(perm)
        return bool(rule and obj is not None and user_obj.is_active and rule(user_obj, obj))


class GrantBackend(ObjectPermissionBackend):
    """Guardian's grants. An act of the table is decided by its predicate alone: no query for it, and its record may be
    of another app, which guardian takes for an error.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm not in RULES and bool(super().has_perm(user_obj, perm, obj))
