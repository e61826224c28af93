"""What was signed outside the portal: file, dates, posts and scope, confirmed by the SRO (design 1, 8)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.evidence import Evidence
from compliance.models.system import CameraSystem
from core.references import new_reference
from core.workflow import StatusChange, Workflow


def made_elsewhere_reference() -> str:
    return new_reference("ME")


class MadeElsewhereQuerySet(models.QuerySet["MadeElsewhere"]):
    def visible_to(self, user: Any) -> "MadeElsewhereQuerySet":
        return self.filter(operator_id__in=user.organisation_ids())

    def for_list(self) -> "MadeElsewhereQuerySet":
        """With what the pages show, the newest signature first. Two queries."""
        return self.select_related("operator", "evidence", "recorded_by", "confirmed_by").prefetch_related("systems")

    def counting(self) -> "MadeElsewhereQuerySet":
        """Those that count: the SRO confirmed them."""
        return self.filter(status=MadeElsewhere.Status.CONFIRMED)


class MadeElsewhere(Workflow):
    """A self-assessment, code of practice or annual report that was signed outside the portal."""

    class Kind(models.TextChoices):
        SELF_ASSESSMENT = "self_assessment", _("self-assessment")
        CODE_OF_PRACTICE = "code_of_practice", _("code of practice")
        ANNUAL_REPORT = "annual_report", _("annual report")

    class Status(models.TextChoices):
        RECORDED = "recorded", _("recorded, not confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        DECLINED = "declined", _("not confirmed by the SRO")
        REPLACED = "replaced", _("replaced")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.RECORDED: frozenset({Status.CONFIRMED, Status.DECLINED}),
        Status.CONFIRMED: frozenset({Status.REPLACED}),
    }

    reference = models.CharField(max_length=20, unique=True, default=made_elsewhere_reference, editable=False)
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="made_elsewhere")
    systems = models.ManyToManyField(CameraSystem, related_name="made_elsewhere", verbose_name=_("systems"))
    kind = models.CharField(_("what it is"), max_length=20, choices=Kind.choices)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    sha256 = models.CharField(max_length=64, blank=True, editable=False)  # of the file as recorded: it may be replaced
    signed_on = models.DateField(_("signed on"))
    signed_post = models.CharField(_("post of whoever signed"), max_length=120)
    review_on = models.DateField(_("review date"), null=True, blank=True)
    scope = models.TextField(_("scope"), max_length=4000)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RECORDED, editable=False)
    recorded_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, editable=False)

    objects = MadeElsewhereQuerySet.as_manager()

    class Meta:
        verbose_name = _("document made outside the portal")
        verbose_name_plural = _("documents made outside the portal")
        ordering = ("-signed_on", "-pk")

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("compliance:elsewhere_record", args=[self.operator.slug, self.reference])

    def trail_organisation(self) -> Organisation:
        return self.operator


class MadeElsewhereChange(StatusChange):
    record = models.ForeignKey(MadeElsewhere, on_delete=models.PROTECT, related_name="changes")
