"""Guidance and good practice as they are found in a portal."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from core.dates import today
from strategy.models import Resource
from tests.factories.accounts import NationalBodyFactory, OrganisationFactory


class ResourceFactory(DjangoModelFactory[Resource]):
    """Drafted guidance that lacks nothing."""

    class Meta:
        model = Resource

    organisation = factory.SubFactory(NationalBodyFactory)
    kind = "guidance"
    title = factory.Sequence(lambda n: f"Signs in the street {n}")
    title_cy = "Arwyddion yn y stryd"
    summary = "How signs are written."
    summary_cy = "Sut yr ysgrifennir arwyddion."
    publisher = "Example Office"
    topic = "public"
    principles = factory.LazyFunction(lambda: [3])
    as_of = factory.LazyFunction(today)
    review_by = factory.LazyFunction(lambda: today() + dt.timedelta(days=90))


class PracticeFactory(ResourceFactory):
    """Drafted good practice of an operator that lacks nothing."""

    organisation = factory.SubFactory(OrganisationFactory)
    kind = "practice"
    title = factory.Sequence(lambda n: f"Fewer cameras, better placed {n}")
    text = "Each camera was looked at."
    text_cy = "Edrychwyd ar bob camera."
    outcome = "Nine were taken down."
    outcome_cy = "Tynnwyd naw i lawr."
    post = "CCTV manager"
    publisher = ""
    as_of = None
    review_by = None
