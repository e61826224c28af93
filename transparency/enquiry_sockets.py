"""What enquiries plug into the sockets of `core.registry`."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from accounts.section_groups import FIGURES
from core.registry import PublicQuestion, Section, Waiting, home_panels, public_questions, sections, waiting
from transparency.enquiry_clocks import clock_of
from transparency.models import Enquiry
from transparency.recipients import ANSWERING, DRAFTING, receives_enquiries
from transparency.services.enquiries import workspace_address
from transparency.services.publish_question import published_on

MOST_WAITING = 50


def _reads(user: Any, organisation: Organisation) -> bool:
    """For its own people: a site administrator has no door to what the public asked."""
    if not receives_enquiries(organisation) or organisation.pk not in user.organisation_ids():
        return False
    may_read: bool = user.has_perm("transparency.read_enquiries", organisation)
    return may_read


sections.plug(
    Section(
        label=gettext_lazy("Enquiries"),
        url_name="publishing:enquiries",
        shown=_reads,
        prefix="enquiries/",
        order=350,
        group=FIGURES,
    )
)


@waiting.plug
def enquiries_waiting(user: Any) -> Iterable[Waiting]:
    """Open ones, for those who answer; for those who draft, what was given to them. One query, or none."""
    working = user.organisations_where(*DRAFTING)
    if not working:
        return
    answering = user.organisations_where(*ANSWERING)
    own = Enquiry.objects.filter(organisation__in=working).open().for_list()
    for enquiry in own.filter(Q(organisation__in=answering) | Q(assigned_to=user))[:MOST_WAITING]:
        yield Waiting(
            label=format_lazy(gettext_lazy("Answer an enquiry: {kind}"), kind=enquiry.get_kind_display()),
            url=workspace_address(enquiry),
            organisation=enquiry.organisation.local_name,
            since=enquiry.received_at,
            due=clock_of(enquiry).on,
        )


@home_panels.plug
def enquiries_panel(user: Any, organisation: Organisation) -> Iterable[dict[str, Any]]:
    """How many are open. One query."""
    if not _reads(user, organisation):
        return []
    count = Enquiry.objects.filter(organisation=organisation).open().count()
    return [
        {
            "title": _("Enquiries"),
            "figures": [{"label": _("open enquiries of the public"), "value": count}],
            "url": reverse("publishing:enquiries", args=[organisation.slug]),
            "action": _("Go to enquiries"),
            "order": 720,
        }
    ]


@public_questions.plug
def questions_of_the_public(systems: Sequence[str], principle: int) -> Iterable[PublicQuestion]:
    """For the desk of a review: what stands beside the principle on the public copy. One query."""
    for publication in published_on(systems, principle):
        said = publication.facts()
        yield PublicQuestion(
            system=said["system"],
            question=said["question"],
            reply=said["reply"],
            language=said["language"],
            published_at=publication.published_at,
        )
