"""The rows of the permission table for model documents."""

from accounts.models import Role
from tests.permissions.rows import BODY, COUNCIL, NATIONAL, OPERATOR, Row, act, page

KEEPERS = {Role.SPOC, Role.SCHEME_MANAGER}
CODE = {"parts": {"key": "code_of_practice"}}

STRATEGY_MODELS: list[Row] = [
    *page("national:models", OPERATOR),
    *page("national:models", COUNCIL),
    *page("national:models", BODY, ()),
    *page("national:models", NATIONAL, ()),
    *page("national:model", OPERATOR, **CODE),
    *page("national:model", OPERATOR, answer=404, parts={"key": "nothing"}),
    *act("national:model_copy", OPERATOR, KEEPERS, 404, **CODE),  # no system is named
]
