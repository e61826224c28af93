"""What footage led to, over all agreed returns: of the own force, of all together, and force by force."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, organisation_or_404
from accounts.policy import require
from compliance.suppression import Shown
from compliance.views.tables import csv_answer
from core.dates import today
from slas import figures
from slas.models import Outcome
from slas.views.finding import list_trail

COLUMNS = ("force", *Outcome.values, "together")


@require_safe
def outcomes(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """By use and outcome: the own force, all forces; for the national body each force beside the others. Small numbers
    of others can be worked out from nothing that a party or the national body reads here.
    """
    org = organisation_or_404(request.user, organisation)
    require(request.user, "slas.read_uptake", org)
    compares = request.user.has_perm("slas.compare_outcomes", org)
    own = figures.agreed_outcomes(org.pk) if figures.is_police(org) else None
    forces = figures.outcomes_by_force() if compares else []
    context = {
        "organisation": org,
        "own": figures.outcome_table(own) if own is not None else None,
        "all": figures.outcome_table(figures.agreed_outcomes() if compares else figures.outcomes_for(org)),
        "heads": [label for _key, label in Outcome.choices],
        "forces": [{"name": row.force.local_name, "cells": [_cell(each) for each in _numbers(row)]} for row in forces],
        "withheld": any(isinstance(each, Shown) for row in forces for each in _numbers(row)),
        "csv_url": reverse("slas:outcomes_csv", args=[org.slug]),
        "breadcrumbs": [*list_trail(org), (_("What footage led to"), "")],
    }
    return render(request, "slas/outcomes.html", context)


def _numbers(row: figures.ForceOutcomes) -> tuple[int | Shown, ...]:
    return (*row.numbers, row.together)


def _cell(number: int | Shown) -> str:
    return _("Withheld") if isinstance(number, Shown) else f"{number:,}"


@require_safe
def table(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Force by force as a file, with the numbers withheld that the page withholds."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "slas.compare_outcomes", org)
    return csv_answer(COLUMNS, _lines(figures.outcomes_by_force()), name=f"outcomes-by-force-{today().isoformat()}")


def _lines(rows: list[figures.ForceOutcomes]) -> Iterator[list[str]]:
    for row in rows:
        values = (each.value if isinstance(each, Shown) else str(each) for each in _numbers(row))
        yield [row.force.name, *values]
