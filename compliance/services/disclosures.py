"""Which answers the public copy shows and which it withholds and why: decided by a person, answer by answer."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from compliance.models import AnswerDisclosure, Assessment, Question
from compliance.services.assessments import hold
from compliance.services.texts import checked_text
from core import trail
from core.errors import IllegalMove, Incomplete, Problem, StaleRecord

REASON_LIMIT = 500
# Why answers under principle 9 stay back until somebody decides otherwise (Code, principle 9: security safeguards).
USUAL_REASON = gettext_noop("The answer could help somebody to get around the security of the system.")
SIGNED = (Assessment.Status.SIGNED, Assessment.Status.SUPERSEDED)


@dataclass(frozen=True)
class Disclosure:
    """Public, or withheld for a reason."""

    is_public: bool
    reason: str = ""


def disclosures_of(assessment: Assessment) -> dict[int, Disclosure]:
    """What holds for each question, by number. Two queries."""
    decided = {row.question_id: row for row in AnswerDisclosure.objects.filter(assessment=assessment)}
    found = {}
    for question in Question.objects.filter(edition=assessment.edition_id).order_by("number"):
        row = decided.get(question.pk)
        found[question.number] = Disclosure(row.is_public, row.reason) if row else usual(question)
    return found


def usual(question: Question) -> Disclosure:
    """What holds while nobody has decided."""
    return (
        Disclosure(is_public=False, reason=USUAL_REASON) if question.withheld_by_default else Disclosure(is_public=True)
    )


def disclosures_token(assessment: Assessment, disclosures: Mapping[int, Disclosure]) -> str:
    """A hash of all that holds: whoever decides says which state they read."""
    values = [(number, now.is_public, now.reason) for number, now in sorted(disclosures.items())]
    return hashlib.sha256(json.dumps([assessment.reference, values]).encode()).hexdigest()


@transaction.atomic
def decide_disclosures(
    *, assessment: Assessment, decisions: Mapping[int, Disclosure], by: User, seen: str = ""
) -> list[int]:
    """Write what differs from what holds; the numbers of those questions. What is published stays until published anew.

    `seen` is the token of the state that was on the page, where there was one. Raises StaleRecord when somebody decided
    since, Incomplete with every withheld answer that lacks a reason, IllegalMove unless signed, RuleBroken.
    """
    hold(assessment)
    if assessment.status not in SIGNED:
        raise IllegalMove(assessment, assessment.status)
    before = disclosures_of(assessment)
    if seen and seen != disclosures_token(assessment, before):
        raise StaleRecord(assessment)
    lacking = [number for number, wanted in decisions.items() if not wanted.is_public and not wanted.reason.strip()]
    if lacking:
        sentence = _("Say why the answer to question %(number)d is withheld.")
        raise Incomplete([Problem(sentence % {"number": number}, f"#reason-{number}") for number in lacking])
    changed = []
    questions = {question.number: question for question in assessment.edition.questions.all()}
    for number, wanted in decisions.items():
        reason = "" if wanted.is_public else checked_text(wanted.reason, limit=REASON_LIMIT)
        if (before[number].is_public, before[number].reason) == (wanted.is_public, reason):
            continue
        AnswerDisclosure.objects.update_or_create(
            assessment=assessment,
            question=questions[number],
            defaults={
                "is_public": wanted.is_public,
                "reason": reason,
                "decided_by": by,
                "decided_at": timezone.now(),
            },
        )
        changed.append(number)
    if changed:
        after = {str(n): decisions[n].reason if not decisions[n].is_public else "public" for n in changed}
        trail.record("disclosure_decided", assessment, by=by, after=after)
    return changed
