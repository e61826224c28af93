"""The evidence radar: evidence and documents by their review dates, and the principles that the calendar alone marks.

Nothing here is stored: "due" and "past" are asked of the dates on the day (design 1, 7).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import FilteredRelation, Q
from django.utils.translation import gettext as _

from accounts.models import Organisation
from compliance.models import Assessment, Evidence, MadeElsewhere
from compliance.models.vocabulary import DocumentKind
from core.dates import today

AHEAD = dt.timedelta(days=90)
# The principles under which a document of each kind is expected (domain 3.3, 4.3); a document of another kind marks
# only where it is attached.
PRINCIPLES_OF: Mapping[str, tuple[int, ...]] = {
    DocumentKind.CODE_OF_PRACTICE: (5,),
    DocumentKind.PROCEDURES_MANUAL: (5,),
    DocumentKind.SHARING_AGREEMENT: (7,),
    DocumentKind.DPIA: (2,),
    DocumentKind.OPERATIONAL_REQUIREMENT: (1, 11),
    DocumentKind.TRAINING_RECORD: (5,),
    DocumentKind.ANNUAL_REPORT: (10,),
    DocumentKind.LICENCE: (5,),
    DocumentKind.CONTRACT: (4,),
    DocumentKind.DISCLOSURE_SUMMARY: (7,),
    DocumentKind.SIGN_SURVEY: (3,),
    DocumentKind.MAINTENANCE_RECORD: (8,),
}


@dataclass(frozen=True)
class DueEvidence:
    """A piece of evidence whose review date is past or near, and the questions it is attached to here."""

    reference: str
    title: str
    kind: str
    review_on: dt.date
    is_past: bool
    questions: tuple[int, ...] = ()


def due_by(on: dt.date | None = None) -> dt.date:
    """The last review date that is listed: 90 days from then."""
    return (on or today()) + AHEAD


def due_words(is_past: bool) -> str:
    """The two states of a review date that the calendar marks, called so everywhere."""
    return _("review due") if is_past else _("review due soon")


def evidence_due(assessment: Assessment) -> dict[int, list[DueEvidence]]:
    """By number of principle: evidence of the system, or attached to an answer, that is past its review date or will be
    within 90 days; the earliest first. One query. Marks come from the calendar alone: no answer is looked at.
    """
    day = today()
    here = FilteredRelation("uses", condition=Q(uses__assessment=assessment))
    rows = (
        Evidence.objects.annotate(here=here)
        .filter(Q(systems=assessment.system_id) | Q(here__isnull=False), review_on__lte=due_by(day))
        .order_by("review_on", "title", "pk")
        .values_list(
            "reference",
            "title",
            "kind",
            "review_on",
            "here__question__number",
            "here__question__principle__number",
        )
        .distinct()
    )
    questions: defaultdict[str, set[int]] = defaultdict(set)
    principles: defaultdict[str, set[int]] = defaultdict(set)
    found: dict[str, tuple[str, str, dt.date]] = {}
    for reference, title, kind, review_on, number, principle in rows:
        if review_on is None:  # for the type checker: the query asks for dates
            continue
        found[reference] = (title, kind, review_on)
        principles[reference].update(PRINCIPLES_OF.get(kind, ()))
        if number:
            questions[reference].add(number)
            principles[reference].add(principle)
    due: defaultdict[int, list[DueEvidence]] = defaultdict(list)
    for reference, (title, kind, review_on) in found.items():
        numbers = tuple(sorted(questions[reference]))
        item = DueEvidence(reference, title, kind, review_on, is_past=review_on < day, questions=numbers)
        for principle in sorted(principles[reference]):
            due[principle].append(item)
    return dict(due)


def running_out(user: Any, operator: Organisation) -> Iterator[Evidence | MadeElsewhere]:
    """All that is past its review date or will be within 90 days, the earliest first. Four queries at most.

    A document made outside the portal is listed once, as such, where it counts; its file is not listed again.
    """
    until = due_by()
    made = list(
        MadeElsewhere.objects.visible_to(user)
        .counting()
        .filter(operator=operator, review_on__lte=until)
        .select_related("operator", "evidence")
        .prefetch_related("systems")
    )
    listed = {record.evidence_id for record in made}
    files = (
        Evidence.objects.visible_to(user)
        .filter(operator=operator, review_on__lte=until)
        .exclude(pk__in=listed)
        .select_related("operator")
        .prefetch_related("systems")
    )
    records: list[Evidence | MadeElsewhere] = [*made, *files]
    yield from sorted(records, key=lambda record: (record.review_on or until, record.pk))
