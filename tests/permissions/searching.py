"""Who may do what at the addresses of the search: everybody may look."""

from tests.permissions.rows import Row, public

SEARCHING: list[Row] = [
    *public("transparency:search"),
    *public("transparency:search", query="q=high+street"),
    *public("transparency:search", query="q=%00%ff%25&q=2&page=-1"),
]
