"""What lists of cameras that are brought in plug into the sockets of `core.registry`."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from compliance.models import ImportRun
from compliance.services.kept_lists import KEEP_SECONDS
from core.registry import Waiting, waiting

WORDS = {
    ImportRun.Status.UPLOADED: _("Confirm the columns of a list: {name}"),
    ImportRun.Status.SORTED: _("Look at how a list was sorted, then apply it: {name}"),
    ImportRun.Status.FAILED: _("A list could not be read: {name}"),
}


@waiting.plug
def lists_to_look_at(user: User) -> Iterator[Waiting]:
    """For whoever uploaded a list: it waits to be confirmed or looked at while it is kept, unless it would change
    nothing. One query.
    """
    since = timezone.now() - dt.timedelta(seconds=KEEP_SECONDS)
    lists = ImportRun.objects.visible_to(user).filter(by=user, status__in=list(WORDS), at__gte=since)
    nothing = Q(status=ImportRun.Status.SORTED, **dict.fromkeys(("new", "changed", "moved", "renumbered", "gone"), 0))
    for run in lists.exclude(nothing).select_related("system__operator").order_by("at", "pk"):
        system = run.system
        if not user.has_perm("compliance.import_cameras", system):
            continue
        yield Waiting(
            label=format_lazy(WORDS[ImportRun.Status(run.status)], name=run.file_name),
            url=reverse("compliance:import_run", args=[system.operator.slug, system.reference, run.reference]),
            organisation=system.operator.local_name,
            since=run.at,
        )
