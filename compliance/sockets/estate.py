"""What estate audits plug into the sockets of `core.registry`."""

from collections.abc import Iterator

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import ngettext_lazy

from accounts.models import Role, User
from compliance.models import EstateAudit, EstateFind
from core.registry import Waiting, waiting


@waiting.plug
def finds_to_settle(user: User) -> Iterator[Waiting]:
    """For scheme managers: audits with sites that nobody looked at. One query, none for others."""
    if not (operators := user.organisations_where(Role.SCHEME_MANAGER)):
        return
    open_finds = Q(requests__finds__status=EstateFind.Status.PROPOSED)
    audits = EstateAudit.objects.filter(operator__in=operators).select_related("operator")
    counted = audits.annotate(
        waits=Count("requests__finds", filter=open_finds), since=Max("requests__answered_at", filter=open_finds)
    )
    for audit in counted.filter(waits__gt=0).order_by("since", "pk"):
        words = ngettext_lazy(
            "Look at {count} site that an estate audit found: {title}",
            "Look at {count} sites that an estate audit found: {title}",
            audit.waits,
        )
        yield Waiting(
            label=format_lazy(words, count=audit.waits, title=audit.title),
            url=reverse("compliance:estate_audit", args=[audit.operator.slug, audit.reference]),
            organisation=audit.operator.local_name,
            since=audit.since,
        )
