"""A review with everything that the pages of the desk show, each part loaded once and only if it is asked for."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, Q
from django.http import Http404
from django.utils.translation import gettext as _

from certification.models import Clarification, Criterion, Finding, StepReview, Verdict
from certification.services.follow_up import follows_up, to_follow_up
from certification.services.verdicts import WORKED_ON_AT
from certification.submission import Submission
from certification.views.desk_words import review_title
from certification.views.finding import Found
from compliance.models import Evidence


@dataclass
class Desk:
    """`number` says which review of the application, counted from 1; 0 is the open one, else the newest."""

    found: Found
    can_review: bool
    number: int = 0

    @cached_property
    def reviews(self) -> list[StepReview]:
        """All of the application, in the order in which they were begun. One query."""
        reviews = list(self.found.application.reviews.select_related("assignment__auditor").order_by("pk"))
        for review in reviews:
            review.application = self.found.application
        return reviews

    @cached_property
    def review(self) -> StepReview:
        """The one that the address names. 404 where there is none."""
        if self.number:
            if self.number > len(self.reviews):
                raise Http404
            return self.reviews[self.number - 1]
        if not self.reviews:
            raise Http404
        return max(self.reviews, key=lambda review: (review.concluded_at is None, review.pk))

    @cached_property
    def criteria(self) -> list[Criterion]:
        return list(self.found.application.scheme.criteria.all())

    @cached_property
    def _all_verdicts(self) -> list[Verdict]:
        """Of this review, and of concluded ones of the same body about the same operator, oldest first. One query."""
        application = self.found.application
        earlier = StepReview.objects.filter(
            application__operator=application.operator_id,
            application__body=application.body_id,
            concluded_at__isnull=False,
            begun_at__lt=self.review.begun_at,
        ).exclude(recommendation="")
        either = Verdict.objects.filter(review=self.review) | Verdict.objects.filter(review__in=earlier)
        return list(
            either.select_related("criterion", "review").order_by(F("review__concluded_at").asc(nulls_last=True), "pk")
        )

    @cached_property
    def verdicts(self) -> dict[int, Verdict]:
        """Of this review, by criterion."""
        return {verdict.criterion_id: verdict for verdict in self._all_verdicts if verdict.review_id == self.review.pk}

    @cached_property
    def previous_verdicts(self) -> dict[str, Verdict]:
        """The newest verdict of an earlier review on each criterion, by its key: a scheme may have been succeeded."""
        return {verdict.criterion.key: verdict for verdict in self._all_verdicts if verdict.review_id != self.review.pk}

    @cached_property
    def submission(self) -> Submission:
        return Submission.of(self.found.application)

    @cached_property
    def threads(self) -> list[Clarification]:
        """Every clarification of the application. One query."""
        threads = list(self.found.application.clarifications.select_related("criterion", "system").order_by("number"))
        for thread in threads:
            thread.application = self.found.application
        return threads

    @property
    def open_threads(self) -> list[Clarification]:
        return [thread for thread in self.threads if thread.status in Clarification.OPEN]

    @cached_property
    def all_findings(self) -> list[Finding]:
        """Of the application, and earlier ones that this review follows up. One query."""
        application = self.found.application
        either = Finding.objects.filter(
            Q(pk__in=application.findings.values("pk")) | Q(pk__in=to_follow_up(self.review).order_by().values("pk"))
        )
        findings = either.select_related(
            "criterion", "review", "application__scheme", "application__operator", "application__body"
        )
        return list(findings.defer("application__frozen").order_by("application__pk", "number"))

    @cached_property
    def findings(self) -> list[Finding]:
        """Every finding of the application."""
        own = self.found.application
        return [finding for finding in self.all_findings if finding.application_id == own.pk]

    @cached_property
    def follow_ups(self) -> list[Finding]:
        """Findings of earlier reviews that this one follows up. No query beside that of `findings`."""
        if self.review.concluded_at is not None:
            return []
        return [finding for finding in self.all_findings if follows_up(self.review, finding)]

    @property
    def is_open(self) -> bool:
        """Whether this user gives verdicts now."""
        at_work = self.found.application.status in WORKED_ON_AT[self.review.step]
        return self.can_review and at_work and self.review.concluded_at is None

    @property
    def principles(self) -> list[int]:
        return sorted({criterion.principle for criterion in self.criteria})

    @cached_property
    def _titles(self) -> dict[int, str]:
        return self.submission.principle_titles()

    def title_of(self, principle: int) -> str:
        return _("%(number)d. %(title)s") % {"number": principle, "title": self._titles.get(principle, "")}

    def next_open(self, criterion: Criterion) -> Criterion:
        """The next criterion without a verdict, after the last the first; `criterion` itself when all have one."""
        later = [c for c in self.criteria if c.position > criterion.position]
        earlier = [c for c in self.criteria if c.position < criterion.position]
        return next((c for c in [*later, *earlier] if c.pk not in self.verdicts), criterion)

    def files_of(self, references: set[str]) -> dict[str, tuple[int, str]]:
        """Size and media type by hash of the files of evidence, replaced ones included. One query."""
        if not references:
            return {}
        files: dict[str, tuple[int, str]] = {}
        names = ("sha256", "size", "media_type")
        found = Evidence.objects.filter(operator=self.found.application.operator_id, reference__in=references)
        for row in found.values_list(*names, *(f"versions__{name}" for name in names)):
            for sha256, size, media_type in (row[:3], row[3:]):
                if sha256:
                    files[sha256] = (size, media_type)
        return files

    def context(self, *further: tuple[str, str], **values: Any) -> dict[str, Any]:
        review_url = self.found.address("review") if further else ""
        return {
            "organisation": self.found.organisation,
            "application": self.found.application,
            "review": self.review,
            "review_title": review_title(self.review),
            "is_open": self.is_open,
            "breadcrumbs": self.found.trail((_("Review"), review_url), *further),
            **values,
        }
