"""The signed links by which people without an account are asked. A token tells only that this portal made it."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.urls import reverse

from compliance.models import EstateRequest, QuestionRequest

ASK_DAYS = 14  # the link of a question works for so long

Request = TypeVar("Request", QuestionRequest, EstateRequest)


class LinkForged(Exception):
    """The token was not made by this portal, not whole, or of a link that a newer one replaced."""


@dataclass(frozen=True)
class Links(Generic[Request]):
    """The links of one kind of request, which lead to `page`; by the `salt` no link of another kind stands for one."""

    salt: str
    page: str

    def token(self, request: Request) -> str:
        """Names the request and until when its link works: a link that is sent again replaces the old one."""
        return Signer(salt=self.salt).sign(f"{request.reference}.{int(request.expires_at.timestamp() * 1_000_000)}")

    def address(self, request: Request) -> str:
        """The whole address, as a mail needs it."""
        return f"{settings.PORTAL_ORIGIN}{reverse(self.page, args=[self.token(request)])}"

    def request_of(self, token: str, among: "QuerySet[Request]") -> Request:
        """The request that a token names. Raises LinkForged. One query, none for a forgery."""
        try:
            reference, _dot, _stamp = Signer(salt=self.salt).unsign(token).partition(".")
        except BadSignature as error:
            raise LinkForged from error
        found = among.filter(reference=reference).first()
        if found is None or token != self.token(found):
            raise LinkForged
        return found


QUESTIONS: Links[QuestionRequest] = Links("compliance.question_request", "asking:question")  # at `/ask/<token>/`
ESTATES: Links[EstateRequest] = Links("compliance.estate_request", "estate:answer")  # at `/estate/<token>/`
