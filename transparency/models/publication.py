"""Publications: frozen snapshots of what was published, by whom, from when to when. Public pages rest on them."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.bilingual import local_text
from core.dates import add_months, today
from core.errors import Text
from core.references import new_reference
from slas.models import Agreement

# A camera is reviewed at least yearly (Code, principle 10; domain 0.2), and so is what is said of it.
REVIEW_MONTHS = 12


def publication_reference() -> str:
    return new_reference("PB")


class PublicationKind(models.TextChoices):
    SYSTEM = "system", _("camera information page")
    SELF_ASSESSMENT = "self_assessment", _("answers of the self-assessment")
    CONSULTATION = "consultation", _("consultation about cameras")
    QUESTION = "question", _("question on a self-assessment, with its reply")
    AGREEMENT = "agreement", _("agreement between councils and police")
    GROUP = "group", _("group of the national strategy")
    MEETING = "meeting", _("minutes of a meeting")
    BULLETIN = "bulletin", _("bulletin")
    RESOURCE = "resource", _("guidance")
    SURVEY = "survey", _("survey")
    TRIAL = "trial", _("trial or research")
    NATIONAL = "national", _("national consultation")


# What national bodies and others publish about the strategy: answered live, found by its title and `summary["found"]`.
NATIONAL_KINDS = (
    PublicationKind.GROUP,
    PublicationKind.MEETING,
    PublicationKind.BULLETIN,
    PublicationKind.RESOURCE,
    PublicationKind.SURVEY,
    PublicationKind.TRIAL,
    PublicationKind.NATIONAL,
)
LIVE_KINDS = (PublicationKind.AGREEMENT, *NATIONAL_KINDS)  # no page of theirs is built into a file


def kind_choices() -> Sequence[tuple[str, Text]]:
    """Named here so that a new kind is no migration."""
    return PublicationKind.choices


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, user: Any) -> "PublicationQuerySet":
        return self.filter(organisation_id__in=user.organisation_ids())

    def current(self) -> "PublicationQuerySet":
        """Those in force: neither replaced nor withdrawn."""
        return self.filter(ended_at__isnull=True)

    def newest(self) -> "PublicationQuerySet":
        """The newest of each subject, withdrawn ones included: an address never dies."""
        newest = self.model.objects.filter(
            kind=models.OuterRef("kind"), subject_reference=models.OuterRef("subject_reference")
        )
        return self.filter(pk=models.Subquery(newest.order_by("-version").values("pk")[:1]))

    def newest_at(self, path: str) -> "Publication | None":
        """The newest version of what was last published at an address, wherever it is by now. Two queries."""
        last = self.filter(path=path).order_by("-published_at", "-pk").values("kind", "subject_reference").first()
        if last is None:
            return None
        return self.filter(**last).select_related("organisation").order_by("-version").first()

    def of_systems(self) -> "PublicationQuerySet":
        return self.filter(kind=Publication.Kind.SYSTEM)

    def of_answers(self) -> "PublicationQuerySet":
        """Public copies of self-assessments; their subject is the system."""
        return self.filter(kind=Publication.Kind.SELF_ASSESSMENT)

    def of_consultations(self) -> "PublicationQuerySet":
        return self.filter(kind=Publication.Kind.CONSULTATION)

    def of_agreements(self) -> "PublicationQuerySet":
        """Their subject is the agreement."""
        return self.filter(kind=Publication.Kind.AGREEMENT)

    def with_party(self, organisation: Organisation) -> "PublicationQuerySet":
        """Of agreements: those to which it is party, on whichever side."""
        return self.filter(subject_reference__in=organisation.agreement_parties.values("agreement__reference"))

    def on_system(self, reference: str) -> "PublicationQuerySet":
        """Of agreements: those that name the system."""
        return self.filter(
            subject_reference__in=Agreement.objects.filter(systems__reference=reference).values("reference")
        )

    def for_list(self) -> "PublicationQuerySet":
        """With the organisation, without the frozen text. One query."""
        return self.select_related("organisation").defer("content").order_by("title", "pk")


class Publication(models.Model):
    """One version of one published thing, in both languages, with the hash of its bytes."""

    Kind = PublicationKind

    reference = models.CharField(max_length=20, unique=True, default=publication_reference, editable=False)
    kind = models.CharField(max_length=20, choices=kind_choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="publications")
    subject_reference = models.CharField(max_length=40)
    path = models.CharField(max_length=200)  # public address without language prefix, e.g. /authorities/x/y/
    title = models.CharField(max_length=200)
    title_cy = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField()
    content = models.TextField(editable=False)  # canonical JSON: facts once, texts under "en" and "cy"
    sha256 = models.CharField(max_length=64, editable=False)
    summary = models.JSONField(
        default=dict, editable=False
    )  # a few figures of `content`, so that lists need not read it
    welsh_missing_reason = models.CharField(max_length=250, blank=True)
    published_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    withdrawn_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at",)
        constraints = (
            models.UniqueConstraint(fields=("kind", "subject_reference", "version"), name="publication_version_once"),
            models.UniqueConstraint(
                fields=("kind", "subject_reference"), condition=Q(ended_at__isnull=True), name="one_current_publication"
            ),
        )
        # A row is a quarter of a megabyte long: what lists and counts ask must not pass over the others.
        indexes = (
            models.Index(fields=("path", "kind"), name="publication_path"),
            models.Index(fields=("-published_at", "-id"), name="publication_newest"),
            models.Index(fields=("-ended_at", "-id"), condition=~Q(withdrawn_reason=""), name="publication_withdrawn"),
            models.Index(
                fields=("kind", "organisation"), condition=Q(ended_at__isnull=True), name="publication_current_of"
            ),
            models.Index(fields=("kind", "reference"), condition=Q(ended_at__isnull=True), name="publication_current"),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"

    @property
    def is_withdrawn(self) -> bool:
        return bool(self.withdrawn_reason)

    @property
    def local_title(self) -> str:
        """The title in the language of the page, where there is one."""
        return local_text(self, "title")

    def is_due_again(self, on: dt.date | None = None) -> bool:
        """In force for a year or longer: somebody should look whether it still says what is so (domain 9.10)."""
        if self.kind in (PublicationKind.CONSULTATION, *LIVE_KINDS):  # they have days of their own
            return False
        last = add_months(on or today(), -REVIEW_MONTHS)
        return self.ended_at is None and timezone.localdate(self.published_at) <= last

    def facts(self) -> dict[str, Any]:
        """The frozen content, read."""
        content: dict[str, Any] = json.loads(self.content)
        return content

    def trail_organisation(self) -> Organisation:
        return self.organisation


class BakedPage(models.Model):
    """A public page as it was last built into a file, in one language; and why it could not be built again, if so."""

    path = models.CharField(max_length=220, unique=True)  # with language prefix, e.g. /cy/about/
    sha256 = models.CharField(max_length=64, blank=True)
    built_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ("path",)

    def __str__(self) -> str:
        return self.path
