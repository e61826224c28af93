"""Trials as they are found in a portal."""

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from core.dates import today
from strategy.models import Trial
from tests.factories.accounts import OrganisationFactory


def _in(days: int) -> Any:
    return factory.LazyFunction(lambda: today() + dt.timedelta(days=days))


class TrialFactory(DjangoModelFactory[Trial]):
    """A draft that lacks nothing, ten days ahead."""

    class Meta:
        model = Trial

    organisation = factory.SubFactory(OrganisationFactory)
    technology = "live_faces"
    title = factory.Sequence(lambda n: f"Faces at the station {n}")
    title_cy = "Wynebau yn yr orsaf"
    purpose = "Whether wanted people are found."
    purpose_cy = "A geir hyd i bobl."
    place = "Station Road"
    place_cy = "Ffordd yr Orsaf"
    partners = "Example Cameras Ltd"
    starts_on = _in(10)
    ends_on = _in(20)
    evaluation_due_on = _in(50)
    legal_basis = "law_enforcement"
    law = "Common law."
    law_cy = "Cyfraith gyffredin."
    watchlist = "People wanted on warrant, made on the day, erased that night."
    watchlist_cy = "Pobl y mae gwarant ar eu cyfer."
    told = "Signs at each entrance."
    told_cy = "Arwyddion wrth bob mynedfa."
    success = "At least one person found, nobody stopped wrongly."
    success_cy = "O leiaf un person."
    dpia_words = "Published at the police."
    equality_words = "Published at the police."
