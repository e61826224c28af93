"""The signed links by which somebody takes up a system that was granted to them: `/invitations/systems/<token>/`."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse

from compliance.models import SystemGrant


class LinkForged(Exception):
    """The token was not made by this portal, or not whole."""


class LinkExpired(Exception):
    """The token is older than an invitation may be."""


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="compliance.system_grant")


def grant_token(grant: SystemGrant) -> str:
    """A token that names the grant and the time when it was made."""
    return _signer().sign(grant.reference)


def grant_link(grant: SystemGrant) -> str:
    """The whole address, as a mail needs it."""
    return f"{settings.PORTAL_ORIGIN}{reverse('taking_up:grant', args=[grant_token(grant)])}"


def grant_of(token: str) -> SystemGrant:
    """The grant that a token names. Raises LinkForged, LinkExpired. One query, none for a forgery."""
    try:
        reference = _signer().unsign(token, max_age=timedelta(days=settings.INVITATION_DAYS))
        return SystemGrant.objects.select_related("system__operator").get(reference=reference)
    except SignatureExpired as error:
        raise LinkExpired from error
    except (BadSignature, SystemGrant.DoesNotExist) as error:
        raise LinkForged from error
