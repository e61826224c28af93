"""Recommendations of the past: what became of them, and what the public says, published once a secretary read it."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import Incomplete, Problem, RuleBroken
from strategy.models import Recommendation, RecommendationComment, RecommendationNote
from strategy.models.comments import COMMENT_LIMIT, NAME_LIMIT, NOTE_LIMIT

Status = RecommendationComment.Status
MOST_WAITING = 500  # of one recommendation: more than somebody can read is a flood


@transaction.atomic
def tell(
    *,
    recommendation: Recommendation,
    organisation: Organisation,
    standing: str,
    text: str,
    by: User | None,
    text_cy: str = "",
    source: str = "",
) -> RecommendationNote:
    """Tell how it stands from now on; what was told before stays to be read. Raises Incomplete, RuleBroken."""
    text = checked_text(text, limit=NOTE_LIMIT)
    problems = [] if text else [Problem(_("Say what is known of it."), field="text")]
    if standing not in Recommendation.Standing.values:
        problems.append(Problem(_("Choose one of the answers shown."), field="standing"))
    if problems:
        raise Incomplete(problems)
    note = RecommendationNote.objects.create(
        recommendation=recommendation,
        organisation=organisation,
        standing=standing,
        text=text,
        text_cy=checked_text(text_cy, limit=NOTE_LIMIT),
        source=source.strip(),
        by=by,
    )
    after = {"number": recommendation.number, "status": standing}
    trail.record("reported", recommendation, by=by, organisation=organisation, after=after)
    return note


@transaction.atomic
def comment(*, recommendation: Recommendation, text: str, name: str, language: str) -> RecommendationComment:
    """Keep what somebody says until it is read; the same again is the one that is kept.

    Raises Incomplete without words, RuleBroken where too many wait already.
    """
    text, name = checked_text(text, limit=COMMENT_LIMIT), checked_text(name, limit=NAME_LIMIT)
    if not text:
        raise Incomplete([Problem(_("Write your comment."), field="text")])
    Recommendation.objects.select_for_update(no_key=True).only("pk").get(pk=recommendation.pk)
    sha256 = hashlib.sha256(" ".join(text.split()).casefold().encode()).hexdigest()
    all_of_it = RecommendationComment.objects.filter(recommendation=recommendation)
    kept = all_of_it.filter(sha256=sha256).first()
    if kept is not None:
        return kept
    if all_of_it.filter(status=Status.WAITING).count() >= MOST_WAITING:
        raise RuleBroken(_("Too many comments wait to be read. Please try again in a few days."))
    return RecommendationComment.objects.create(
        recommendation=recommendation, text=text, name=name, language=language, sha256=sha256
    )


@transaction.atomic
def publish(
    *, comment: RecommendationComment, organisation: Organisation, text: str, name: str, by: User | None
) -> None:
    """The public reads `text`: the words as they came, or without what must not be public.

    Raises Incomplete without words, IllegalMove for one that was decided, StaleRecord.
    """
    text = checked_text(text, limit=COMMENT_LIMIT)
    if not text:
        raise Incomplete([Problem(_("Write what the public reads, or do not publish it."), field="text")])
    _decide(comment, Status.PUBLISHED, by)
    comment.published_text, comment.published_name = text, checked_text(name, limit=NAME_LIMIT)
    comment.save(update_fields=["published_text", "published_name", "decided_on"])
    shortened = text != comment.text
    trail.record("published", comment, by=by, organisation=organisation, after={"shortened": shortened})


@transaction.atomic
def refuse(*, comment: RecommendationComment, organisation: Organisation, by: User | None) -> None:
    """It is not public, or no longer; its words are erased. Raises IllegalMove, StaleRecord."""
    _decide(comment, Status.REFUSED, by)
    comment.text = comment.name = comment.published_text = comment.published_name = ""
    comment.save(update_fields=["text", "name", "published_text", "published_name", "decided_on"])
    trail.record("erased", comment, by=by, organisation=organisation)


def _decide(comment: RecommendationComment, status: str, by: User | None) -> None:
    comment.move_to(status, by=by)
    comment.decided_on = today()
