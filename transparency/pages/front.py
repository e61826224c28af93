"""The front page: ways in, the national picture in five numbers with their wholes, and what changed lately."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from certification.models import Certificate
from core.dates import today
from transparency.feeds import entries
from transparency.models import Publication
from transparency.pages.registry import Page, builds

NEWEST = 6


@builds("home")
def home() -> Page:
    """Six queries, whatever has been published."""
    published = Publication.objects.of_systems().current().order_by()
    authorities = Organisation.objects.principal_authorities().current()
    certificates = Certificate.objects.order_by()
    counted = Organisation.objects.counted()  # what is made up counts nowhere else, what is for training nowhere
    published = published.filter(organisation__in=counted)
    authorities = authorities.counted()
    certificates = certificates.filter(operator__in=counted)
    holders = list(certificates.values_list("operator_id", flat=True))
    current = list(published.values_list("organisation_id", "summary"))
    figures = _figures(current, set(authorities.values_list("pk", flat=True)), holders)
    return Page("transparency/home.html", {"shares": figures, "changed": entries()[:NEWEST], "as_of": today()})


def _figures(
    current: list[tuple[int, dict[str, Any]]], authorities: set[int], holders: list[int]
) -> list[dict[str, Any]]:
    """Numbers, each with the whole it is a part of or with whose they are; never a percentage."""
    publishers = {organisation for organisation, _summary in current}
    signed = sum(1 for _organisation, summary in current if summary.get("signed_on"))
    counted = sum(summary.get("cameras_counted", 0) for _organisation, summary in current)
    listed = sum(summary.get("cameras_listed", 0) for _organisation, summary in current)
    return [
        {
            "value": _part(len(publishers & authorities), len(authorities)),
            "label": _("principal authorities of England and Wales publish a camera information page here"),
        },
        {
            "value": f"{len(current):,}",
            "label": ngettext(
                "camera systems have a page, run by %(count)d organisation",
                "camera systems have a page, run by %(count)d organisations",
                len(publishers),
            )
            % {"count": len(publishers)},
        },
        {"value": _part(signed, len(current)), "label": _("published camera systems name a signed self-assessment")},
        {
            "value": f"{len(holders):,}",
            "label": ngettext(
                "certificates are in the register, held by %(count)d organisation",
                "certificates are in the register, held by %(count)d organisations",
                len(set(holders)),
            )
            % {"count": len(set(holders))},
        },
        {
            "value": _part(listed, counted),
            "label": _("cameras counted in those systems are in a public list of places"),
        },
    ]


def _part(part: int, whole: int) -> str:
    return _("%(part)s of %(whole)s") % {"part": f"{part:,}", "whole": f"{whole:,}"}
