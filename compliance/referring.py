"""The link by which anybody may ask an operator for a camera, `/refer/<token>/`: signed, and open while it is so."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from compliance.models import ReferralAddress


class LinkClosed(Exception):
    """The token was not made by this portal, is not whole, or its operator takes no requests by it (any more)."""


def _signer() -> Signer:
    return Signer(salt="compliance.referral")


def referral_token(address: ReferralAddress) -> str:
    """A token that names the operator and the moment of opening: opened anew, the old link is closed."""
    if address.opened_at is None:
        raise LinkClosed
    return _signer().sign(f"{address.operator.slug}.{int(address.opened_at.timestamp() * 1_000_000)}")


def referral_link(address: ReferralAddress) -> str:
    """The whole address, as an operator shares it."""
    return f"{settings.PORTAL_ORIGIN}{reverse('referring:form', args=[referral_token(address)])}"


def address_of(token: str) -> ReferralAddress:
    """The open address that a token names, with its operator. Raises LinkClosed. One query, none for a forgery."""
    try:
        slug, _dot, _stamp = _signer().unsign(token).partition(".")
    except BadSignature as error:
        raise LinkClosed from error
    found = ReferralAddress.objects.select_related("operator")
    address = found.filter(operator__slug=slug, opened_at__isnull=False).first()
    if address is None or token != referral_token(address):
        raise LinkClosed
    return address
