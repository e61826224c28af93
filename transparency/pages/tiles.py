"""The authorities as tiles of equal size: who publishes here, in words beside colours and patterns."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.models.roles import Kind
from transparency.addresses import is_counted
from transparency.tiles import Cell, Place, cells_for

COUNTY = "county"  # of Organisation.subkind: its districts have the tiles
SIDE, GAP = 30, 3  # of a tile, in the units of the drawing
LETTERS = 3
PUBLISHES, NOT_HERE, NO_DATA = "here", "not", "none"


def tiled() -> list[Organisation]:
    """The current lower-tier and unitary authorities of England and Wales. One query."""
    return list(
        Organisation.objects.outward()
        .principal_authorities()
        .current()
        .exclude(subkind=COUNTY)
        .order_by("gss_code", "pk")
    )


def state_of(organisation: Organisation, pages: Mapping[int, int], seen: set[int]) -> str:
    """It publishes here; the public knows it here by something else; or nothing is known but its name. Only what is
    public decides: whether somebody of it has an account or a draft shows nowhere.
    """
    if pages.get(organisation.pk):
        return PUBLISHES
    return NOT_HERE if organisation.pk in seen else NO_DATA


def words_of_state(state: str) -> str:
    return {PUBLISHES: _("publishes here"), NOT_HERE: _("not here"), NO_DATA: _("no data")}[state]


def drawing(rows: Iterable[Organisation], pages: Mapping[int, int], seen: set[int]) -> dict[str, Any]:
    """Tiles with their places in a drawing, in the order of reading. Those whose place nobody knows are left to the
    list. No query.
    """
    known = {
        row.gss_code: row for row in rows if row.gss_code and row.latitude is not None and row.longitude is not None
    }
    places = [Place(code, row.latitude or 0, row.longitude or 0) for code, row in known.items()]
    cells = cells_for(places)
    if not cells:
        return {}
    west, north = min(cell.column for cell in cells.values()), min(cell.row for cell in cells.values())
    east, south = max(cell.column for cell in cells.values()), max(cell.row for cell in cells.values())
    return {
        "width": (east - west + 1) * (SIDE + GAP) + GAP,
        "height": (south - north + 1) * (SIDE + GAP) + GAP,
        "side": SIDE,
        "tiles": [
            _tile(known[code], Cell(cell.column - west, cell.row - north), state_of(known[code], pages, seen))
            for code, cell in sorted(cells.items(), key=lambda item: (item[1].row, item[1].column))
        ],
    }


def legend(rows: Iterable[Organisation], pages: Mapping[int, int], seen: set[int]) -> list[dict[str, Any]]:
    """The three words with how many authorities each is said of, and what it means."""
    counted = Counter(state_of(row, pages, seen) for row in rows if is_counted(row))
    meaning = {
        PUBLISHES: _("at least one camera information page is published here"),
        NOT_HERE: _("known here by a certificate, a consultation or a withdrawn page, but no page is published here"),
        NO_DATA: _("nothing is known here but its name; that says nothing about its cameras"),
    }
    return [
        {"state": state, "words": words_of_state(state), "count": counted[state], "meaning": meaning[state]}
        for state in (PUBLISHES, NOT_HERE, NO_DATA)
    ]


def _tile(organisation: Organisation, cell: Cell, state: str) -> dict[str, Any]:
    x, y = GAP + cell.column * (SIDE + GAP), GAP + cell.row * (SIDE + GAP)
    name = organisation.local_name
    return {
        "x": x,
        "y": y,
        "middle": x + SIDE // 2,
        "line": y + SIDE // 2 + 3,
        "slug": organisation.slug,
        "name": name,
        "short": short(name),
        "state": state,
        "words": words_of_state(state),
    }


def short(name: str) -> str:
    """The first letters of a name's first telling word, for the eye only: the whole name is said beside it."""
    words = [word for word in name.replace("-", " ").split() if word[:1].isupper()]
    return (words[0] if words else name)[:LETTERS]


def is_tiled(organisation: Organisation) -> bool:
    return organisation.kind == Kind.PRINCIPAL_AUTHORITY and organisation.subkind != COUNTY
