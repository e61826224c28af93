"""Telling the people of an agreement what happened, each in their own workspace."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.services.notifications import notify
from compliance.services.people import holders
from core.errors import Text
from slas.models import Agreement, AgreementParty, AgreementText, Side
from slas.permissions import NEGOTIATES, SIGNS, SPEAKS

in_reader_words = lazy(date_format, str)  # a day, in the language of whoever reads the message


def tell_party(
    party: AgreementParty, *, subject: Text, body: Text, page: str = "agreement", signatories: bool = False
) -> None:
    """One notification for each person who works, or signs, for a party; with the page under its own address."""
    roles = {each[Side(party.side)] for each in ((SIGNS,) if signatories else (SPEAKS, NEGOTIATES))}
    users = {user.pk: user for role in sorted(roles) for user in holders(role, party.organisation)}
    url = reverse(f"slas:{page}", args=[party.organisation.slug, party.agreement.reference])
    notify(users=list(users.values()), subject=subject, body=body, url=url)


def tell_all(
    agreement: Agreement,
    subject: Text,
    body: Text,
    *,
    but: AgreementParty | None = None,
    page: str = "agreement",
    signatories: bool = False,
) -> None:
    """The same for all parties but one."""
    for party in agreement.parties.select_related("organisation"):
        if but is None or party.pk != but.pk:
            party.agreement = agreement
            tell_party(party, subject=subject, body=body, page=page, signatories=signatories)


def asked(agreement: Agreement, by: AgreementParty) -> None:
    """The draft was sent to the other side."""
    tell_all(
        agreement,
        but=by,
        subject=format_lazy(_("{who} proposes an agreement: {title}"), who=by.organisation.name, title=agreement.title),
        body=_("Read it clause by clause: accept, reject with a comment, or propose another text."),
    )


def text_confirmed(agreement: Agreement, by: AgreementParty) -> None:
    tell_all(
        agreement,
        but=by,
        subject=format_lazy(_("{who} agrees the whole text: {title}"), who=by.organisation.name, title=agreement.title),
        body=_("Every clause is agreed. Read the whole once more and say so for your side; then it can be signed."),
    )


def text_agreed(agreement: Agreement) -> None:
    """Both sides agreed the whole text: the signatories are asked."""
    tell_all(
        agreement,
        signatories=True,
        page="agreement_sign",
        subject=format_lazy(_("An agreement waits for your signature: {title}"), title=agreement.title),
        body=_("Both sides agreed the whole text. Read it, then sign it or have it opened again."),
    )


def reopened(agreement: Agreement, by: AgreementParty, reason: str, voided: AgreementText | None) -> None:
    sentence = (
        _("{who} opened the text again. All signatures on it are void.\n\n{reason}")
        if voided
        else _("{who} opened the text again.\n\n{reason}")
    )
    values = {"who": by.organisation.name, "reason": reason}
    for signatories in (False, True):
        tell_all(
            agreement,
            signatories=signatories,
            subject=format_lazy(_("The text is open again: {title}"), title=agreement.title),
            body=format_lazy(sentence, **values),
        )


def abandoned(agreement: Agreement, by: AgreementParty, reason: str) -> None:
    tell_all(
        agreement,
        but=by,
        subject=format_lazy(_("{who} gave up an agreement: {title}"), who=by.organisation.name, title=agreement.title),
        body=format_lazy("{reason}", reason=reason),
    )


def signed_by_one(agreement: Agreement, by: AgreementParty) -> None:
    tell_all(
        agreement,
        but=by,
        signatories=True,
        page="agreement_sign",
        subject=format_lazy(_("{who} signed: {title}"), who=by.organisation.name, title=agreement.title),
        body=_("The text is frozen. It waits for your signature."),
    )


def signed_by_all(agreement: Agreement) -> None:
    tell_all(
        agreement,
        subject=format_lazy(_("An agreement is signed by all: {title}"), title=agreement.title),
        body=_("Its document is being made. Publish it, so that the public can read it."),
    )
