"""Figures of a certification body by year: for its manager, its observer, and the owner of a scheme."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from accounts.models import Organisation
from accounts.policy import require
from certification.models import CertificationScheme
from certification.services.figures import COUNTS, LEGS, MEDIAN_FROM, SHARES, Year, figures_of
from certification.views.competences import body_or_404
from certification.views.schemes import scheme_trail
from compliance.views.tables import csv_answer

YEARS = 5  # on a page; the file has all of them
BODIES = 10  # on a page
CSV_HEADS = ("body", "year", "measure", "number", "of", "median_days")


@require_safe
def figures(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = body_or_404(request, organisation, "read_figures")
    found = figures_of([org])
    context = {
        "organisation": org,
        "tables": [_table(org, found)] if found else [],
        "least": MEDIAN_FROM,
        "csv_url": reverse("certification:figures_csv", args=[org.slug]),
        "breadcrumbs": [(org.local_name, org.get_absolute_url()), (_("Figures"), "")],
    }
    return render(request, "certification/figures.html", context)


@require_safe
def figures_csv(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = body_or_404(request, organisation, "read_figures")
    return _csv(figures_of([org]), f"figures-{org.slug}")


@require_safe
def of_scheme(request: AuthenticatedHttpRequest, key: str) -> HttpResponse:
    """Of every body that certifies or certified under the scheme, what it did under it."""
    scheme = _scheme(request, key)
    page = Paginator(_bodies(scheme), BODIES).get_page(request.GET.get("page"))
    bodies = list(page)
    found = figures_of(bodies, scheme)
    context = {
        "scheme": scheme,
        "page_obj": page,
        "tables": [_table(body, [year for year in found if year.body == body.slug]) for body in bodies],
        "least": MEDIAN_FROM,
        "csv_url": reverse("schemes:figures_csv", args=[scheme.key]),
        "breadcrumbs": scheme_trail(scheme, (_("Figures"), "")),
    }
    return render(request, "certification/scheme_figures.html", context)


@require_safe
def of_scheme_csv(request: AuthenticatedHttpRequest, key: str) -> HttpResponse:
    scheme = _scheme(request, key)
    return _csv(figures_of(_bodies(scheme), scheme), f"figures-{scheme.key}")


def _scheme(request: AuthenticatedHttpRequest, key: str) -> CertificationScheme:
    found = get_object_or_404(CertificationScheme, key=key)
    require(request.user, "certification.manage_scheme", found)
    return found


def _bodies(scheme: CertificationScheme) -> Any:
    return Organisation.objects.filter(schemes__scheme=scheme).distinct().order_by("name", "pk")


# --- the table ---


def _table(body: Organisation, found: Iterable[Year]) -> dict[str, Any]:
    """Measures by year, the newest five years."""
    years = list(found)[:YEARS]
    return {
        "id": f"figures-{body.slug}",
        "name": body.local_name,
        "years": [year.year for year in years],
        "columns": len(years) + 1,
        "groups": [
            {
                "title": _("Days"),
                "rows": [
                    {"label": label, "cells": [_days(year, leg) for year in years]} for leg, label in LEGS.items()
                ],
            },
            {
                "title": _("Overturned"),
                "rows": [
                    {"label": label, "cells": [_share(year, key) for year in years]} for key, label in SHARES.items()
                ],
            },
            {
                "title": _("Numbers"),
                "rows": [
                    {"label": label, "cells": [str(year.counts.get(key, 0)) for year in years]}
                    for key, label in COUNTS.items()
                ],
            },
        ],
    }


def _days(year: Year, leg: str) -> str:
    count, middle = year.count_of(leg), year.median_of(leg)
    if not count:
        return "–"
    if middle is None:
        words = ngettext("%(count)d matter, too few for a median", "%(count)d matters, too few for a median", count)
        return words % {"count": count}
    return _("%(days)s (median of %(count)d)") % {"days": number_format(middle, 1), "count": count}


def _share(year: Year, key: str) -> str:
    number, total = year.shares.get(key, (0, 0))
    return _("%(number)d of %(total)d") % {"number": number, "total": total} if total else "–"


# --- the file ---


def _csv(found: Iterable[Year], name: str) -> HttpResponse:
    """One line for each measure of each year."""
    rows = ((year.body_name, year.year, *line) for year in found for line in _lines(year))
    return csv_answer(CSV_HEADS, rows, name=name)


def _lines(year: Year) -> Iterator[tuple[object, ...]]:
    for leg in LEGS:
        middle = year.median_of(leg)
        yield f"days_{leg}", year.count_of(leg), "", "" if middle is None else middle
    for key in SHARES:
        number, total = year.shares.get(key, (0, 0))
        yield key, number, total, ""
    for key in COUNTS:
        yield key, year.counts.get(key, 0), "", ""
