"""What somebody has seen of a self-assessment."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from compliance.models import Assessment, AssessmentLook


@transaction.atomic
def mark_seen(*, assessment: Assessment, by: User, until: dt.datetime) -> dt.datetime:
    """What happened until then is seen; never later than now, never earlier than said before. Returns the moment."""
    until = min(until, timezone.now())
    look, made = AssessmentLook.objects.select_for_update().get_or_create(
        assessment=assessment, user=by, defaults={"at": until}
    )
    if not made and look.at < until:
        look.at = until
        look.save(update_fields=["at"])
    return look.at
