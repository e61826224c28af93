"""The signed links of questions that are sent out, `/ask/<token>/`. They tell only that this portal made them."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from compliance.models import QuestionRequest

ASK_DAYS = 14  # a link works for so long


class LinkForged(Exception):
    """The token was not made by this portal, not whole, or of a link that a newer one replaced."""


def _signer() -> Signer:
    return Signer(salt="compliance.question_request")


def request_token(request: QuestionRequest) -> str:
    """A token that names the request and until when its link works: a link that is sent again replaces the old one."""
    return _signer().sign(f"{request.reference}.{int(request.expires_at.timestamp() * 1_000_000)}")


def request_link(request: QuestionRequest) -> str:
    """The whole address, as a mail needs it."""
    return f"{settings.PORTAL_ORIGIN}{reverse('asking:question', args=[request_token(request)])}"


def request_of(token: str) -> QuestionRequest:
    """The request that a token names, with what its page shows. Raises LinkForged. One query, none for a forgery."""
    try:
        reference, _dot, _stamp = _signer().unsign(token).partition(".")
    except BadSignature as error:
        raise LinkForged from error
    found = QuestionRequest.objects.select_related(
        "assessment__system__operator", "assessment__edition", "question__principle", "asked_by"
    )
    try:
        request = found.get(reference=reference)
    except QuestionRequest.DoesNotExist as error:
        raise LinkForged from error
    if token != request_token(request):
        raise LinkForged
    return request
