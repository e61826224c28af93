"""Who may do what at the addresses of subscriptions."""

from tests.permissions.rows import Row, entrance, public

FORGED = {"token": "forged"}

SUBSCRIPTIONS: list[Row] = [
    *public("transparency:subscribe"),
    *public("transparency:subscribe", 404, query="kind=authority&key=nobody"),
    *entrance("transparency:subscribe", "POST", signed_in=422, anonymous=422),
    *entrance("transparency:subscription_confirm", "GET", signed_in=410, anonymous=410, parts=FORGED),
    *entrance("transparency:subscription_confirm", "POST", signed_in=410, anonymous=410, parts=FORGED),
    *public("transparency:subscription_end", parts=FORGED),
    *entrance("transparency:subscription_end", "POST", signed_in=410, anonymous=410, parts=FORGED),
]
