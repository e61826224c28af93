"""The rows of the permission table for the national picture."""

from tests.permissions.rows import BODY, COUNCIL, NATIONAL, OPERATOR, Row, page

STRATEGY_PICTURE: list[Row] = [
    *page("national:picture", BODY, ()),
    *page("national:picture", COUNCIL),
    *page("national:picture", NATIONAL),
    *page("national:picture", OPERATOR),
    *page("national:picture_at_risk", BODY, ()),
    *page("national:picture_at_risk", COUNCIL),
    *page("national:picture_at_risk", NATIONAL),
    *page("national:picture_at_risk", OPERATOR),
    *page("national:picture_at_risk_csv", BODY, ()),
    *page("national:picture_at_risk_csv", COUNCIL),
    *page("national:picture_at_risk_csv", NATIONAL),
    *page("national:picture_at_risk_csv", OPERATOR),
    *page("national:picture_at_risk_json", BODY, ()),
    *page("national:picture_at_risk_json", COUNCIL),
    *page("national:picture_at_risk_json", NATIONAL),
    *page("national:picture_csv", BODY, ()),
    *page("national:picture_csv", COUNCIL),
    *page("national:picture_csv", NATIONAL),
    *page("national:picture_csv", OPERATOR),
    *page("national:picture_json", BODY, ()),
    *page("national:picture_json", COUNCIL),
    *page("national:picture_json", NATIONAL),
    *page("national:picture_json", OPERATOR),
]
