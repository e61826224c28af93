"""Training records and applications as they are found in a portal."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from strategy.models import Accreditation, StaffMember
from tests.factories.accounts import NationalBodyFactory, OrganisationFactory


class StaffMemberFactory(DjangoModelFactory[StaffMember]):
    class Meta:
        model = StaffMember

    organisation: Any = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Person {n}")
    post = "Operator"


class AccreditationFactory(DjangoModelFactory[Accreditation]):
    """An application that waits for its decision."""

    class Meta:
        model = Accreditation

    member: Any = factory.SubFactory(StaffMemberFactory)
    organisation: Any = factory.SelfAttribute("member.organisation")
    body: Any = factory.SubFactory(NationalBodyFactory)
    level = "operator"
    post = "Operator"
    grounds = "Ten years in the control room."
