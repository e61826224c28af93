"""The overview in pictures: charts, each with its numbers as a table."""

from collections.abc import Iterable, Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from accounts.models.organisation import Nation
from compliance.models import Assessment, CameraSystem
from compliance.pictures import Month, SignedYear, months_of, newest_assessment, principles_now, signed_years
from compliance.similar import LEAST_OTHERS, MEASURES, Comparison, comparison_of
from compliance.views.system_finding import operator_or_404
from core.charts import Chart, Row, Table, columns, compared, shown, stacked


@require_safe
def pictures(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Charts of one system (`?system=reference`, else the main one) and of the whole organisation."""
    operator = operator_or_404(request, organisation)
    own = CameraSystem.objects.visible_to(request.user).filter(operator=operator).select_related("operator")
    systems = list(own.order_by("-is_main", "name", "pk"))
    system = _chosen(systems, request.GET.get("system", ""))
    assessment = newest_assessment(system) if system else None
    titles, now = _now(assessment) if assessment else ({}, None)
    years = signed_years(system) if system else []
    comparison = comparison_of(operator)
    context = {
        "organisation": operator,
        "systems": systems,
        "system": system,
        "assessment": assessment,
        "now": now,
        "years": _years(years, titles) if len(years) > 1 else None,
        "signed_once": years[0].signed_on if len(years) == 1 else None,
        "months": _months(months_of(operator.pk)),
        "similar": _similar(comparison),
        "why_not_similar": _why_not(comparison),
        "breadcrumbs": [(operator.local_name, operator.get_absolute_url()), (_("Overview in pictures"), "")],
    }
    return render(request, "compliance/pictures.html", context)


def _chosen(systems: Sequence[CameraSystem], reference: str) -> CameraSystem | None:
    if not reference:
        return systems[0] if systems else None
    for system in systems:
        if system.reference == reference:
            return system
    raise Http404


def _table(first: str, heads: Sequence[str], rows: Iterable[tuple[str, Iterable[float]]]) -> Table:
    return Table(first, tuple(heads), tuple((label, tuple(shown(value) for value in values)) for label, values in rows))


def _now(assessment: Assessment) -> tuple[dict[int, str], Chart]:
    """The titles of the principles, and how their questions stand."""
    found = principles_now(assessment)
    series = (_("answered"), _("gap recorded"), _("not applicable"), _("not finished"), _("not answered"))
    titles = {number: f"{number}. {title}" for number, title in found.titles.items()}
    chart = stacked(
        "now",
        _("The principles today"),
        _("How many questions of each principle stand how in the self-assessment %(reference)s.")
        % {"reference": assessment.reference},
        series=series,
        rows=[Row(str(number), (counts,)) for number, counts in found.counts.items()],
        table=_table(_("Principle"), series, ((titles[number], counts) for number, counts in found.counts.items())),
    )
    return titles, chart


def _years(years: Sequence[SignedYear], titles: dict[int, str]) -> Chart:
    """What was signed last beside what was signed the year before."""
    series = (_("answered"), _("not the expected answer"), _("gap recorded"), _("not applicable"))
    days = [date_format(year.signed_on, "j F Y") for year in years]
    names = _names(years)
    numbers = sorted({number for year in years for number in year.counts})
    none = (0,) * len(series)
    rows = [Row(str(n), tuple(year.counts.get(n, none) for year in years), names) for n in numbers]
    lines = [
        (f"{titles.get(n, str(n))}, {name}", year.counts.get(n, none))
        for n in numbers
        for name, year in zip(names, years, strict=True)
    ]
    return stacked(
        "years",
        _("This sign-off beside the one before"),
        _("How many questions of each principle stood how when it was signed: on %(last)s and on %(before)s.")
        % {"last": days[0], "before": days[1]},
        series=series,
        rows=rows,
        table=_table(_("Principle and sign-off"), series, lines),
        fills=(0, 4, 1, 2),  # as in the picture of today
    )


def _names(years: Sequence[SignedYear]) -> tuple[str, ...]:
    """Short names of the two: their years, or month and year where these are the same."""
    short = tuple(str(year.signed_on.year) for year in years)
    return short if len(set(short)) == len(short) else (_("last"), _("before"))


def _months(months: Sequence[Month]) -> Chart | None:
    """None where there is nothing to show."""
    if not any(month.opened or month.closed or month.due for month in months):
        return None
    series = (_("planned"), _("closed"), _("due"))
    values = [(month.opened, month.closed, month.due) for month in months]
    return columns(
        "months",
        _("Actions by month"),
        _("How many actions were planned and closed in each month, and how many are or were due in it."),
        series=series,
        rows=[Row(date_format(m.first, "M y"), (v,)) for m, v in zip(months, values, strict=True)],
        table=_table(
            _("Month"), series, ((date_format(m.first, "F Y"), v) for m, v in zip(months, values, strict=True))
        ),
        every=3,
    )


def _similar(comparison: Comparison) -> Chart | None:
    """Own numbers beside the medians; None where there is nobody to compare with."""
    own, medians = comparison.own, comparison.medians
    if own is None or medians is None:
        return None
    labels = {
        "gaps": _("principles with a recorded gap"),
        "open": _("open actions"),
        "overdue": _("overdue actions"),
        "closed": _("actions done in the last 12 months"),
    }
    series = (_("this organisation"), _("median of similar ones"))
    values = {measure: (round(own[measure], 1), round(medians[measure], 1)) for measure in MEASURES}
    area = str(dict(Nation.choices).get(comparison.area, comparison.area))
    sentence = _(
        "Per system with a signed self-assessment. Similar ones are of the same kind in the same area and have signed"
        " one too; there are at least %(number)d of them, and the median does not show which they are. Area: %(area)s."
    )
    return compared(
        "similar",
        _("Beside similar organisations"),
        sentence % {"number": LEAST_OTHERS, "area": area},
        series=series,
        rows=[Row(labels[measure], (values[measure],)) for measure in MEASURES],
        table=_table(_("Per signed system"), series, ((labels[measure], values[measure]) for measure in MEASURES)),
    )


def _why_not(comparison: Comparison) -> str:
    if comparison.own is None:
        return _("Not shown until the organisation has a signed self-assessment of its own.")
    if comparison.medians is None:
        return _(
            "Not shown, because fewer than %(number)d similar organisations have a signed self-assessment here. With so"
            " few, a median could tell something about one of them."
        ) % {"number": LEAST_OTHERS}
    return ""
