"""Telling all parties what happens to an agreement in force, or to one that was made in ink."""

import datetime as dt

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from slas.models import Agreement, AgreementParty
from slas.services.news import in_reader_words, tell_all, tell_party

PAGE, INK_PAGE = "agreement_standing", "agreement_ink"


def unchanged_by_one(agreement: Agreement, by: AgreementParty, review_on: dt.date) -> None:
    tell_all(
        agreement,
        format_lazy(_("{who} wants it to go on unchanged: {title}"), who=by.organisation.name, title=agreement.title),
        format_lazy(
            _("The next review would be due on {day}. Confirm the same day, or negotiate a new agreement."),
            day=in_reader_words(review_on, "j F Y"),
        ),
        but=by,
        page=PAGE,
    )


def unchanged(agreement: Agreement, review_on: dt.date) -> None:
    tell_all(
        agreement,
        format_lazy(_("It goes on unchanged: {title}"), title=agreement.title),
        format_lazy(
            _("Both sides confirmed it. The next review is due on {day}."), day=in_reader_words(review_on, "j F Y")
        ),
        page=PAGE,
    )


def notice_given(agreement: Agreement, by: AgreementParty, reason: str, last_day: dt.date) -> None:
    tell_all(
        agreement,
        format_lazy(_("{who} gave notice: {title}"), who=by.organisation.name, title=agreement.title),
        format_lazy(_("The last day is {day}.\n\n{reason}"), day=in_reader_words(last_day, "j F Y"), reason=reason),
        page=PAGE,
    )


def notice_taken_back(agreement: Agreement, by: AgreementParty) -> None:
    tell_all(
        agreement,
        format_lazy(_("{who} took the notice back: {title}"), who=by.organisation.name, title=agreement.title),
        _("The agreement goes on as it was signed."),
        page=PAGE,
    )


def ink_recorded(agreement: Agreement, by: AgreementParty) -> None:
    tell_all(
        agreement,
        format_lazy(
            _("{who} recorded an agreement signed in ink: {title}"), who=by.organisation.name, title=agreement.title
        ),
        _("Read the file. Confirm that the record is right, or return it and say why. It counts only after that."),
        but=by,
        page=INK_PAGE,
    )


def ink_returned(agreement: Agreement, by: AgreementParty, reason: str) -> None:
    for party in agreement.parties.select_related("organisation").filter(organisation=agreement.opened_by_id):
        party.agreement = agreement
        subject = format_lazy(
            _("{who} returned a record of an agreement: {title}"), who=by.organisation.name, title=agreement.title
        )
        tell_party(party, subject=subject, body=format_lazy("{reason}", reason=reason), page=INK_PAGE)


def ink_confirmed(agreement: Agreement) -> None:
    tell_all(
        agreement,
        format_lazy(_("All parties confirmed an agreement signed in ink: {title}"), title=agreement.title),
        _("It counts from now on. Its pages say that it was made outside the portal."),
        page=INK_PAGE,
    )
