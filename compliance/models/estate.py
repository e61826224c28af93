"""Estate audits: asking the services of an operator, without an account, which cameras they run (domain 11.11)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.models.system import CameraSystem
from core.references import new_reference
from core.workflow import StatusChange, Workflow


def audit_reference() -> str:
    return new_reference("EA")


def estate_request_reference() -> str:
    return new_reference("ER")


class EstateAuditQuerySet(models.QuerySet["EstateAudit"]):
    def visible_to(self, user: Any) -> "EstateAuditQuerySet":
        return self.filter(operator_id__in=user.organisation_ids())

    def for_list(self) -> "EstateAuditQuerySet":
        return self.select_related("operator").order_by("-opened_at", "-pk")


class EstateAudit(models.Model):
    """One round of asking: until when, with which words, of whom."""

    reference = models.CharField(max_length=20, unique=True, default=audit_reference, editable=False)
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="estate_audits")
    title = models.CharField(_("title"), max_length=150)
    message = models.TextField(_("message to those who are asked"), blank=True, max_length=2000)
    answer_by = models.DateField(_("answers by"))
    opened_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EstateAuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("estate audit")
        verbose_name_plural = _("estate audits")

    def __str__(self) -> str:
        return self.title

    def trail_organisation(self) -> Organisation:
        return self.operator


class EstateRequest(Workflow):
    """One mailbox that is asked. The link works until it expires; its answers may be mended until it is handed in."""

    class Status(models.TextChoices):
        SENT = "sent", _("sent")
        ANSWERED = "answered", _("answered")
        NONE_RUN = "none_run", _("answered: none is run")
        WITHDRAWN = "withdrawn", _("withdrawn")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.SENT: frozenset({Status.ANSWERED, Status.NONE_RUN, Status.WITHDRAWN}),
        Status.ANSWERED: frozenset(),
        Status.NONE_RUN: frozenset(),
    }

    reference = models.CharField(max_length=20, unique=True, default=estate_request_reference, editable=False)
    audit = models.ForeignKey(EstateAudit, on_delete=models.PROTECT, related_name="requests")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SENT, editable=False)
    service = models.CharField(_("service or site"), max_length=150)  # such as "Leisure centres"
    email = models.EmailField(_("email address"))
    expires_at = models.DateTimeField()
    answered_name = models.CharField(_("name"), max_length=120, blank=True)
    answered_post = models.CharField(_("post"), max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)
    note = models.TextField(_("note"), blank=True, max_length=2000)

    def __str__(self) -> str:
        return self.reference

    def is_open(self, now: dt.datetime | None = None) -> bool:
        """Whether its link still takes an answer."""
        return self.status == self.Status.SENT and self.expires_at > (now or timezone.now())

    def trail_organisation(self) -> Organisation:
        return self.audit.operator


class EstateRequestChange(StatusChange):
    record = models.ForeignKey(EstateRequest, on_delete=models.PROTECT, related_name="changes")


class EstateFind(Workflow):
    """Cameras that somebody said they run: a proposal for the register, taken up into a system or declined."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("to be looked at")
        TAKEN_UP = "taken_up", _("in the register")
        DECLINED = "declined", _("declined")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.PROPOSED: frozenset({Status.TAKEN_UP, Status.DECLINED}),
    }

    request = models.ForeignKey(EstateRequest, on_delete=models.PROTECT, related_name="finds")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED, editable=False)
    site = models.CharField(_("site"), max_length=250)
    number_of_cameras = models.PositiveIntegerField(_("how many cameras"))
    sees_public = models.BooleanField(_("they see places open to the public"), default=True)
    purpose = models.CharField(_("what they are for"), max_length=500, blank=True)
    records = models.BooleanField(_("pictures are kept"), null=True, blank=True)
    kept_days = models.PositiveIntegerField(_("kept for (days)"), null=True, blank=True)
    records_audio = models.BooleanField(_("sound is recorded"), null=True, blank=True)
    has_sign = models.BooleanField(_("there is a sign"), null=True, blank=True)
    looked_after_by = models.CharField(_("looked after by"), max_length=150, blank=True)
    system = models.ForeignKey(CameraSystem, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)  # of declining
    settled_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.site

    @property
    def reference(self) -> str:
        return f"{self.request.reference}/{self.pk}"

    def trail_organisation(self) -> Organisation:
        return self.request.audit.operator


class EstateFindChange(StatusChange):
    record = models.ForeignKey(EstateFind, on_delete=models.PROTECT, related_name="changes")
