"""Measures when councils and forces are reorganised: a day before it counts what it counted, and a day after it what
passed on.
"""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Organisation
from core.dates import today
from slas.models import Agreement
from strategy.measures import MEASURES, Counted
from strategy.reorganisation_files import read_plan
from strategy.services.reorganising import reorganise
from tests.factories.accounts import PoliceForceFactory
from tests.factories.strategy_nation import DAY, whole
from tests.strategy.test_reorganising import plan_text
from transparency.agreement_uptake import uptake_of
from transparency.models import Publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def nation() -> tuple[Organisation, Organisation, list[Organisation]]:
    """Two forces, and three councils with all that is counted, two of them policed by the first force."""
    north, south = PoliceForceFactory(slug="north", name="North"), PoliceForceFactory(slug="south", name="South")
    councils = [whole("abbot", north), whole("beck", north), whole("carr", south)]
    Agreement.objects.update(ends_on=None)
    for public in Publication.objects.of_agreements():
        public.summary["ends_on"] = None
        public.save()
    return north, south, councils


def counts(day: dt.date) -> dict[str, Counted]:
    return {key: each.on(day) for key, each in MEASURES.items()}


def figures(day: dt.date) -> dict[str, tuple[int, int, int, int]]:
    found = counts(day)
    return {key: (each.numerator, each.denominator, each.no_data, each.excluded) for key, each in found.items()}


def carried_out(kind: str, before: list[Organisation], after: list[Any], **more: object) -> None:
    reorganise(read_plan(plan_text(kind, before, after, **more)), None)


def pairs(day: dt.date) -> list[tuple[str, str, str]]:
    return [(row.body, row.force, row.state.value) for row in MEASURES["agreements_published"].on(day).rows]


def test_forces_that_join(nation):
    north, south, _councils = nation
    before = counts(DAY)
    carried_out("join", [north, south], ["both-forces"])
    assert counts(DAY) == before
    assert pairs(today()) == [(slug, "both-forces", "counted") for slug in ("abbot", "beck", "carr")]
    assert {row.force for row in MEASURES["main_assessed"].on(today()).rows} == {"both-forces"}
    public = uptake_of("both-forces", today())
    assert [len(row["cells"][0]["agreements"]) for row in public["rows"]] == [1, 1, 1]


def test_a_force_that_is_split(nation):
    north, _south, councils = nation
    before = counts(DAY)
    areas = {"abbot": "north-east", "beck": "north-west"}
    carried_out("split", [north], ["north-east", "north-west"], areas=areas, rest="north-west")
    assert counts(DAY) == before
    assert pairs(today())[:2] == [("abbot", "north-east", "counted"), ("beck", "north-west", "counted")]
    assert len(councils) == 3


def test_councils_that_join(nation):
    _north, _south, (abbot, beck, _carr) = nation
    before = counts(DAY)
    carried_out("join", [abbot, beck], ["both"])
    assert counts(DAY) == before
    assert pairs(today()) == [("both", "north", "counted"), ("carr", "south", "counted")]


def test_a_council_and_a_force_that_are_renamed(nation):
    north, _south, (abbot, *_others) = nation
    before = figures(DAY)
    carried_out("rename", [abbot], [{"slug": "abbots-town", "name": "Abbots Town"}])
    carried_out("rename", [north], [{"slug": "far-north", "name": "Far North"}])
    assert figures(DAY) == before
    assert pairs(today()) == [
        ("abbots-town", "far-north", "counted"),
        ("beck", "far-north", "counted"),
        ("carr", "south", "counted"),
    ]
