"""The signed links of invitations: `/invitations/<token>/`."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse

from accounts.models import Invitation


class LinkForged(Exception):
    """The token was not made by this portal, or not whole."""


class LinkExpired(Exception):
    """The token is older than an invitation may be."""


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="accounts.invitation")


def invitation_token(invitation: Invitation) -> str:
    """A token that names the invitation and the time when it was made."""
    return _signer().sign(invitation.reference)


def invitation_path(invitation: Invitation) -> str:
    return reverse("accounts:invitation", args=[invitation_token(invitation)])


def reference_of(token: str) -> str:
    """The reference of the invitation that a token names. Raises LinkForged, LinkExpired."""
    try:
        return _signer().unsign(token, max_age=timedelta(days=settings.INVITATION_DAYS))
    except SignatureExpired as error:
        raise LinkExpired from error
    except BadSignature as error:
        raise LinkForged from error
