"""How the pages of a site visit find it, and what each party may see of it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest
from accounts.models import User
from accounts.policy import require
from certification.models import Observation, SiteVisit
from certification.services.visit_points import Stop, stops_of
from certification.services.visits import when_in_words
from certification.views.finding import Found, find

Status = SiteVisit.Status
COLOURS = {
    Status.PROPOSED: "yellow",
    Status.AGREED: "blue",
    Status.UNDER_WAY: "purple",
    Status.SIGNED: "green",
    Status.UNSIGNED: "orange",
    Status.CANCELLED: "grey",
}
SEEN_COLOURS = {
    Observation.Seen.AS_EXPECTED: "green",
    Observation.Seen.OTHERWISE: "red",
    Observation.Seen.NOT_SEEN: "yellow",
    Observation.Seen.NOT_APPLICABLE: "grey",
}

OF_AUDITOR = frozenset({"review", "read_visit", "read_review", "schedule_visit"})


@dataclass
class FoundVisit:
    """A visit as one of its parties sees it. `audits`: as the auditor at work; `schedules`: as auditor or manager."""

    found: Found
    visit: SiteVisit
    user: User
    audits: bool

    @cached_property
    def schedules(self) -> bool:
        manages = self.user.has_perm("certification.manage_application", self.found.application)
        return self.audits or (manages and not self.found.is_operator)

    @cached_property
    def stops(self) -> list[Stop]:
        """Cameras and places with how far each is. Two queries."""
        return stops_of(self.visit)

    @property
    def shows_sample(self) -> bool:
        """The operator reads what is to be seen once the visit has begun; a cancelled one that never began, never."""
        began = self.visit.status in (Status.UNDER_WAY, *SiteVisit.ENDED) or self.visit.auditor_signed_at is not None
        return began or not self.found.is_operator

    @property
    def is_open(self) -> bool:
        """Whether the auditor writes down what is seen now."""
        return self.visit.status == Status.UNDER_WAY and self.visit.auditor_signed_at is None and self.audits

    @property
    def can_prepare(self) -> bool:
        """Whether the auditor draws and chooses what is to be seen now."""
        at_work = self.visit.status in (Status.AGREED, Status.UNDER_WAY)
        return at_work and self.visit.auditor_signed_at is None and self.audits

    def address(self, name: str, *args: object) -> str:
        """The address of one of its pages, on this party's side."""
        return self.found.address(name, self.visit.reference, *args)

    def context(self, *further: tuple[str, str], **values: Any) -> dict[str, Any]:
        here = self.address("visit") if further else ""
        return {
            "organisation": self.found.organisation,
            "application": self.found.application,
            "visit": self.visit,
            "seen_by": self,
            "when": when_in_words(self.visit),
            "breadcrumbs": self.found.trail((_("Site visit"), here), *further),
            **values,
        }


def find_visit(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str, act: str = "read_visit"
) -> FoundVisit:
    """The visit at that address, if the user may do `act` with its application. At most four queries.

    Asks once for the auditor's grant, which costs a query; whoever audits may read and schedule.
    """
    found = find(request, organisation, reference, scope="for_review")
    audits = not found.is_operator and request.user.has_perm("certification.review", found.application)
    if not (audits and act in OF_AUDITOR):
        require(request.user, f"certification.{act}", found.application)
    own = SiteVisit.objects.filter(application=found.application, reference=visit)
    record = own.select_related("review__assignment__auditor", "operator_signed_by").first()
    if record is None:
        raise Http404
    record.application = found.application
    return FoundVisit(found, record, request.user, audits)


def find_sample(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str, act: str = "read_visit"
) -> FoundVisit:
    """The same for pages that say what is to be seen: 404 for the operator until the visit has begun."""
    found = find_visit(request, organisation, reference, visit, act)
    if not found.shows_sample:
        raise Http404
    return found


def status_tag(visit: SiteVisit) -> dict[str, Any]:
    return {"label": capfirst(visit.get_status_display()), "colour": COLOURS[Status(visit.status)]}


def seen_tag(seen: str) -> dict[str, Any]:
    value = Observation.Seen(seen)
    return {"label": capfirst(value.label), "colour": SEEN_COLOURS[value]}


def visit_url(found: Found, visit: SiteVisit) -> str:
    return reverse("certification:visit", args=[found.organisation.slug, found.application.reference, visit.reference])
