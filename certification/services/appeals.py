"""Appeals: once per application, within a time, decided by people with part in neither the review nor the decision."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Role, User
from certification.models import Appeal, Application, Decision
from certification.services.holding import require_status, require_text
from certification.services.impartiality import stops_of
from certification.services.news import tell_body
from compliance.services.people import holders
from compliance.services.texts import checked_text
from core import trail
from core.dates import LONDON, today
from core.errors import RuleBroken

Status = Application.Status
GROUNDS_LIMIT = 4000


def last_day_of_appeal(decision: Decision) -> dt.date:
    """The last day, inclusive, on which an appeal against it is taken."""
    days: int = settings.CERTIFICATION_APPEAL_DAYS
    return decision.at.astimezone(LONDON).date() + dt.timedelta(days=days)


def decision_to_appeal(application: Application) -> Decision | None:
    """The decision that the applicant may appeal against today, or None. At most two queries."""
    if application.status != Application.Status.DECLINED or Appeal.objects.filter(application=application).exists():
        return None
    decision = application.decisions.filter(outcome=Decision.Outcome.DECLINE, on_appeal=False).last()
    return decision if decision is not None and today() <= last_day_of_appeal(decision) else None


@transaction.atomic
def appeal(*, application: Application, grounds: str, by: User) -> Appeal:
    """The operator appeals against a declined application, once.

    Raises Incomplete without grounds, RuleBroken after the time or a second time, IllegalMove, StaleRecord.
    """
    grounds = require_text(checked_text(grounds, limit=GROUNDS_LIMIT), _("Write the grounds of the appeal."))
    require_status(application, Status.DECLINED, wanted=Status.APPEALED)
    if Appeal.objects.filter(application=application).exists():
        raise RuleBroken(_("There was an appeal in this matter already. Its decision is final."))
    decision = decision_to_appeal(application)
    if decision is None:
        days: int = settings.CERTIFICATION_APPEAL_DAYS
        raise RuleBroken(
            ngettext(
                "The time for an appeal has passed: %(days)d day from the decision.",
                "The time for an appeal has passed: %(days)d days from the decision.",
                days,
            )
            % {"days": days}
        )
    made = Appeal.objects.create(application=application, against=decision, grounds=grounds, by=by)
    trail.record("appealed", made, by=by, after={"grounds": grounds})
    application.move_to(Status.APPEALED, by=by, note=grounds)
    _tell_body(application, grounds)
    return made


def who_may_decide(application: Application) -> list[User]:
    """The body's decision makers with part neither in the review nor in a decision of the matter. Four queries."""
    had_part = {*application.assignments.values_list("auditor", flat=True)}
    had_part |= {*application.decisions.values_list("by", flat=True)}
    people = [person for person in holders(Role.DECISION_MAKER, application.body) if person.pk not in had_part]
    stops = stops_of(application, people)
    return [person for person in people if person.pk not in stops]


def _tell_body(application: Application, grounds: str) -> None:
    """Those who may decide; where there is nobody, the manager hears that somebody has to be found."""
    subject = format_lazy(gettext_lazy("An appeal was made: {reference}"), reference=application.reference)
    may = {person.pk for person in who_may_decide(application)}
    told = format_lazy(gettext_lazy("The grounds of the applicant:\n\n{grounds}"), grounds=grounds)
    others = [person for person in holders(Role.DECISION_MAKER, application.body) if person.pk not in may]
    tell_body(application, Role.DECISION_MAKER, subject=subject, body=told, without=others)
    if may:
        tell_body(application, Role.BODY_MANAGER, subject=subject, body=told)
        return
    tell_body(
        application,
        Role.BODY_MANAGER,
        subject=subject,
        body=format_lazy(
            gettext_lazy(
                "Nobody at your organisation may decide about it: every decision maker had part in the review or in "
                "the decision. Give the role to somebody who had no part.\n\nThe grounds of the applicant:\n\n{grounds}"
            ),
            grounds=grounds,
        ),
    )
