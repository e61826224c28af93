"""A question on one principle with its reply, beside that principle: with consent, and without what is personal.

It is frozen as every publication is, and taken back by a button.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.services.texts import checked_text
from core.errors import Incomplete, Problem, RuleBroken
from transparency.models import Enquiry, Publication
from transparency.models.enquiry import TEXT_LIMIT
from transparency.services.publish import Subject, new_version, withdraw_publication

SCHEMA = "ccp/question-publication/1"
Status = Enquiry.Status


def answers_of(enquiry: Enquiry) -> Publication | None:
    """The public copy beside whose principle it may stand, if it may. One query, or none."""
    agreed = enquiry.kind == Enquiry.Kind.PRINCIPLE and enquiry.may_publish and enquiry.erased_at is None
    if not agreed or enquiry.system is None or not enquiry.principle:
        return None
    if enquiry.system.operator_id != enquiry.organisation_id:  # passed on: the page is not theirs who answered
        return None
    if enquiry.status not in (Status.ANSWERED, Status.CLOSED, Status.INTERNAL_REVIEW):
        return None
    return Publication.objects.of_answers().current().filter(subject_reference=enquiry.system.reference).first()


def published_question(enquiry: Enquiry) -> Publication | None:
    """The version in force. One query."""
    kept = Publication.objects.filter(kind=Publication.Kind.QUESTION, subject_reference=enquiry.reference)
    return kept.current().select_related("organisation").first()


def published_on(systems: Sequence[str], principle: int) -> list[Publication]:
    """What is public today on one principle of the self-assessments of these systems, oldest first. One query."""
    asked = Enquiry.objects.filter(system__reference__in=systems, principle=principle).values("reference")
    published = Publication.objects.filter(kind=Publication.Kind.QUESTION, subject_reference__in=asked).current()
    return list(published.order_by("published_at", "pk"))


@transaction.atomic
def publish_question(*, enquiry: Enquiry, question: str, reply: str, by: User) -> Publication:
    """Raises RuleBroken where it may not be published, Incomplete without both texts, StaleRecord."""
    answers = answers_of(enquiry)
    if answers is None or enquiry.system is None:
        raise RuleBroken(
            _(
                "It can be published once it is answered, where the person agreed and answers of the self-assessment"
                " are public."
            )
        )
    question, reply = checked_text(question, limit=TEXT_LIMIT), checked_text(reply, limit=TEXT_LIMIT)
    texts = {"question": question, "reply": reply}
    if missing := [name for name, text in texts.items() if not text]:
        raise Incomplete([Problem(_("Write what the public reads."), field=name) for name in missing])
    Enquiry.objects.select_for_update(no_key=True).only("pk").get(pk=enquiry.pk)  # one after the other
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "system": enquiry.system.reference,
        "principle": enquiry.principle,
        "language": enquiry.language,
        **texts,
    }
    return new_version(
        Subject(enquiry, "enquiry", enquiry.reference, enquiry.organisation, answers.title, answers.title_cy),
        Publication.Kind.QUESTION,
        path=answers.path,
        content=content,
        summary={"principle": enquiry.principle},
        by=by,
    )


@transaction.atomic
def take_back_question(*, enquiry: Enquiry, by: User | None) -> None:
    """Raises RuleBroken where none is published, StaleRecord."""
    if (publication := published_question(enquiry)) is None:
        raise RuleBroken(_("Nothing of this enquiry is published."))
    withdraw_publication(publication=publication, by=by, reason=_("Taken back by the organisation."))
