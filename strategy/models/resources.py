"""The library: guidance kept by national bodies, and good practice that operators of cameras contribute.

Nothing of a record here is public: what is published is frozen each time (`services.resources`).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation
from compliance.editions import PRINCIPLES
from core.bilingual import local_text
from core.references import new_reference
from core.workflow import StatusChange, Workflow
from strategy.models.trials import Tried

TITLE_LIMIT, SUMMARY_LIMIT, TEXT_LIMIT, NAME_LIMIT, REASON_LIMIT = 150, 1000, 5000, 120, 500


def resource_reference() -> str:
    return new_reference("RS")


class ResourceKind(models.TextChoices):
    GUIDANCE = "guidance", _("guidance")
    PRACTICE = "practice", _("good practice")


class Topic(models.TextChoices):
    """What it is about."""

    LAW = "law", _("law and codes")
    ASSESSMENT = "assessment", _("assessment and review")
    PRIVACY = "privacy", _("data protection")
    SYSTEMS = "systems", _("planning and buying systems")
    CONTROL_ROOM = "control_room", _("running a control room")
    POLICE = "police", _("working with the police")
    PUBLIC = "public", _("informing the public")


class ResourceQuerySet(models.QuerySet["Resource"]):
    def visible_to(self, user: Any) -> "ResourceQuerySet":
        """Those of the user's organisations; to people of national bodies also good practice that was sent in."""
        own = Q(organisation_id__in=user.organisation_ids())
        moderates = any(each.organisation.kind == Kind.NATIONAL_BODY for each in user.memberships_now)
        return self.filter(own | Q(SENT) if moderates else own)

    def kept_by(self, organisation: Organisation) -> "ResourceQuerySet":
        """What one organisation works on: its own, and for a national body what was sent in."""
        own = Q(organisation=organisation)
        return self.filter(own | Q(SENT) if organisation.kind == Kind.NATIONAL_BODY else own)


class Resource(Workflow):
    """One entry: guidance, in own words or at an address elsewhere, or an example of good practice."""

    Kind = ResourceKind

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("waiting for the secretary")
        RETURNED = "returned", _("returned")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.DRAFT: frozenset({Status.SUBMITTED, Status.PUBLISHED}),
        Status.SUBMITTED: frozenset({Status.RETURNED, Status.PUBLISHED}),
        Status.RETURNED: frozenset({Status.SUBMITTED}),
        Status.PUBLISHED: frozenset({Status.WITHDRAWN}),
    }

    reference = models.CharField(max_length=20, unique=True, default=resource_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="resources")
    kind = models.CharField(_("kind"), max_length=10, choices=ResourceKind.choices, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # of the record, against lost changes
    shipped = models.SlugField(max_length=60, blank=True, editable=False)  # its key in the entries that are shipped

    title = models.CharField(_("title"), max_length=TITLE_LIMIT)
    title_cy = models.CharField(_("title in Welsh"), max_length=TITLE_LIMIT, blank=True)
    summary = models.TextField(_("summary"), max_length=SUMMARY_LIMIT, blank=True)
    summary_cy = models.TextField(_("summary in Welsh"), max_length=SUMMARY_LIMIT, blank=True)
    text = models.TextField(_("text"), max_length=TEXT_LIMIT, blank=True)
    text_cy = models.TextField(_("text in Welsh"), max_length=TEXT_LIMIT, blank=True)
    outcome = models.TextField(_("what came of it"), max_length=TEXT_LIMIT, blank=True)
    outcome_cy = models.TextField(_("what came of it, in Welsh"), max_length=TEXT_LIMIT, blank=True)
    url = models.URLField(_("address"), max_length=200, blank=True)
    publisher = models.CharField(_("publisher"), max_length=NAME_LIMIT, blank=True)
    edition = models.CharField(_("edition"), max_length=NAME_LIMIT, blank=True)
    post = models.CharField(_("post that tells of it"), max_length=NAME_LIMIT, blank=True)
    principles = models.JSONField(_("principles"), default=list, blank=True)
    technology = models.CharField(_("technology"), max_length=12, choices=Tried.choices, blank=True)
    topic = models.CharField(_("topic"), max_length=15, choices=Topic.choices, blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True)
    review_by = models.DateField(_("review by"), null=True, blank=True)
    is_superseded = models.BooleanField(_("superseded"), default=False)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("guidance or good practice")
        verbose_name_plural = _("guidance and good practice")
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "shipped"), condition=~Q(shipped=""), name="resource_shipped_once"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def local_title(self) -> str:
        return local_text(self, "title")

    @property
    def is_practice(self) -> bool:
        return self.kind == ResourceKind.PRACTICE

    def is_due(self, on: dt.date) -> bool:
        """Whether guidance that is public has to be looked at again."""
        public = self.status == self.Status.PUBLISHED and not self.is_superseded
        return public and self.review_by is not None and self.review_by <= on

    def trail_organisation(self) -> Organisation:
        return self.organisation


class ResourceChange(StatusChange):
    record = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="changes")


# What national bodies moderate: nothing that is made up for training
SENT = Q(kind=ResourceKind.PRACTICE, organisation__is_training=False) & ~Q(
    status__in=(Resource.Status.DRAFT, Resource.Status.RETURNED)
)
NUMBERS = range(1, PRINCIPLES + 1)
