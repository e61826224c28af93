"""What the wording of a clause takes from the agreement itself."""

from collections.abc import Iterable

from django.utils.translation import override

from accounts.models import Organisation
from core.yaml_reader import Words
from slas.models import Agreement, Side
from slas.wording import ENGLISH, WELSH, in_list

ALL_SYSTEMS = Words(
    "all systems of the parties on which they agree in writing",
    "pob system y mae'r partïon yn cytuno arni'n ysgrifenedig",
)


def given_of(agreement: Agreement) -> dict[str, Words]:
    """In both languages, names in Welsh where there are any. Reads `parties`, `systems` and `technologies`."""
    parties = list(agreement.parties.all())
    councils = [party.organisation for party in parties if party.side == Side.COUNCILS]
    police = [party.organisation for party in parties if party.side == Side.POLICE]
    systems = sorted(agreement.systems.all(), key=lambda system: system.name)
    found = {
        "title": Words(agreement.title, agreement.title_cy),
        "parties": _names([*councils, *police]),
        "signatories": _names([*councils, *police]),
        "councils": _names(councils),
        "police": _names(police),
        "systems": ALL_SYSTEMS,
    }
    if systems:
        found["systems"] = _both([s.name for s in systems], [s.name_cy or s.name for s in systems])
    rows = list(agreement.technologies.all())
    with override(ENGLISH):
        english = [str(row.get_technology_display()) for row in rows]
    with override(WELSH):
        welsh = [str(row.get_technology_display()) for row in rows]
    return {**found, "technologies": _both(english, welsh)}


def _names(organisations: Iterable[Organisation]) -> Words:
    known = list(organisations)
    return _both([each.full_name for each in known], [each.name_cy or each.full_name for each in known])


def _both(english: list[str], welsh: list[str]) -> Words:
    with override(ENGLISH):
        first = in_list(english)
    with override(WELSH):
        return Words(first, in_list(welsh))
