"""What happens to an agreement that all signed: it goes on unchanged, it is ended by notice; and the word that there is
none. What it is worth on a day is derived from its days (`Agreement.standing`), never stored.
"""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import POLICE_KINDS, Organisation, User
from compliance.models.vocabulary import Technology
from compliance.services.texts import checked_text
from core import trail
from core.dates import add_months, today
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken
from slas.models import Agreement, AgreementParty, ConfirmedUnchanged, NoAgreement, Side
from slas.models.agreement import AgreementQuerySet
from slas.permissions import takes_part
from slas.services import standing_news
from slas.services.holding import hold, require_party, require_status
from slas.signals import agreement_changed

Status = Agreement.Status
REASON_LIMIT = 1000
LONGEST_REVIEW_MONTHS = 60
USUAL_NOTICE_MONTHS = 3  # where the agreement names none
TAKEN_BACK = "notice_taken_back"  # the note of that change: told in the language of whoever reads it


def earliest_last_day(agreement: Agreement, on: dt.date | None = None) -> dt.date:
    """The earliest day on which it can end by notice that is given on that day."""
    months = agreement.notice_months
    return add_months(on or today(), USUAL_NOTICE_MONTHS if months is None else months)


@transaction.atomic
def confirm_unchanged(*, agreement: Agreement, party: AgreementParty, by: User, review_on: dt.date) -> bool:
    """Say for a side that it goes on unchanged until that review. True once the other side said the same day: then the
    review moves and all parties are told. The same word said twice is one.

    Raises Incomplete for a day that does not fit, IllegalMove for one that is not in force.
    """
    require_party(agreement, party)
    hold(agreement)
    agreement.refresh_from_db(fields=["starts_on", "ends_on", "review_on"])
    if agreement.status != Status.SIGNED_BY_BOTH or not agreement.is_in_force():
        raise IllegalMove(agreement, Status.SIGNED_BY_BOTH)
    if problem := _problem_of_review(agreement, review_on):
        raise Incomplete([Problem(problem, field="review_on")])
    open_words = {word.side: word for word in open_reviews(agreement)}
    own = open_words.get(party.side)
    if own is None or own.review_on != review_on:
        own = ConfirmedUnchanged.objects.create(
            agreement=agreement, side=party.side, organisation=party.organisation, review_on=review_on, by=by
        )
        trail.record("confirmed", own, by=by, after={"agreement": agreement.reference, "review_on": review_on})
        is_new = True
    else:
        is_new = False
    other = open_words.get(Side(party.side).other)
    if other is None or other.review_on != review_on:
        if is_new:
            standing_news.unchanged_by_one(agreement, party, review_on)
        return False
    agreement.reviews.filter(in_effect_at=None).update(in_effect_at=timezone.now())
    before, agreement.review_on = agreement.review_on, review_on
    agreement.save(update_fields=["review_on"])
    trail.record("changed", agreement, by=by, before={"review_on": before}, after={"review_on": review_on})
    standing_news.unchanged(agreement, review_on)
    agreement_changed.send(sender=Agreement, agreement=agreement)
    return True


def open_reviews(agreement: Agreement) -> list[ConfirmedUnchanged]:
    """The last word of each side that is not in effect yet. One query."""
    words = agreement.reviews.filter(in_effect_at=None).select_related("organisation").order_by("at", "pk")
    return list({word.side: word for word in words}.values())


def _problem_of_review(agreement: Agreement, review_on: dt.date) -> str:
    if review_on <= today():
        return _("The next review must be after today.")
    if review_on > add_months(today(), LONGEST_REVIEW_MONTHS):
        return _("The next review must be within five years.")
    if agreement.ends_on is not None and review_on > agreement.ends_on:
        return _("The next review must not be after the last day of the agreement.")
    return ""


@transaction.atomic
def give_notice(
    *,
    agreement: Agreement,
    party: AgreementParty,
    by: User,
    reason: str,
    last_day: dt.date,
    password_checked: bool,
) -> None:
    """End it early, for all parties, after its last day; all are told why.

    Raises RuleBroken without the password, Incomplete for what is missing or too early, IllegalMove.
    """
    require_party(agreement, party)
    if not password_checked:
        raise RuleBroken(_("Enter your password again."))
    reason = checked_text(reason, limit=REASON_LIMIT)
    hold(agreement)
    agreement.refresh_from_db(fields=["starts_on", "ends_on", "notice_months"])
    require_status(agreement, Status.SIGNED_BY_BOTH, wanted=Status.TERMINATED)
    if agreement.ends_on is not None and agreement.ends_on < today():
        raise IllegalMove(agreement, Status.TERMINATED)
    problems = [] if reason else [Problem(_("Say why. All parties read it."), field="reason")]
    if problem := _problem_of_last_day(agreement, last_day):
        problems.append(Problem(problem, field="last_day"))
    if problems:
        raise Incomplete(problems)
    agreement.notice_on, agreement.notice_by, agreement.notice_reason = today(), party.organisation, reason
    agreement.ends_early_on = last_day
    agreement.save(update_fields=["notice_on", "notice_by", "notice_reason", "ends_early_on"])
    agreement.move_to(Status.TERMINATED, by=by, note=reason)
    standing_news.notice_given(agreement, party, reason, last_day)
    agreement_changed.send(sender=Agreement, agreement=agreement)


