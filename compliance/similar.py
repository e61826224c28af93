"""A council beside the median of similar ones. Of the others nothing but the median leaves this module.

A group has at least five members besides the one that looks: of fewer, a median would tell too much about one of them.
"""

import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import Organisation
from compliance.models import ActionItem, Answer, Assessment, Question
from compliance.models.assessment import Choice
from core.dates import add_months, midnight, today

LEAST_OTHERS = 5
MEASURES = ("gaps", "open", "overdue", "closed")
Numbers = Mapping[str, float]  # by measure, for one system with a signed self-assessment


@dataclass(frozen=True)
class Comparison:
    """Own numbers, and the medians of a group: `area` is a region, a nation's value, or '' where none is shown."""

    own: Numbers | None
    medians: Numbers | None
    area: str = ""


def comparison_of(operator: Organisation) -> Comparison:
    """Three queries. Without a signed self-assessment of its own an organisation has nothing to compare."""
    signed, regions = _signed_systems(operator)
    if not signed.get(operator.pk):
        return Comparison(None, None)
    others, area = _group(operator, signed, regions)
    numbers = _numbers({pk: signed[pk] for pk in (operator.pk, *others)})
    if not others:
        return Comparison(numbers[operator.pk], None)
    medians = {measure: statistics.median(numbers[pk][measure] for pk in others) for measure in MEASURES}
    return Comparison(numbers[operator.pk], medians, area)


def _signed_systems(operator: Organisation) -> tuple[dict[int, int], dict[int, str]]:
    """How many systems have a signed self-assessment, and the region, for each operator of the same kind and nation.

    Those made up for demonstration are compared among themselves. One query.
    """
    like = Organisation.objects.current().filter(
        kind=operator.kind,
        nation=operator.nation,
        is_demonstration=operator.is_demonstration,
        is_training=operator.is_training,
    )
    of = "system__operator"
    signed = Assessment.objects.filter(status=Assessment.Status.SIGNED).filter(
        Q(system__operator__in=like.values("pk")) | Q(system__operator=operator)
    )
    counted = signed.order_by().values_list(of, f"{of}__region").annotate(systems=Count("system", distinct=True))
    rows = list(counted)
    return {pk: systems for pk, _region, systems in rows}, {pk: region for pk, region, _systems in rows}


def _group(operator: Organisation, signed: Mapping[int, int], regions: Mapping[int, str]) -> tuple[list[int], str]:
    """The others of the region where there are enough, else of the nation, else none."""
    others = [pk for pk in signed if pk != operator.pk]
    near = [pk for pk in others if operator.region and regions[pk] == operator.region]
    if len(near) >= LEAST_OTHERS:
        return near, operator.region
    if operator.nation and len(others) >= LEAST_OTHERS:
        return others, operator.nation
    return [], ""


def _numbers(systems: Mapping[int, int]) -> dict[int, Numbers]:
    """Each measure for one signed system, by operator. Two queries."""
    gaps = Counter(
        dict(
            Answer.objects.filter(
                assessment__status=Assessment.Status.SIGNED,
                assessment__system__operator__in=systems,
                question__kind=Question.Kind.GAP,
                choice=Choice.YES,
            )
            .values_list("assessment__system__operator")
            .annotate(Count("pk"))
        )
    )
    a_year_ago = midnight(add_months(today(), -12))
    is_open = Q(status__in=(ActionItem.Status.OPEN, ActionItem.Status.IN_PROGRESS))
    actions = {
        row[0]: row[1:]
        for row in ActionItem.objects.filter(operator__in=systems)
        .values_list("operator")
        .annotate(
            open=Count("pk", filter=is_open),
            overdue=Count("pk", filter=is_open & Q(due_on__lt=today())),
            closed=Count("pk", filter=Q(status=ActionItem.Status.DONE, closed_at__gte=a_year_ago)),
        )
    }
    return {
        pk: dict(zip(MEASURES, (n / number for n in (gaps[pk], *actions.get(pk, (0, 0, 0)))), strict=True))
        for pk, number in systems.items()
    }
