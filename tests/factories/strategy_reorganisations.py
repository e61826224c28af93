"""Reorganisations as they are found in a portal."""

from typing import Any

import factory
import yaml
from factory.django import DjangoModelFactory

from core.dates import today
from strategy.models import Reorganisation
from tests.factories.accounts import NationalBodyFactory, OrganisationFactory


class ReorganisationFactory(DjangoModelFactory[Reorganisation]):
    """A council is to get another name today; nothing blocks it."""

    class Meta:
        model = Reorganisation

    body = factory.SubFactory(NationalBodyFactory)
    title = factory.Sequence(lambda n: f"Old Council {n} → New Council {n}")
    kind = "rename"
    vesting = factory.LazyFunction(today)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Reorganisation:
        council = kwargs.pop("council", None) or OrganisationFactory()
        plan = {
            "kind": kwargs["kind"],
            "vesting": kwargs["vesting"],
            "predecessors": [council.slug],
            "successors": [{"slug": f"{council.slug}-renamed", "name": f"{council.name} Renamed"}],
        }
        kwargs.setdefault("text", yaml.safe_dump(plan))
        made: Reorganisation = super()._create(model_class, *args, **kwargs)
        return made