def _problem_of_last_day(agreement: Agreement, last_day: dt.date) -> str:
    if last_day < earliest_last_day(agreement):
        return _("The last day is too early for the notice that was agreed.")
    if agreement.starts_on is not None and last_day < agreement.starts_on:
        return _("The last day must not be before the first day.")
    if agreement.ends_on is not None and last_day >= agreement.ends_on:
        return _("It ends by itself on or before that day. Choose an earlier one, or let it end.")
    return ""


@transaction.atomic
def take_back_notice(*, agreement: Agreement, party: AgreementParty, by: User, password_checked: bool) -> None:
    """The party that gave notice takes it back while the agreement is still in force; all are told.

    Raises RuleBroken, IllegalMove.
    """
    require_party(agreement, party)
    if not password_checked:
        raise RuleBroken(_("Enter your password again."))
    hold(agreement)
    agreement.refresh_from_db(fields=["ends_early_on", "notice_by"])
    require_status(agreement, Status.TERMINATED, wanted=Status.SIGNED_BY_BOTH)
    if agreement.ends_early_on is None or agreement.ends_early_on < today():
        raise IllegalMove(agreement, Status.SIGNED_BY_BOTH)
    if agreement.notice_by_id != party.organisation_id:
        raise RuleBroken(_("Only the party that gave notice can take it back."))
    agreement.move_to(Status.SIGNED_BY_BOTH, by=by, note=TAKEN_BACK)
    agreement.notice_on = agreement.notice_by = agreement.ends_early_on = None
    agreement.notice_reason = ""
    agreement.save(update_fields=["notice_on", "notice_by", "notice_reason", "ends_early_on"])
    standing_news.notice_taken_back(agreement, party)
    agreement_changed.send(sender=Agreement, agreement=agreement)


@transaction.atomic
def declare_none(
    *, organisation: Organisation, other: Organisation, technology: str, by: User, reason: str = ""
) -> NoAgreement:
    """The dated word of a council or a force that the two have no agreement on a technology. Said twice it is one.

    Raises RuleBroken where an agreement in force covers it, Incomplete.
    """
    police = organisation if organisation.kind in POLICE_KINDS else other
    council = other if police.pk == organisation.pk else organisation
    if council.kind in POLICE_KINDS or police.kind not in POLICE_KINDS or not (takes_part(council)):
        raise RuleBroken(_("There must be one council and one police force or agency."))
    if not council.deals_with(police):
        raise RuleBroken(_("Training organisations and real ones are kept apart."))
    if technology not in Technology.values:
        raise Incomplete([Problem(_("Choose a technology."), field="technology")])
    if covering(council, police, technology).exists():
        raise RuleBroken(_("An agreement in force covers this. It cannot be said that there is none."))
    pair = {"council": council, "force": police, "technology": technology}
    values = {"declared_for": organisation, "by": by, "reason": checked_text(reason, limit=REASON_LIMIT)}
    try:
        with transaction.atomic():
            word, is_new = NoAgreement.objects.get_or_create(**pair, ended_on=None, defaults=values)
    except IntegrityError:  # somebody else said it at the same time
        word, is_new = NoAgreement.objects.get(**pair, ended_on=None), False
    if is_new:
        trail.record("declared", word, by=by, after={"with": other.slug, "technology": technology})
    return word


def covering(council: Organisation, police: Organisation, technology: str) -> AgreementQuerySet:
    """Agreements in force today between the two on a technology."""
    between = Agreement.objects.filter(parties__organisation=council).filter(parties__organisation=police)
    return between.filter(technologies__technology=technology).in_force()


@transaction.atomic
def end_none(*, word: NoAgreement, by: User | None) -> None:
    """Take the word back: from today nothing is known again. Said twice it is one."""
    if word.ended_on is not None:
        return
    word.ended_on = today()
    word.save(update_fields=["ended_on"])
    trail.record("ended", word, by=by, after={"ended_on": word.ended_on})


def end_covered(agreement: Agreement, by: User | None) -> None:
    """An agreement in force ends the word that there is none, for all its pairs and technologies."""
    organisations = [party.organisation_id for party in agreement.parties.all()]
    technologies = agreement.technologies.values("technology")
    pairs = NoAgreement.objects.filter(council__in=organisations, force__in=organisations, ended_on=None)
    for word in pairs.filter(technology__in=technologies):
        end_none(word=word, by=by)
