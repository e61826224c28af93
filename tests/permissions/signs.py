"""Who may do what at the addresses of signs to print."""

from tests.permissions.rows import OPERATOR, Row, page, public

PUBLISHED = {"organisation": "@operator", "system": "@published system"}
WHOLE = {"kind": "system", "place": "all"}

SIGNS: list[Row] = [
    *page("publishing:signs", OPERATOR, of="published system"),
    *page("publishing:signs", OPERATOR, of="draft system"),
    *page("publishing:sign_file", OPERATOR, of="published system", parts={**WHOLE, "form": "a4"}),
    *page("publishing:sign_file", OPERATOR, of="published system", parts={**WHOLE, "form": "svg"}),
    *page("publishing:sign_file", OPERATOR, (), of="published system", parts={**WHOLE, "form": "a5"}, refused=404),
    *page("publishing:sign_file", OPERATOR, (), of="draft system", parts={**WHOLE, "form": "a4"}, refused=404),
    *public("transparency:signed_camera", 302, parts={**PUBLISHED, "place": "nowhere"}),
    *public("transparency:signed_area", 302, parts={**PUBLISHED, "place": "nowhere"}),
    *public("transparency:signed_area", 404, parts={**PUBLISHED, "system": "@draft system", "place": "nowhere"}),
]
