"""The signed links of estate audits, `/estate/<token>/`. A token tells only that this portal made it."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from compliance.asking import LinkForged
from compliance.models import EstateRequest


def _signer() -> Signer:
    return Signer(salt="compliance.estate_request")


def estate_token(request: EstateRequest) -> str:
    """A token that names the request and until when its link works: a link that is sent again replaces the old one."""
    return _signer().sign(f"{request.reference}.{int(request.expires_at.timestamp() * 1_000_000)}")


def estate_link(request: EstateRequest) -> str:
    """The whole address, as a mail needs it."""
    return f"{settings.PORTAL_ORIGIN}{reverse('estate:answer', args=[estate_token(request)])}"


def request_of(token: str) -> EstateRequest:
    """The request that a token names, with what its page shows. Raises LinkForged. One query, none for a forgery."""
    try:
        reference, _dot, _stamp = _signer().unsign(token).partition(".")
    except BadSignature as error:
        raise LinkForged from error
    request = EstateRequest.objects.select_related("audit__operator", "audit__opened_by").filter(reference=reference)
    found = request.first()
    if found is None or token != estate_token(found):
        raise LinkForged
    return found
