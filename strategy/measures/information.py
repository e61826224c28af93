"""Deliverable 5.1: who gives information about its camera systems."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import Kind, Organisation
from core.dates import add_months
from strategy.measures.base import (
    Row,
    State,
    bodies,
    declared_none,
    end_of,
    in_words,
    measure,
    public_on,
    row_of,
    words_of_none,
)
from strategy.measures.passed import Passed, passed_since
from strategy.measures.systems import Estate, estate_of, estates
from transparency.agreement_standing import under_agreement
from transparency.models import Publication, PublishedDocument
from transparency.models.publication import REVIEW_MONTHS
from transparency.page_fields import FIELDS, missing_in


@dataclass(frozen=True)
class Page:
    """The camera information page of one system as it was when a day ended."""

    reference: str
    is_main: bool
    published_on: dt.date
    missing: tuple[str, ...]  # keys of required fields that neither page nor document answered
    is_old: bool

    @property
    def rank(self) -> tuple[bool, int, bool, dt.date]:
        """The page that says most for its authority has the highest."""
        return not (self.missing or self.is_old), -len(self.missing), self.is_main, self.published_on


@dataclass
class Known:
    """What was public of systems when a day ended, by primary key of the authority."""

    pages: dict[int, list[Page]]
    withdrawn: dict[int, dt.date]  # the last day on which a page was taken back


@measure(
    "information_published",
    _("Councils with complete public information about their cameras, published within 12 months"),
    _("principal authorities"),
    "National strategy 2020, 5.1: all local authorities give information about their camera systems on their websites",
)
def information_published(day: dt.date) -> Sequence[Row]:
    """Principal authorities with the camera information page of at least one system public when the day ended, that
    was published within the 12 months before and lacks none of the required fields; one that is withheld with a reason
    is answered. Nine queries at most.

    What a page says is frozen with it; a document and an agreement answer for the days on which they were public. No
    data: no page, no system recorded by then and no word that there is none.
    """
    passed = passed_since(day)
    known, there, none = _known(day, passed), estates(day, passed), declared_none(day)
    return [
        _row(body, known, estate_of(there, body), none.get(body.pk))
        for body in bodies(day, Kind.PRINCIPAL_AUTHORITY, passed)
    ]


def _row(body: Organisation, known: Known, estate: Estate, none_since: dt.date | None) -> Row:
    if pages := known.pages.get(body.pk):
        best = max(pages, key=lambda page: page.rank)
        if not best.missing and not best.is_old:
            return row_of(body, State.COUNTED, best.reference, best.published_on)
        return row_of(body, State.NOT_COUNTED, _lacking(best))
    if body.pk in known.withdrawn:
        return row_of(body, State.NOT_COUNTED, f"No page is public: withdrawn on {in_words(known.withdrawn[body.pk])}")
    if estate.recorded:
        return row_of(body, State.NOT_COUNTED, "No camera information page is public")
    if none_since is not None:
        return row_of(body, State.NOT_COUNTED, words_of_none(none_since))
    return row_of(body, State.NO_DATA, "No camera system is recorded")


def _lacking(page: Page) -> str:
    labels = {field.key: field.label for field in FIELDS}
    parts = []
    if page.is_old:
        parts.append(f"published on {in_words(page.published_on)}, more than {REVIEW_MONTHS} months before")
    if page.missing:
        with override("en-gb"):
            parts.append("missing: " + ", ".join(str(labels.get(key, key)) for key in page.missing))
    return f"{page.reference}: {'; '.join(parts)}"


def _known(day: dt.date, passed: Passed) -> Known:
    """Four queries at most: publications, the text of those whose summary is older than this measure, documents and
    agreements.
    """
    end, known = end_of(day), Known(defaultdict(list), {})
    withdrawn = Q(ended_at__lt=end) & ~Q(withdrawn_reason="")
    rows = (
        Publication.objects.of_systems()
        .filter(public_on(day) | withdrawn)
        .order_by("published_at", "pk")
        .values("pk", "organisation_id", "reference", "subject_reference", "published_at", "ended_at", "summary")
    )
    public = []
    for row in rows:
        row["organisation_id"] = passed.owner(Publication, row["pk"], row["organisation_id"])
        if row["ended_at"] is None or row["ended_at"] >= end:
            public.append(row)
        else:
            on, before = timezone.localdate(row["ended_at"]), known.withdrawn.get(row["organisation_id"])
            known.withdrawn[row["organisation_id"]] = max(on, before) if before else on
    read = _read(row["pk"] for row in public if "missing" not in row["summary"])
    papers, oldest = _papers(day, passed), add_months(day, -REVIEW_MONTHS)
    for row in public:
        published_on = timezone.localdate(row["published_at"])
        missing = row["summary"].get("missing", read.get(row["pk"], ()))
        page = Page(
            reference=row["reference"],
            is_main=bool(row["summary"].get("is_main")),
            published_on=published_on,
            missing=_unanswered(missing, papers[row["organisation_id"]] | papers[row["subject_reference"]]),
            is_old=published_on <= oldest,
        )
        known.pages[row["organisation_id"]].append(page)
    return known


def _read(keys: Iterable[int]) -> Mapping[int, list[str]]:
    """What is missing of the pages of which no summary tells, from their frozen text, one by one. One query."""
    wanted = Publication.objects.filter(pk__in=list(keys)).order_by()
    rows = wanted.values_list("pk", "content").iterator(chunk_size=20)  # each may be a megabyte
    return {pk: missing_in(json.loads(content)) for pk, content in rows}


def _papers(day: dt.date, passed: Passed) -> Mapping[int | str, set[str]]:
    """The kinds of documents that were public then: by primary key of an organisation those about all its systems, by
    reference of a system those about it alone. An agreement in force stands for its paper. Two queries.
    """
    kinds: dict[int | str, set[str]] = defaultdict(set)
    rows = PublishedDocument.objects.filter(public_on(day)).order_by()
    for key, organisation, system, kind in rows.values_list("pk", "organisation_id", "system__reference", "kind"):
        kinds[system or passed.owner(PublishedDocument, key, organisation)].add(kind)
    public = Publication.objects.of_agreements().filter(public_on(day)).values_list("summary", flat=True)
    for reference in under_agreement(public, day):
        kinds[reference].add(PublishedDocument.Kind.AGREEMENT)
    return kinds


def _unanswered(missing: Iterable[str], papers: set[str]) -> tuple[str, ...]:
    answers = {field.key: field.papers for field in FIELDS}
    return tuple(key for key in missing if not papers.intersection(answers.get(key, ())))
