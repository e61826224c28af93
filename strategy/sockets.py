"""What this app plugs into the sockets of `core.registry`."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation, Role, User
from accounts.section_groups import FIGURES
from core import registry
from core.registry import Section, Waiting
from strategy.models import RecommendationComment


def reads_plans(user: User, organisation: Organisation) -> bool:
    return organisation.kind == Kind.NATIONAL_BODY and user.has_perm("strategy.read_plans", organisation)


registry.sections.plug(
    Section(_("Delivery plans"), "national:plans", reads_plans, prefix="plans/", order=430, group=FIGURES)
)


@registry.waiting.plug
def waiting(user: User) -> Iterator[Waiting]:
    """Comments on recommendations that a secretary has to read, once for each national body. One query, or none."""
    if not user.organisations_where(Role.SECRETARY):
        return
    comments = RecommendationComment.objects.filter(status=RecommendationComment.Status.WAITING)
    moments = list(comments.order_by("at").values_list("at", flat=True))
    if not moments:
        return
    for membership in user.memberships_now:
        if membership.organisation.kind == Kind.NATIONAL_BODY and membership.role == Role.SECRETARY:
            yield Waiting(
                label=format_lazy(_("Read comments on recommendations: {number}"), number=len(moments)),
                url=reverse("national:recommendations", args=[membership.organisation.slug]),
                organisation=membership.organisation.local_name,
                since=moments[0],
            )
