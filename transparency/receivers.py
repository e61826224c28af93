"""What happens below is heard here; each receiver only promises work."""

from typing import Any

from django.dispatch import receiver

from certification.models import Certificate
from certification.signals import certificate_changed
from transparency.services.bake import promise_pages
from transparency.services.dependants import of_certificate


@receiver(certificate_changed, dispatch_uid="transparency.certificate_changed")
def rebuild_pages_of_certificate(sender: Any, certificate: Certificate, **kwargs: Any) -> None:
    """Pages that name the certificate are built again; its own page, mark and the register are live anyway."""
    promise_pages(of_certificate(certificate))
