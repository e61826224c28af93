"""The competence of a body's auditors per technology: recorded by its manager, with what it rests on and until when."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Organisation, Role, User
from certification.models import Competence
from certification.services.holding import require_order, require_text
from compliance.models.vocabulary import Technology
from compliance.services.people import holders
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import RuleBroken

BASIS_LIMIT = 300
SOON = dt.timedelta(days=90)


def competences_of(body: Organisation, *, of: User | None = None) -> QuerySet[Competence]:
    """Those of a body by auditor and technology, the newest first; of one person alone where `of` is given."""
    own = Competence.objects.filter(body=body).select_related("auditor", "by")
    if of is not None:
        own = own.filter(auditor=of)
    return own.order_by("auditor__name", "auditor", "technology", F("starts_on").desc(), "-pk")


def number_expiring(body: Organisation) -> int:
    """How many end within 90 days without another after it. One query."""
    day = today()
    later = Competence.objects.filter(body=body, auditor=OuterRef("auditor"), technology=OuterRef("technology"))
    later = later.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day + SOON))
    ending = Competence.objects.filter(body=body, ends_on__gte=day, ends_on__lte=day + SOON)
    return ending.exclude(Exists(later)).count()


@transaction.atomic
def record_competence(
    *,
    body: Organisation,
    auditor: User,
    technology: str,
    basis: str,
    starts_on: dt.date,
    ends_on: dt.date | None,
    by: User,
) -> Competence:
    """Raises RuleBroken for somebody who is no auditor of the body, for dates in the wrong order, and where one of the
    same technology holds in that time already; Incomplete without a basis.
    """
    basis = require_text(checked_text(basis, limit=BASIS_LIMIT), _("Say what the competence rests on."))
    if technology not in Technology.values:
        raise RuleBroken(_("Choose a technology."))
    Organisation.objects.select_for_update(no_key=True).get(pk=body.pk)  # two at once are one after the other
    if not holders(Role.AUDITOR, body).filter(pk=auditor.pk).exists():
        raise RuleBroken(_("Competence is recorded for auditors of your organisation."))
    require_order(starts_on, ends_on)
    same = Competence.objects.filter(body=body, auditor=auditor, technology=technology)
    overlapping = same.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    if ends_on is not None:
        overlapping = overlapping.filter(starts_on__lte=ends_on)
    if overlapping.exists():
        raise RuleBroken(
            _("A competence of this auditor for this technology holds in that time already. End it first.")
        )
    competence = Competence.objects.create(
        body=body, auditor=auditor, technology=technology, basis=basis, starts_on=starts_on, ends_on=ends_on, by=by
    )
    trail.record("recorded", competence, by=by, after=_dates(competence), personal={"basis": basis})
    return competence


@transaction.atomic
def end_competence(*, competence: Competence, ends_on: dt.date, by: User) -> None:
    """Give it its last day, earlier or later than the one it had. Raises RuleBroken for dates in the wrong order, and
    for a day at which the next one holds.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=competence.body_id)
    require_order(competence.starts_on, ends_on)
    later = Competence.objects.filter(
        body=competence.body_id,
        auditor=competence.auditor_id,
        technology=competence.technology,
        starts_on__gt=competence.starts_on,
        starts_on__lte=ends_on,
    )
    if later.exists():
        raise RuleBroken(_("A later competence for this technology begins before that day."))
    before = _dates(competence)
    competence.ends_on = ends_on
    competence.save(update_fields=["ends_on"])
    trail.record("ended", competence, by=by, before=before, after=_dates(competence))


def _dates(competence: Competence) -> dict[str, str]:
    return {"starts_on": str(competence.starts_on), "ends_on": str(competence.ends_on or "")}
