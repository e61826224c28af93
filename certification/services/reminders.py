"""Reminders before the end of a certificate and before its surveillance review, to holder and body, each once.

What is due comes from dates; a job of each day writes to those who were not told yet. A certificate that comes in late,
20 days before its end, is reminded of once and not three times: only the nearest of the distances that it is within.
"""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, Role
from accounts.services.notifications import notify
from certification.models import Certificate, CertificateReminder, SurveillanceReview
from compliance.services.people import holders
from core.errors import Text

About = CertificateReminder.About
DAYS_BEFORE = (30, 90, 180)
FIELD = {About.END: "valid_until", About.REVIEW: "next_review_on"}
KEPT_STATUS = (Certificate.Status.VALID, Certificate.Status.SUSPENDED)
LOOKED_AT = (SurveillanceReview.Status.UNDER_REVIEW, SurveillanceReview.Status.REVIEWED)
SUBJECTS = {
    About.END: gettext_lazy("A certificate ends on {day}: {certificate}"),
    About.REVIEW: gettext_lazy("A surveillance review is due by {day}: {certificate}"),
}
BODIES = {
    (About.END, True): gettext_lazy("If you want to keep it, apply for its renewal in time: the review takes a while."),
    (About.END, False): gettext_lazy("Its holder was reminded as well and can apply for a renewal."),
    (About.REVIEW, True): gettext_lazy("Say on its page what has changed since the last review."),
    (About.REVIEW, False): gettext_lazy("Assign an auditor in time."),
}


def remind(day: dt.date) -> int:
    """Write all reminders that are due on that day and were not written. Returns how many certificates.

    Each in a transaction of its own: begun again after a crash, it goes on where it stopped.
    """
    written = 0
    for about in About:
        for nearer, days in zip((-1, *DAYS_BEFORE), DAYS_BEFORE, strict=False):
            for certificate in _due(about, day, nearer, days):
                written += _write(certificate, about, days)
    return written


def _due(about: About, day: dt.date, nearer: int, days: int) -> QuerySet[Certificate]:
    """Those whose day is more than `nearer` and at most `days` days off, without this reminder."""
    field = FIELD[about]
    told = CertificateReminder.objects.filter(
        certificate=OuterRef("pk"), about=about, day=OuterRef(field), days_before=days
    )
    window = {f"{field}__gt": day + dt.timedelta(days=nearer), f"{field}__lte": day + dt.timedelta(days=days)}
    due = (
        Certificate.objects.select_related("operator", "body")
        .filter(Q(scheme__closed_on__isnull=True) | Q(scheme__closed_on__gt=day), status__in=KEPT_STATUS, **window)
        .exclude(Exists(told))
    )
    return due.exclude(surveillance__status__in=LOOKED_AT) if about == About.REVIEW else due


@transaction.atomic
def _write(certificate: Certificate, about: About, days: int) -> bool:
    day: dt.date = getattr(certificate, FIELD[about])
    try:
        with transaction.atomic():
            CertificateReminder.objects.create(certificate=certificate, about=about, day=day, days_before=days)
    except IntegrityError:  # somebody else was quicker
        return False
    subject = format_lazy(SUBJECTS[about], day=date_format(day, "j F Y"), certificate=certificate.reference)
    _tell(certificate, certificate.operator, Role.SPOC, subject, BODIES[about, True])
    _tell(certificate, certificate.body, Role.BODY_MANAGER, subject, BODIES[about, False])
    return True


def _tell(certificate: Certificate, organisation: Organisation, role: Role, subject: Text, body: Text) -> None:
    url = reverse("certification:certificate", args=[organisation.slug, certificate.reference])
    notify(users=holders(role, organisation), subject=subject, body=body, url=url)
