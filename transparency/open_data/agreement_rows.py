"""Rows of published agreements and of their agreed figures. A row is the same in the files of each party."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone

from slas.models import Side
from transparency.models import Publication

Row = dict[str, Any]


def agreement_row(publication: Publication) -> Row:
    """One agreement, from the summary of its publication."""
    summary = publication.summary
    days = ("completed_on", "starts_on", "ends_on", "review_on", "replaced_from", "ends_early_on")
    return {
        "reference": publication.subject_reference,
        "title": publication.title,
        "title_cy": publication.title_cy or None,
        "councils": _slugs(summary, Side.COUNCILS),
        "police": _slugs(summary, Side.POLICE),
        "technologies": summary["technologies"],
        "systems": summary["systems"],
        **{name: summary[name] for name in days},
        "previous": summary["previous"],
        "measures": summary["measures"],
        "withheld_number": summary["withheld"],
        "published_on": timezone.localdate(publication.published_at).isoformat(),
        "address": f"{settings.PORTAL_ORIGIN}{publication.path}",
    }


def _slugs(summary: Mapping[str, Any], side: Side) -> list[str]:
    return [party["slug"] for party in summary["parties"] if party["side"] == side]


def figure_rows(publication: Publication, content: Mapping[str, Any]) -> Iterator[Row]:
    """Its agreed figures, as they were frozen."""
    measures = {measure["key"]: measure for measure in content["measures"]}
    for figure in content["figures"]:
        measure = measures[figure["measure"]]
        yield {
            "agreement": publication.subject_reference,
            "authority": figure["party"],
            "measure": figure["measure"],
            "name": measure["name"]["en"],
            "name_cy": measure["name"].get("cy"),
            "unit": measure["unit"],
            "better": measure["better"],
            "target": measure["target"],
            "from": figure["from"],
            "until": figure["until"],
            "numerator": figure["numerator"],
            "denominator": figure["denominator"],
            "address": f"{settings.PORTAL_ORIGIN}{publication.path}",
        }
