"""What statistics plug into the sockets of `core.registry`: their section, and the year that waits to be confirmed."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.section_groups import FIGURES, of_operator
from compliance import periods
from compliance.models import CameraSystem, PeriodStatistics
from core.dates import today
from core.registry import Section, Waiting, sections, waiting

DUE_MONTH = 6  # a year that ended in March is asked for from June on
MOST = 20


sections.plug(
    Section(
        _("Statistics"),
        "compliance:statistics",
        of_operator,
        prefix="statistics/",
        order=350,
        group=FIGURES,
        also=("systems/*/statistics/", "systems/*/disclosures/"),
    )
)


@waiting.plug
def year_to_confirm(user: User) -> Iterator[Waiting]:
    """For scheme managers, from June on: systems with statistics whose last year is not confirmed. One query."""
    day = today()
    year = periods.before(periods.Length.YEAR, periods.year_of(day))
    operators = user.organisations_where(Role.SCHEME_MANAGER)
    if not operators or day.replace(day=1) < periods.year_of(day).replace(month=DUE_MONTH):
        return
    confirmed = PeriodStatistics.objects.filter(
        length=periods.Length.YEAR, starts_on=year, for_organisation=None, confirmed_at__isnull=False
    )
    status = CameraSystem.Status
    kept = PeriodStatistics.objects.values("system")
    own = CameraSystem.objects.filter(operator__in=operators, status__in=(status.ACTIVE, status.AT_RISK), pk__in=kept)
    for system in own.exclude(pk__in=confirmed.values("system")).select_related("operator").order_by("name")[:MOST]:
        words = {"period": periods.in_words(periods.Length.YEAR, year), "system": system.local_name}
        yield Waiting(
            label=format_lazy(_("Confirm the statistics of {period}: {system}"), **words),
            url=reverse("compliance:system_statistics", args=[system.operator.slug, system.reference]),
            organisation=system.operator.local_name,
        )
