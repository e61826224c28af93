"""How many people are trained and accredited, by region: counts that name nobody, small ones withheld."""

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import Q

from accounts.models import Organisation
from compliance.suppression import Counts, Shown, suppress
from strategy.models import Accreditation, StaffMember, StaffRecord
from transparency.pages.words import REGIONS

TRAINED, MANAGERS, OPERATORS = "trained", "managers", "operators"
CATEGORIES = (TRAINED, MANAGERS, OPERATORS)
LEAST = 5  # a total below this is withheld with all of its regions


def figures(on: dt.date) -> list[dict[str, Any]]:
    """A row for each region, Wales among them, and one for all; None is a count that is withheld. Two queries.

    Trained is who has an induction or training that needs no refreshing on that day. Training organisations, and what
    is made up outside a demonstration, count nowhere.
    """
    cells = _counted(on)
    totals = Counter[str]()
    for (_area, category), number in cells.items():
        totals[category] += number
    # Where a whole category is small, nothing of it is told: its regions would be the same few people
    told = {category for category in CATEGORIES if totals[category] == 0 or totals[category] >= LEAST}
    areas = dict.fromkeys((area, category) for area in REGIONS for category in sorted(told))
    shown = suppress(Counts({cell: cells[cell] for cell in areas})) if told else None

    def value(area: str, category: str) -> int | None:
        if shown is None or category not in told:
            return None
        found = shown.value(area, category)
        return None if isinstance(found, Shown) else found

    rows = [
        {"area": str(name), "numbers": [value(area, each) for each in CATEGORIES]} for area, name in REGIONS.items()
    ]
    whole = [totals[each] if each in told else None for each in CATEGORIES]
    return [*rows, {"area": "", "numbers": whole}]


def _counted(on: dt.date) -> Counter[tuple[str, str]]:
    counted = Organisation.objects.counted().filter(region__in=list(REGIONS))
    staying = StaffMember.objects.staying(on).filter(organisation__in=counted)
    fresh = StaffRecord.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on),
        kind__in=(StaffRecord.Kind.TRAINING, StaffRecord.Kind.INDUCTION),
        member__in=staying,
    )
    people = fresh.order_by().values_list("member", "member__organisation__region").distinct()
    found = Counter((region, TRAINED) for _member, region in people)
    names = {Accreditation.Level.MANAGER: MANAGERS, Accreditation.Level.OPERATOR: OPERATORS}
    given = Accreditation.objects.current(on).filter(member__in=staying).order_by()
    for _member, level, region in given.values_list("member", "level", "organisation__region").distinct():
        found[region, names[Accreditation.Level(level)]] += 1
    return found
