"""What happens below is heard here; each receiver promises work, or freezes what an act made public."""

from typing import Any

from django.dispatch import receiver

from certification.models import Certificate, CertificationScheme
from certification.signals import certificate_changed, scheme_closed
from compliance.models import Consultation
from compliance.signals import consultation_changed
from core import jobs
from slas.models import Agreement
from slas.signals import agreement_changed
from transparency.services.bake import promise_pages
from transparency.services.dependants import of_certificate, of_scheme
from transparency.services.open_data import promise_open_data
from transparency.services.publish_agreement import FOLLOW
from transparency.services.publish_consultation import follow_consultation


@receiver(certificate_changed, dispatch_uid="transparency.certificate_changed")
def rebuild_pages_of_certificate(sender: Any, certificate: Certificate, **kwargs: Any) -> None:
    """Pages that name the certificate are built again; its own page, mark and the register are live anyway."""
    promise_pages(of_certificate(certificate))
    promise_open_data([certificate.operator.slug])


@receiver(scheme_closed, dispatch_uid="transparency.scheme_closed")
def rebuild_pages_of_scheme(sender: Any, scheme: CertificationScheme, **kwargs: Any) -> None:
    """Pages that name its certificates print the day of its closing."""
    promise_pages(of_scheme(scheme))


@receiver(consultation_changed, dispatch_uid="transparency.consultation_changed")
def follow(sender: Any, consultation: Consultation, by: Any, **kwargs: Any) -> None:
    """Its page says what was opened, concluded or withdrawn."""
    follow_consultation(consultation=consultation, by=by)


@receiver(agreement_changed, dispatch_uid="transparency.agreement_changed")
def follow_agreement(sender: Any, agreement: Agreement, **kwargs: Any) -> None:
    """What is public of it follows, by a job: it finds out whether there is anything public."""
    jobs.promise(FOLLOW, {"reference": agreement.reference})
