"""Plans, deliverables and readings as they are found in a portal."""

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from core.dates import today
from strategy.measures import Row, State
from strategy.models import Deliverable, Objective, Recommendation, RecommendationComment, Strategy


class ObjectiveFactory(DjangoModelFactory[Objective]):
    class Meta:
        model = Objective

    strategy = factory.LazyFunction(lambda: plan(f"plan-{Strategy.objects.count()}"))
    number = "1"
    statement = "Everybody tells."


class DeliverableFactory(DjangoModelFactory[Deliverable]):
    """One that nobody began."""

    class Meta:
        model = Deliverable

    objective = factory.SubFactory(ObjectiveFactory)
    number = "1.1"
    text = "A deliverable"
    success_measure = "All do."


def plan(key: str = "a-plan", **given: Any) -> Strategy:
    values = {"name": "A plan", "name_cy": "Cynllun", "owner": "A board", "summary": "What it is.", "as_of": "2026"}
    return Strategy.objects.create(key=key, **{**values, **given})


def deliverable(strategy: Strategy | None = None, number: str = "1.1", **given: Any) -> Deliverable:
    """One that is under way, counted by the measure of the tests."""
    objective, _ = Objective.objects.get_or_create(
        strategy=strategy or plan(), number=number.split(".", maxsplit=1)[0], defaults={"statement": "Everybody tells."}
    )
    values = {"text": f"Deliverable {number}", "success_measure": "All do.", "measure": "made_up", "target_percent": 50}
    made = Deliverable.objects.create(objective=objective, number=number, **{**values, **given})
    made.move_to(Deliverable.Status.ACTIVE, by=None)
    return made


def rows(*states: State, day: dt.date | None = None) -> list[Row]:
    """A row for each state, in two regions and two nations by turns."""
    return [
        Row(
            body=f"body-{place}",
            name=f"Body {place}",
            state=state,
            why="AG-2222222" if state == State.COUNTED else "",
            since=(day or today()).isoformat() if state == State.COUNTED else "",
            region=("North", "South")[place % 2],
            nation=("england", "wales")[place % 2],
            kind="principal_authority",
            force=f"force-{place % 2}",
            force_name=f"Force {place % 2}",
        )
        for place, state in enumerate(states)
    ]


class CommentFactory(DjangoModelFactory[RecommendationComment]):
    """One that waits to be read."""

    class Meta:
        model = RecommendationComment

    recommendation = factory.LazyFunction(
        lambda: Recommendation.objects.create(strategy=plan(f"plan-{Strategy.objects.count()}"), number=1)
    )
    text = factory.Sequence(lambda n: f"It was done in our street ({n}).")
    sha256 = factory.Sequence(lambda n: f"{n:064d}")
