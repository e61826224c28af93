"""The front page: what this is, a way to one's own authority, and figures with what they are parts of."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organisation
from core.dates import today
from transparency.models import Publication
from transparency.pages.registry import Page, builds

NEWEST = 5


@builds("home")
def home() -> Page:
    """Three queries, whatever has been published."""
    current = list(Publication.objects.of_systems().current().for_list())
    authorities = set(Organisation.objects.principal_authorities().current().values_list("pk", flat=True))
    newest = sorted(current, key=lambda publication: (publication.published_at, publication.pk), reverse=True)[:NEWEST]
    context = {"shares": _shares(current, authorities), "newest": newest, "as_of": today()}
    return Page("transparency/home.html", context)


def _shares(current: list[Publication], authorities: set[int]) -> list[dict[str, Any]]:
    """Figures, each as a part of a whole; never a percentage."""
    publishing = len({publication.organisation_id for publication in current} & authorities)
    signed = sum(1 for publication in current if publication.summary.get("signed_on"))
    counted = sum(publication.summary.get("cameras_counted", 0) for publication in current)
    listed = sum(publication.summary.get("cameras_listed", 0) for publication in current)
    shares = [
        (
            publishing,
            len(authorities),
            _("principal authorities of England and Wales publish a camera information page here"),
        ),
        (signed, len(current), _("published camera systems name a signed self-assessment")),
        (listed, counted, _("cameras counted in those systems are in a public list of places")),
    ]
    return [
        {"value": _("%(part)s of %(whole)s") % {"part": f"{part:,}", "whole": f"{whole:,}"}, "label": label}
        for part, whole, label in shares
    ]
