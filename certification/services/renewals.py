"""Renewal: the holder applies again from the certificate; the award replaces it from that day."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from certification.models import Application, Certificate, CertificationScheme
from certification.services.applications import RUN, start_application
from core import trail
from core.errors import IllegalMove, RuleBroken

Status = Certificate.Status


def open_renewal(certificate: Certificate) -> Application | None:
    """The application by which it is being renewed. Reads `renewals` where they are loaded."""
    return next((a for a in certificate.renewals.all() if a.status in Application.OPEN), None)


@transaction.atomic
def start_renewal(*, certificate: Certificate, by: User) -> Application:
    """A draft with the scope, systems and body of the certificate, which names it; its terms can still be changed.

    Raises IllegalMove for a certificate that was withdrawn or replaced; RuleBroken when it is being renewed already or
    no scheme takes the application; Incomplete when the body may not certify or no system of it is active any more.
    """
    Certificate.objects.select_for_update(no_key=True).only("pk").get(pk=certificate.pk)
    certificate.refresh_from_db(fields=["status"])
    if certificate.status in (Status.WITHDRAWN, Status.REPLACED):
        raise IllegalMove(certificate, Status.REPLACED)
    if open_renewal(certificate) is not None:
        raise RuleBroken(_("This certificate is being renewed already."))
    application = start_application(
        operator=certificate.operator,
        scheme=scheme_of_renewal(certificate),
        body=certificate.body,
        systems=list(certificate.systems.filter(status__in=RUN).order_by("name", "pk")),
        scope=certificate.scope,
        sites=certificate.sites,
        aim=certificate.aim,
        by=by,
    )
    application.renews = certificate
    application.scope_cy, application.is_bilingual = certificate.scope_cy, certificate.is_bilingual
    application.save(update_fields=["renews", "scope_cy", "is_bilingual"])
    trail.record("renewal_begun", application, by=by, after={"renews": certificate.reference})
    return application


def scheme_of_renewal(certificate: Certificate) -> CertificationScheme:
    """The certificate's scheme, or the one that succeeds it and takes applications. Raises RuleBroken without any."""
    scheme = certificate.scheme
    if scheme.takes_applications():
        return scheme
    for successor in scheme.successors.order_by("-opened_on"):
        if successor.takes_applications():
            return successor
    raise RuleBroken(_("The scheme takes no applications: the certificate cannot be renewed under it."))
