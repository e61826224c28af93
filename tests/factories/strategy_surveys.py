"""Surveys and returns as they are found in a portal."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from accounts.models import Kind
from core.dates import today
from strategy.models.surveys import Survey, SurveyQuestion, SurveyReturn
from tests.factories.accounts import OrganisationFactory


class SurveyFactory(DjangoModelFactory[Survey]):
    """A draft that lacks questions and people to ask."""

    class Meta:
        model = Survey

    organisation = factory.SubFactory(OrganisationFactory, kind=Kind.NATIONAL_BODY)
    title = factory.Sequence(lambda n: f"Survey of authorities {n}")
    title_cy = "Arolwg o awdurdodau"
    purpose = "Who runs cameras in public places."
    purpose_cy = "Pwy sy'n rhedeg camerâu."
    opens_on = factory.LazyFunction(today)
    closes_on = factory.LazyFunction(lambda: today() + dt.timedelta(days=14))


class SurveyQuestionFactory(DjangoModelFactory[SurveyQuestion]):
    class Meta:
        model = SurveyQuestion

    survey = factory.SubFactory(SurveyFactory)
    key = "sro"
    kind = "yes_no"
    text = "Is a senior responsible officer named?"
    text_cy = "A oes uwch swyddog cyfrifol wedi'i enwi?"
    required = True


class SurveyReturnFactory(DjangoModelFactory[SurveyReturn]):
    class Meta:
        model = SurveyReturn

    survey = factory.SubFactory(SurveyFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    email = "chief@example.org"
    completer_name = "Ann Example"
    completer_post = "CCTV manager"
