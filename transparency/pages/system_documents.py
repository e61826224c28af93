"""The documents section of a system's page: statistics, assessments and reviews as they were frozen with the page;
documents and consultations as their owner published them, each by a decision of its own.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from compliance.measures import MEASURES
from compliance.models.dpia import Level
from compliance.statistics_checks import shown
from core.dates import days_in_words
from core.errors import Text
from transparency.models import Publication, PublishedDocument
from transparency.pages.agreements import agreements_on
from transparency.pages.consultations import consultations_of
from transparency.pages.documents import shown_documents
from transparency.pages.words import day, yes_no

MEETS: Mapping[str, Text] = {
    "yes": gettext_lazy("The system still meets its purpose."),
    "partly": gettext_lazy("The system meets its purpose in part."),
    "no": gettext_lazy("The system no longer meets its purpose."),
}


def looked_up(publication: Publication) -> dict[str, Any]:
    """What is public by a decision of its own: documents of the system and of the whole organisation, consultations
    that the page names. Two queries at most.
    """
    about = Q(system__reference=publication.subject_reference) | Q(system=None)
    documents = PublishedDocument.objects.current().filter(about, organisation=publication.organisation_id)
    return {
        "documents": shown_documents(documents.for_list()),
        "agreements": agreements_on(publication.subject_reference),
        "consultations": _consultations(publication.facts().get("consultations", [])),
    }


def _consultations(references: list[str]) -> list[dict[str, Any]]:
    if not references:
        return []
    found = Publication.objects.of_consultations().newest().filter(subject_reference__in=references)
    return consultations_of(found.for_list())


def told_documents(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the frozen content tells. Versions from before such things were told have none of them. No queries."""
    years = [_year(each) for each in content.get("statistics", [])]
    return {
        "newest_year": years[0] if years else None,
        "earlier_years": years[1:],
        "dpias": [_dpia(each) for each in content.get("dpias", [])],
        "annual_reviews": [_review(each) for each in content.get("annual_reviews", [])],
    }


def _days(each: Mapping[str, Any]) -> str:
    first, last = day(each["from"]), day(each["until"])
    return days_in_words(first, last) if first and last else ""


def _year(year: Mapping[str, Any]) -> dict[str, Any]:
    rows = [
        {"label": MEASURES[row["measure"]].label, "value": _figure(row["measure"], row["value"])}
        for row in year["figures"]
        if row["measure"] in MEASURES
    ]
    tables = [_table(table) for table in year["tables"] if table["measure"] in MEASURES]
    withheld = any(row["value"] is None for row in year["figures"]) or any(table["withheld"] for table in tables)
    return {"days": _days(year), "note": year["note"], "rows": rows, "tables": tables, "withheld": withheld}


def _figure(measure: str, value: str | None) -> str:
    return _("withheld") if value is None else shown(MEASURES[measure], Decimal(value))


def _table(table: Mapping[str, Any]) -> dict[str, Any]:
    label = MEASURES[table["measure"]].label
    rows = [
        {"area": row["area"], "cells": [_("withheld") if each is None else f"{each:,}" for each in row["values"]]}
        for row in table["rows"]
    ]
    return {
        "id": f"by-area-{table['measure']}",
        "label": label,
        "heads": [head or _("All") for head in table["categories"]] or [label],
        "rows": rows,
        "withheld": any(each is None for row in table["rows"] for each in row["values"]),
    }


def _dpia(dpia: Mapping[str, Any]) -> dict[str, Any]:
    if not dpia["required"]:
        return {"title": dpia["title"], "required": False}
    return {
        "title": dpia["title"],
        "required": True,
        "signed_on": day(dpia["signed_on"]),
        "post": dpia["post"],
        "review_on": day(dpia["review_on"]),
        "made_elsewhere": dpia["made_outside_the_portal"],
        "residual_risk": capfirst(Level(dpia["residual_risk"]).label) if dpia["residual_risk"] in Level.values else "",
        "advice_on": day(dpia["advice_on"]),
        "advice_followed": "" if dpia["advice_followed"] is None else yes_no(dpia["advice_followed"]),
        "consulted": yes_no(dpia["consulted"]),
        "equality_signed_on": day(dpia["equality_signed_on"]),
    }


def _review(review: Mapping[str, Any]) -> dict[str, Any]:
    count = review["actions"]
    return {
        "days": _days(review),
        "reviewed_on": day(review["reviewed_on"]),
        "authorised_on": day(review["authorised_on"]),
        "post": review["post"],
        "next_review_on": day(review["next_review_on"]),
        "outcome": MEETS.get(review["meets_purpose"], ""),
        "actions": ngettext("%(count)d action followed from it.", "%(count)d actions followed from it.", count)
        % {"count": count},
    }
