"""Certificates: issued inside the award, printed once by a worker, suspended, reinstated and withdrawn by decision."""

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import User
from certification.models import Application, Certificate, CertificateNumber
from certification.models.scheme import Aim
from certification.services.holding import require_text
from certification.services.impartiality import require_impartial
from certification.services.news import tell_holder
from certification.signals import certificate_changed
from certification.submission import Submission
from compliance.models import CodeEdition
from compliance.services.texts import checked_text
from core import jobs, trail
from core.dates import LONDON, add_months, last_day, today
from core.errors import RuleBroken

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Status = Certificate.Status
REASON_LIMIT = 2000
PRINT_JOB = "certification.print_certificate"


def next_number(year: int) -> str:
    """The next number of a year's series, such as CC-2026-0042, by one UPDATE.

    Call it inside the transaction that uses the number: with a rollback the number is free again, so that none is
    skipped, and until the commit every other caller waits, so that none is given twice.
    """
    series = f"CC-{year}"
    CertificateNumber.objects.get_or_create(series=series)
    CertificateNumber.objects.filter(series=series).update(last=F("last") + 1)
    return f"{series}-{CertificateNumber.objects.get(series=series).last:04d}"


@transaction.atomic
def issue_certificate(*, application: Application, by: User) -> Certificate:
    """The certificate of an awarded application: its words are copied from what was submitted, signed and concluded.

    Its document is promised. Call it inside the transaction of the award (`services.decisions.decide`).
    """
    if application.status != Application.Status.AWARDED:
        raise RuleBroken(_("Only an awarded application has a certificate."))
    scheme, day = application.scheme, today()
    months = scheme.months_of(application.aim)
    reference = next_number(day.year)
    certificate = Certificate.objects.create(
        reference=reference,
        application=application,
        scheme=scheme,
        operator=application.operator,
        body=application.body,
        aim=application.aim,
        **_copies(application),
        issued_on=day,
        valid_from=day,
        valid_until=last_day(day, months) if months else None,
        next_review_on=_next_review(application, months),
        address=f"{settings.PORTAL_ORIGIN}/certificates/{reference}/",
    )
    certificate.systems.set(application.systems.all())
    trail.record(
        "issued",
        certificate,
        by=by,
        after={
            "application": application.reference,
            "body": application.body.slug,
            "scheme": scheme.key,
            "scope": certificate.scope,
            "valid_from": certificate.valid_from,
            "valid_until": certificate.valid_until,
        },
    )
    jobs.promise(PRINT_JOB, {"certificate_id": certificate.pk}, key=f"{PRINT_JOB}:{certificate.pk}")
    certificate_changed.send(sender=Certificate, certificate=certificate)
    return certificate


def _next_review(application: Application, months: int | None) -> Any:
    """The first surveillance review of a full certificate; a desktop one ends before any would come."""
    every = application.scheme.surveillance_months
    if application.aim != Aim.FULL or not every or (months and every >= months):
        return None
    return add_months(today(), every)


def _copies(application: Application) -> dict[str, Any]:
    """The words and figures of the certificate, in English, as they stand at issue."""
    review = application.concluded_review()
    if review is None or review.concluded_at is None:
        raise RuleBroken(_("The application was not reviewed."))
    entry = application.scheme.bodies.current().filter(body=application.body_id).first()
    operator = application.operator
    with override("en-gb"):
        systems = Submission.of(application).systems()
        edition = CodeEdition.objects.filter(key=application.scheme.edition_key).first()
        return {
            "body_name": application.body.full_name,
            "accreditation_number": entry.accreditation_number if entry else "",
            "operator_name": operator.full_name,
            "operator_name_cy": operator.name_cy if operator.is_welsh else "",
            "scheme_name": application.scheme.name,
            "scheme_statement": application.scheme.statement,
            "edition_title": edition.title if edition else application.scheme.edition_key,
            "scope": application.scope,
            "sites": application.sites,
            "systems_listed": [
                {
                    "reference": system.reference,
                    "name": system.name,
                    "technologies": list(system.technologies),
                    "cameras": system.cameras,
                    "counted_on": system.counted_on.isoformat() if system.counted_on else None,
                }
                for system in systems
            ],
            "found": dict(Counter(review.verdicts.values_list("grade", flat=True))),
            "reviewed_on": review.concluded_at.astimezone(LONDON).date(),
        }


@transaction.atomic
def attach_document(*, certificate: Certificate, pdf: bytes) -> bool:
    """Store the document once: its bytes never change afterwards. False when there was one already.

    The row is taken before the file is written, so that of two workers only one writes; a worker that dies in between
    leaves the row free and a file that the next one overwrites.
    """
    name, sha256 = f"certificates/{certificate.reference}.pdf", hashlib.sha256(pdf).hexdigest()
    now = timezone.now()
    free = Certificate.objects.filter(pk=certificate.pk, document="")
    if not free.update(document=name, document_sha256=sha256, document_made_at=now):
        return False
    default_storage.delete(name)
    stored = default_storage.save(name, ContentFile(pdf))
    if stored != name:
        raise OSError(f"the storage took {name} as {stored}")
    certificate.refresh_from_db(fields=["document", "document_sha256", "document_made_at"])
    trail.record("printed", certificate, by=None, after={"sha256": sha256, "bytes": len(pdf)})
    certificate_changed.send(sender=Certificate, certificate=certificate)
    return True


# --- after issue: decisions by a person without part in the review (domain 9.11) ---


@transaction.atomic
def suspend(*, certificate: Certificate, reason: str, by: User) -> None:
    """It is not in force until reinstated. Raises Incomplete without a reason, RuleBroken, IllegalMove, StaleRecord."""
    subject = gettext_lazy("A certificate was suspended: {certificate}")
    _decide_status(certificate, Status.SUSPENDED, reason, by, subject)


@transaction.atomic
def reinstate(*, certificate: Certificate, reason: str, by: User) -> None:
    """A suspended one is in force again, within its dates. Raises as `suspend` does."""
    subject = gettext_lazy("A certificate was reinstated: {certificate}")
    _decide_status(certificate, Status.VALID, reason, by, subject)


@transaction.atomic
def withdraw_certificate(*, certificate: Certificate, reason: str, by: User) -> None:
    """It is worth nothing any more, for good; its page and number stay. Raises as `suspend` does."""
    subject = gettext_lazy("A certificate was withdrawn: {certificate}")
    _decide_status(certificate, Status.WITHDRAWN, reason, by, subject)


def _decide_status(certificate: Certificate, status: str, reason: str, by: User, subject: "_StrPromise") -> None:
    reason = require_text(checked_text(reason, limit=REASON_LIMIT), _("Write the reason."))
    application = certificate.application
    if application is not None:
        if application.assignments.filter(auditor=by).exists():
            raise RuleBroken(_("Whoever was an auditor of this application must not decide about its certificate."))
        require_impartial(application, by)
    certificate.move_to(status, by=by, note=reason)
    certificate_changed.send(sender=Certificate, certificate=certificate)
    tell_holder(
        certificate,
        subject=format_lazy(subject, certificate=certificate.reference),
        body=format_lazy(gettext_lazy("The certification body's reason:\n\n{reason}"), reason=reason),
    )
