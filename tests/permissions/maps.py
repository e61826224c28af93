"""Who may do what at the addresses of the map: everybody may look."""

from tests.permissions.rows import Row, public

MAPS: list[Row] = [
    *public("transparency:map"),
    *public("transparency:map", query="authority=nobody&type=ptz&q=high+street&page=999"),
    *public("transparency:map_tile", parts={"zoom": 6, "column": 15, "row": 10}),
    *public("transparency:map_tile", 404, parts={"zoom": 6, "column": 32, "row": 10}),
]
