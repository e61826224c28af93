"""What the secretary mends while a survey is open: the address of one that is asked, a return that says too little."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.services.texts import checked_text
from core import trail
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord
from strategy.models.surveys import TEXT_LIMIT, Survey, SurveyLink, SurveyReturn
from strategy.services import survey_links
from strategy.services.surveys import held_survey


def _held(record: SurveyReturn) -> SurveyReturn:
    """The return of an open survey, for this transaction alone. Raises IllegalMove, StaleRecord."""
    survey = held_survey(record.survey, None)
    if survey.status != Survey.Status.OPEN:
        raise IllegalMove(survey, Survey.Status.OPEN)
    held = SurveyReturn.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=record.pk)
    held.survey = survey
    return held


@transaction.atomic
def correct_address(*, record: SurveyReturn, email: str, by: User | None) -> SurveyReturn:
    """Another address of the chief executive: the links that were sent end, and a new one is sent there.

    Raises Incomplete, IllegalMove unless the survey is open, RuleBroken where the return is signed.
    """
    held = _held(record)
    if held.status == SurveyReturn.Status.SIGNED:
        raise RuleBroken(_("It is signed. Nobody is asked again."))
    try:
        validate_email(email)
    except ValidationError:
        problem = Problem(_("Enter an email address in the form name@example.org."), field="email")
        raise Incomplete([problem]) from None
    held.email = email.lower()
    held.version += 1
    held.save()
    held.links.filter(ended_at__isnull=True).update(ended_at=timezone.now())
    survey_links.send(held, SurveyLink.Purpose.CHIEF, held.email)
    if held.status == SurveyReturn.Status.COMPLETED and not held.signer_email:
        survey_links.send(held, SurveyLink.Purpose.SIGNER, held.email)
    trail.record("changed", held.survey, by=by, after={"asked again": held.organisation.name})
    return held


@transaction.atomic
def return_to_sender(*, record: SurveyReturn, words: str, version: int, by: User | None) -> SurveyReturn:
    """The secretary sends a completed or signed return back: it can be changed again and is signed anew. Who answers
    reads why. Raises Incomplete, IllegalMove, StaleRecord.
    """
    held = _held(record)
    if held.version != version:
        raise StaleRecord(held)
    said = checked_text(words, limit=TEXT_LIMIT)
    if held.can_move_to(SurveyReturn.Status.ASKED) and not said:
        raise Incomplete([Problem(_("Say why it is sent back."), field="words")])
    held.move_to(SurveyReturn.Status.ASKED, by=by, note=said)
    held.signer_name = held.signer_post = ""
    held.signed_at = None
    held.version += 1
    held.save()
    link = held.links.exclude(purpose=SurveyLink.Purpose.SIGNER).filter(ended_at__isnull=True).first()
    purpose, email = (link.purpose, link.email) if link else (SurveyLink.Purpose.CHIEF, held.email)
    survey_links.send(held, purpose, email)
    return held
