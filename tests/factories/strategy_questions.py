"""Questions between members as they are found in a portal."""

import factory
from factory.django import DjangoModelFactory

from strategy.models import MemberQuestion
from tests.factories.accounts import OrganisationFactory, UserFactory


class MemberQuestionFactory(DjangoModelFactory[MemberQuestion]):
    class Meta:
        model = MemberQuestion

    organisation = factory.SubFactory(OrganisationFactory)
    asked_by = factory.SubFactory(UserFactory)
    topic = "control_room"
    title = "Who has bought masks for windows lately?"
