"""The places where a holder says that it shows the mark: declared by the holder, checked at surveillance reviews."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certification.models import Certificate, MarkPlace, StepReview
from certification.services.holding import next_in
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import Incomplete, RuleBroken, StaleRecord

WHERE_LIMIT = 300


@transaction.atomic
def add_place(*, certificate: Certificate, kind: str, where: str, by: User, since: dt.date | None = None) -> MarkPlace:
    """Declare a place. Raises Incomplete; RuleBroken for a certificate that was replaced or withdrawn for good."""
    where = checked_text(where, limit=WHERE_LIMIT)
    missing = []
    if kind not in MarkPlace.Kind.values:
        missing.append(_("Choose the kind of place."))
    if not where:
        missing.append(_("Write where the mark is shown."))
    if since is not None and since > today():
        missing.append(_("The day since which it is shown there is not in the future."))
    if missing:
        raise Incomplete(missing)
    Certificate.objects.select_for_update(no_key=True).only("pk").get(pk=certificate.pk)
    certificate.refresh_from_db(fields=["status"])
    if certificate.status in (Certificate.Status.REPLACED, Certificate.Status.WITHDRAWN):
        raise RuleBroken(_("The mark of this certificate must not be shown any more: no place can be added."))
    number = next_in(certificate.mark_places.all())
    place = MarkPlace.objects.create(certificate=certificate, number=number, kind=kind, where=where, since=since, by=by)
    trail.record("added", place, by=by, after={"kind": kind, "where": where, "since": since})
    return place


@transaction.atomic
def remove_place(*, place: MarkPlace, removed_on: dt.date, by: User) -> None:
    """Say since when the mark is not shown there any more; the row stays. Raises RuleBroken, StaleRecord."""
    if removed_on > today():
        raise RuleBroken(_("The day on which it was removed is not in the future."))
    if place.since is not None and removed_on < place.since:
        raise RuleBroken(_("It cannot have been removed before it was shown."))
    if not MarkPlace.objects.filter(pk=place.pk, removed_on__isnull=True).update(removed_on=removed_on):
        raise StaleRecord(place)
    place.removed_on = removed_on
    trail.record("removed", place, by=by, after={"where": place.where, "removed_on": removed_on})


@transaction.atomic
def check_place(*, place: MarkPlace, review: StepReview, result: str, by: User) -> None:
    """What the auditor of a surveillance review saw there. Raises Incomplete, RuleBroken."""
    if result not in MarkPlace.Check.values:
        raise Incomplete([_("Choose what you saw.")])
    if review.concluded_at is not None or review.assignment.auditor_id != by.pk:
        raise RuleBroken(_("Only the auditor at work checks where the mark is shown."))
    before = {"result": place.check_result}
    place.check_result, place.checked_in, place.checked_at = result, review, timezone.now()
    place.save(update_fields=["check_result", "checked_in", "checked_at"])
    trail.record("checked", place, by=by, before=before, after={"result": result})


def move_places(certificate: Certificate, successor: Certificate, *, by: User | None) -> None:
    """Places that still show the mark belong to the certificate that took this one's place."""
    shown = certificate.mark_places.filter(removed_on__isnull=True)
    if moved := shown.update(certificate=successor):
        trail.record("mark_places_moved", successor, by=by, after={"from": certificate.reference, "places": moved})
