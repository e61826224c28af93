"""Certificates: issued in the award or in the place of another. `services.printing` prints, `services.life` decides."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, User
from certification.models import Application, Certificate, CertificateEvent, CertificationScheme
from certification.models.scheme import Aim
from certification.services import copies
from certification.services.events import add_event
from certification.services.numbers import next_number
from certification.signals import certificate_changed
from compliance.models import CameraSystem
from core import jobs, trail
from core.dates import add_months, last_day, today
from core.errors import Incomplete, RuleBroken

Status = Certificate.Status
WITHOUT_END = gettext_lazy(
    "A certificate has a last day, and the scheme does not say how long one of this kind lasts. Only one that was "
    "issued elsewhere and is recorded for the history can be without an end."
)
PRINT_JOB = "certification.print_certificate"


@transaction.atomic
def issue_certificate(
    *,
    application: Application,
    by: User,
    scope: str | None = None,
    scope_cy: str | None = None,
) -> Certificate:
    """The certificate of an awarded application: its words are copied from what was submitted, signed and concluded.

    `scope` and `scope_cy` are those of the decision where it narrowed what was applied for. The document is promised.
    Call it inside the transaction of the award (`services.decisions.decide`).
    """
    if application.status != Application.Status.AWARDED:
        raise RuleBroken(_("Only an awarded application has a certificate."))
    values = copies.of_application(application)
    return _issue(
        scheme=application.scheme,
        operator=application.operator,
        body=application.body,
        application=application,
        systems=application.systems.all(),
        origin=Certificate.Origin.AWARD,
        values={**values, **_narrowed(scope, scope_cy)},
        dates=new_dates(application.scheme, application.aim),
        predecessor=None,
        by=by,
    )


@transaction.atomic
def issue_successor(
    *,
    certificate: Certificate,
    origin: str,
    by: User,
    scheme: CertificationScheme | None = None,
    body: Organisation | None = None,
    scope: str | None = None,
    scope_cy: str | None = None,
    systems: Collection[CameraSystem] | None = None,
    application: Application | None = None,
    matter: Application | None = None,
    dates: str = "kept",
    reason: str = "",
) -> Certificate:
    """A certificate with a number of its own in the place of another, which is replaced from now on.

    With an `application` its words come from what was submitted and reviewed there, else from the certificate itself,
    word for word but for what is given: another scheme, body, scope, or fewer of its systems; it goes on then under
    `matter`, an awarded application, else under the certificate's. `dates` are "kept" or "new", from today. `reason` is
    public. Raises RuleBroken for a certificate that is not valid or an application that is not awarded,
    Incomplete for one without an end, StaleRecord.
    """
    if certificate.status != Status.VALID:
        raise RuleBroken(_("Only a certificate that is neither suspended, withdrawn nor replaced can be followed."))
    goes_on_in = application or matter
    if goes_on_in is not None and goes_on_in.status != Application.Status.AWARDED:
        raise RuleBroken(_("Only an awarded application has a certificate."))
    scheme = scheme or (application.scheme if application else certificate.scheme)
    body = body or (application.body if application else certificate.body)
    values = copies.of_application(application) if application else copies.of_certificate(certificate)
    if application is None:
        if scheme.pk != certificate.scheme_id:
            values.update(copies.of_scheme(scheme))
        if body.pk != certificate.body_id:
            values.update(copies.of_body(body, scheme))
        if systems is not None:
            values["systems_listed"] = copies.only(values["systems_listed"], systems)
    values.update(_narrowed(scope, scope_cy))
    successor = _issue(
        scheme=scheme,
        operator=certificate.operator,
        body=body,
        application=goes_on_in or certificate.application,
        systems=systems if systems is not None else (application or certificate).systems.all(),
        origin=origin,
        values=values,
        dates=_kept_dates(certificate) if dates == "kept" else new_dates(scheme, values["aim"]),
        predecessor=certificate,
        by=by,
    )
    certificate.move_to(Status.REPLACED, by=by, note=reason)
    add_event(certificate, CertificateEvent.Kind.REPLACED, by=by, reason=reason, data={"by": successor.reference})
    certificate_changed.send(sender=Certificate, certificate=certificate)
    return successor


def _issue(
    *,
    scheme: CertificationScheme,
    operator: Organisation,
    body: Organisation,
    application: Application | None,
    systems: Iterable[CameraSystem],
    origin: str,
    values: Mapping[str, Any],
    dates: Mapping[str, Any],
    predecessor: Certificate | None,
    by: User,
) -> Certificate:
    """The one place where a number is given: row, event, trail and the promise of the document, all or nothing.

    Raises Incomplete for one without an end.
    """
    if dates["valid_until"] is None:
        raise Incomplete([WITHOUT_END])
    reference = next_number(scheme, today().year)
    certificate = Certificate.objects.create(
        reference=reference,
        origin=origin,
        application=application,
        scheme=scheme,
        operator=operator,
        body=body,
        **values,
        **dates,
        issued_on=today(),
        address=f"{settings.PORTAL_ORIGIN}/certificates/{reference}/",
        predecessor=predecessor,
    )
    certificate.systems.set(systems)
    in_place_of = {"in_place_of": predecessor.reference} if predecessor else {}
    add_event(certificate, CertificateEvent.Kind.ISSUED, by=by, data={"origin": str(origin), **in_place_of})
    trail.record(
        "issued",
        certificate,
        by=by,
        after={
            "application": application.reference if application else None,
            "body": body.slug,
            "scheme": scheme.key,
            "scope": certificate.scope,
            "valid_from": certificate.valid_from,
            "valid_until": certificate.valid_until,
            **in_place_of,
        },
    )
    jobs.promise(PRINT_JOB, {"certificate_id": certificate.pk}, key=f"{PRINT_JOB}:{certificate.pk}")
    certificate_changed.send(sender=Certificate, certificate=certificate)
    return certificate


def _narrowed(scope: str | None, scope_cy: str | None) -> dict[str, str]:
    """A scope of the decision's own; the Welsh of the wider one no longer says the same and is left out."""
    if scope is None:
        return {} if scope_cy is None else {"scope_cy": scope_cy}
    return {"scope": scope, "scope_cy": scope_cy or ""}


def new_dates(scheme: CertificationScheme, aim: str) -> dict[str, dt.date | None]:
    """From today for as long as the scheme says; the first surveillance review of a full certificate, where one comes
    before its end.
    """
    day, months, every = today(), scheme.months_of(aim), scheme.surveillance_months
    reviewed = aim == Aim.FULL and every and (months is None or every < months)
    return {
        "valid_from": day,
        "valid_until": last_day(day, months) if months else None,
        "next_review_on": add_months(day, every) if reviewed and every else None,
    }


def _kept_dates(certificate: Certificate) -> dict[str, dt.date | None]:
    return {
        "valid_from": certificate.valid_from,
        "valid_until": certificate.valid_until,
        "next_review_on": certificate.next_review_on,
    }
