"""Bulletins as they are found in a portal."""

import factory
from factory.django import DjangoModelFactory

from strategy.models import Bulletin, BulletinItem
from tests.factories.accounts import NationalBodyFactory


class BulletinFactory(DjangoModelFactory[Bulletin]):
    """One with an item, that nobody published."""

    class Meta:
        model = Bulletin
        skip_postgeneration_save = True

    body = factory.SubFactory(NationalBodyFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Cameras in month {n}")
    title_cy = "Camerâu"

    @factory.post_generation
    def items(self, create: bool, extracted: int | None, **kwargs: object) -> None:
        for number in range(1 if extracted is None else extracted):
            BulletinItem.objects.create(
                bulletin=self, position=number + 1, headline=f"Headline {number}", headline_cy="Pennawd", text="Words."
            )
