"""Site visits: the date that both sides agree, and the way through step 2.

What is seen there: `visit_sample` and `visit_seen`; the signatures: `visit_signing` and `visit_unsigned`. Their acts
are gathered here, so that callers need this module alone.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from certification.models import Application, SiteVisit, StepReview, VisitMessage
from certification.models.scheme import Aim
from certification.services.holding import require_status, require_text
from certification.services.reviews import open_points_of, open_review
from certification.services.visit_holding import (
    AT_WORK,
    claim,
    hold_visit,
    open_review_of,
    require_auditor,
    say,
    tell_body,
    tell_operator,
)
from certification.services.visit_points import points_of
from certification.services.visit_sample import choose_camera, draw_sample, drop_camera, set_places
from certification.services.visit_seen import add_photo, not_seen, observe, raise_finding
from certification.services.visit_signing import sign_off_auditor, sign_off_operator, take_back_signature
from certification.services.visit_unsigned import ask_again, end_unsigned
from compliance.services.texts import checked_text
from core import trail
from core.dates import LONDON, today
from core.errors import Incomplete, Problem, RuleBroken

__all__ = [
    "add_photo",
    "agree",
    "ask_again",
    "ask_for_another_date",
    "begin",
    "cancel",
    "change",
    "choose_camera",
    "draw_sample",
    "drop_camera",
    "end_unsigned",
    "not_seen",
    "observe",
    "open_points",
    "propose",
    "raise_finding",
    "set_places",
    "sign_off_auditor",
    "sign_off_operator",
    "take_back_signature",
]

Status = Application.Status
Visit = SiteVisit.Status
Kind = VisitMessage.Kind
Step = StepReview.Step
PLACE_LIMIT, AGENDA_LIMIT, REASON_LIMIT = 500, 4000, 2000
LONGEST = dt.timedelta(days=31)
FURTHEST = dt.timedelta(days=731)


@transaction.atomic
def propose(
    *,
    application: Application,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    place: str,
    by: User,
    agenda: str = "",
) -> SiteVisit:
    """A date for a visit, which the operator agrees or not. Opens the review of step 2 where there is none yet.

    Of an accepted application only where the scheme lets step 1 be skipped, and after the auditor declared. Raises
    Incomplete with everything that does not fit, RuleBroken, IllegalMove.
    """
    place, agenda = _checked(starts_at, ends_at, place, agenda)
    require_status(application, *AT_WORK, wanted=Status.STEP2_SCHEDULED)
    review = _review_for(application, by)
    same = application.visits.filter(review=review, starts_at=starts_at, ends_at=ends_at, place=place, proposed_by=by)
    if again := same.filter(status=Visit.PROPOSED, wish="").first():
        return again  # the button was pressed twice
    visit = SiteVisit.objects.create(
        application=application,
        review=review,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        agenda=agenda,
        places=[{"name": application.sites[:150], "kind": "control_room"}] if application.sites else [],
        proposed_by=by,
    )
    say(visit, Kind.PROPOSED, by)
    trail.record("proposed", visit, by=by, after=_values(visit))
    tell_operator(
        visit,
        subject=format_lazy(gettext_lazy("A date for a site visit is proposed: {when}"), when=when_in_words(visit)),
        body=format_lazy(
            gettext_lazy("Agree the date, or ask for another and say why. Application: {reference}"),
            reference=application.reference,
        ),
    )
    return visit


def _review_for(application: Application, by: User) -> StepReview:
    """The open review that the visit belongs to; that of step 2 is opened with its first visit."""
    step = Step.SURVEILLANCE if application.status == Status.AWARDED else Step.ON_SITE
    review = open_review_of(application, step)
    if review is not None:
        return review
    if step == Step.SURVEILLANCE:
        raise RuleBroken(_("A visit belongs to a review. Begin the surveillance review first."))
    require_step2(application)
    assignment = application.open_assignment()
    if assignment is None or not assignment.is_cleared:
        raise RuleBroken(_("The assigned auditor must first declare that there is no conflict of interest."))
    return open_review(application, step, assignment, by=by)


def require_step2(application: Application) -> None:
    """Raises RuleBroken for a desktop application, and for an accepted one where step 1 may not be skipped."""
    if application.aim != Aim.FULL:
        raise RuleBroken(_("This application aims at desktop certification, which has no site visit."))
    if application.status == Status.ACCEPTED and not application.scheme.desktop_may_be_skipped:
        raise RuleBroken(_("The scheme does not let step 1 be skipped. Conclude the desktop review first."))


@transaction.atomic
def agree(*, visit: SiteVisit, version: int, by: User) -> None:
    """The operator's single point of contact agrees what stands there; step 2 is scheduled then.

    Raises StaleRecord when the date was changed meanwhile, IllegalMove.
    """
    hold_visit(visit, Visit.PROPOSED, wanted=Visit.AGREED)
    claim(visit, version)
    SiteVisit.objects.filter(pk=visit.pk).update(wish="")
    visit.wish = ""
    visit.move_to(Visit.AGREED, by=by)
    say(visit, Kind.AGREED, by)
    application = visit.application
    if application.status in (Status.ACCEPTED, Status.STEP1_PASSED):
        application.move_to(Status.STEP2_SCHEDULED, by=by)
    tell_body(
        visit,
        subject=format_lazy(gettext_lazy("The date of a site visit is agreed: {when}"), when=when_in_words(visit)),
        body=format_lazy(gettext_lazy("Application: {reference}"), reference=application.reference),
        without=by,
    )


@transaction.atomic
def ask_for_another_date(*, visit: SiteVisit, version: int, reason: str, by: User) -> None:
    """The operator cannot on that date, whether it was agreed or not, and says why and what would suit.

    Raises Incomplete without a reason, StaleRecord, IllegalMove.
    """
    reason = require_text(checked_text(reason, limit=REASON_LIMIT), _("Say why, and which dates would suit."))
    hold_visit(visit, Visit.PROPOSED, Visit.AGREED, wanted=Visit.PROPOSED)
    claim(visit, version)
    SiteVisit.objects.filter(pk=visit.pk).update(wish=reason)
    visit.wish = reason
    if visit.status == Visit.AGREED:
        visit.move_to(Visit.PROPOSED, by=by, note=reason)
    else:
        trail.record("asked_for_another_date", visit, by=by, after={"reason": reason})
    say(visit, Kind.ASKED, by, reason)
    tell_body(
        visit,
        subject=format_lazy(
            gettext_lazy("Another date is asked for a site visit: {reference}"), reference=visit.application.reference
        ),
        body=format_lazy(gettext_lazy("The operator's reason:\n\n{reason}"), reason=reason),
        without=by,
    )


@transaction.atomic
def change(
    *,
    visit: SiteVisit,
    version: int,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    place: str,
    agenda: str,
    reason: str,
    by: User,
) -> None:
    """Another date or place, with a reason; the operator is asked to agree again. A change of the agenda alone leaves
    the agreement as it is. Raises Incomplete, StaleRecord, IllegalMove.
    """
    reason = require_text(checked_text(reason, limit=REASON_LIMIT), _("Say why it is changed."))
    hold_visit(visit, Visit.PROPOSED, Visit.AGREED, wanted=Visit.PROPOSED)
    before = _values(visit)
    moves = (visit.starts_at, visit.ends_at, visit.place) != (starts_at, ends_at, place.strip())
    place, agenda = _checked(starts_at, ends_at, place, agenda, is_new=moves)
    claim(visit, version)
    visit.starts_at, visit.ends_at, visit.place, visit.agenda = starts_at, ends_at, place, agenda
    visit.wish = "" if moves else visit.wish
    visit.sequence += 1
    visit.save(update_fields=["starts_at", "ends_at", "place", "agenda", "wish", "sequence"])
    trail.record("changed", visit, by=by, before=before, after={**_values(visit), "reason": reason})
    if moves and visit.status == Visit.AGREED:
        visit.move_to(Visit.PROPOSED, by=by, note=reason)
    say(visit, Kind.CHANGED, by, reason)
    tell_operator(
        visit,
        subject=format_lazy(gettext_lazy("A site visit was changed: {when}"), when=when_in_words(visit)),
        body=format_lazy(gettext_lazy("The certification body's reason:\n\n{reason}"), reason=reason),
    )


@transaction.atomic
def cancel(*, visit: SiteVisit, version: int, reason: str, by: User) -> None:
    """It does not take place, or was broken off; what was seen stays on record. Another can be proposed.

    Raises Incomplete without a reason, StaleRecord, IllegalMove.
    """
    reason = require_text(checked_text(reason, limit=REASON_LIMIT), _("Say why it is cancelled."))
    hold_visit(visit, Visit.PROPOSED, Visit.AGREED, Visit.UNDER_WAY, wanted=Visit.CANCELLED)
    claim(visit, version)
    SiteVisit.objects.filter(pk=visit.pk).update(sequence=visit.sequence + 1, wish="")
    visit.sequence, visit.wish = visit.sequence + 1, ""
    visit.move_to(Visit.CANCELLED, by=by, note=reason)
    say(visit, Kind.CANCELLED, by, reason)
    subject = format_lazy(gettext_lazy("A site visit was cancelled: {when}"), when=when_in_words(visit))
    body = format_lazy(gettext_lazy("The certification body's reason:\n\n{reason}"), reason=reason)
    tell_operator(visit, subject=subject, body=body)
    tell_body(visit, subject=subject, body=body, without=by)


@transaction.atomic
def begin(*, visit: SiteVisit, by: User) -> None:
    """The auditor is there: the audit of step 2 is under way. Raises RuleBroken before the agreed day, IllegalMove."""
    hold_visit(visit, Visit.AGREED, wanted=Visit.UNDER_WAY)
    require_auditor(visit, by)
    if visit.starts_at.astimezone(LONDON).date() > today():
        raise RuleBroken(_("The visit begins on the agreed day. Change the date first if it takes place earlier."))
    visit.move_to(Visit.UNDER_WAY, by=by)
    if visit.application.status == Status.STEP2_SCHEDULED:
        visit.application.move_to(Status.STEP2_AUDIT, by=by)


@open_points_of(Step.ON_SITE, Step.SURVEILLANCE)
def open_points(review: StepReview) -> list[Problem]:
    """What of its visits keeps a review from being concluded: for step 2 none held, for both those not signed off and
    what was not seen in them. Two queries.
    """
    return points_of(review)


# --- small parts ---


def when_in_words(visit: SiteVisit) -> str:
    """In London: 22 November 2026, 10:00 to 16:00; over several days with both of them."""
    start, end = visit.starts_at.astimezone(LONDON), visit.ends_at.astimezone(LONDON)
    if start.date() == end.date():
        return _("%(day)s, %(from)s to %(to)s") % {
            "day": date_format(start, "j F Y"),
            "from": f"{start:%H:%M}",
            "to": f"{end:%H:%M}",
        }
    return _("%(first)s to %(last)s") % {
        "first": date_format(start, "j F Y, H:i"),
        "last": date_format(end, "j F Y, H:i"),
    }


def _checked(
    starts_at: dt.datetime, ends_at: dt.datetime, place: str, agenda: str, *, is_new: bool = True
) -> tuple[str, str]:
    place, agenda = checked_text(place, limit=PLACE_LIMIT), checked_text(agenda, limit=AGENDA_LIMIT)
    problems = []
    if not place:
        problems.append(_("Say where the visit takes place."))
    if ends_at <= starts_at:
        problems.append(_("The visit must end after it begins."))
    elif ends_at - starts_at > LONGEST:
        problems.append(_("A visit lasts at most a month. Propose several."))
    if is_new and starts_at.astimezone(LONDON).date() < today():
        problems.append(_("The visit must begin today or later."))
    if starts_at > timezone.now() + FURTHEST:
        problems.append(_("The visit must begin within two years."))
    if problems:
        raise Incomplete(problems)
    return place, agenda


def _values(visit: SiteVisit) -> dict[str, object]:
    return {
        "application": visit.application.reference,
        "starts_at": visit.starts_at,
        "ends_at": visit.ends_at,
        "place": visit.place,
        "agenda": visit.agenda,
    }
