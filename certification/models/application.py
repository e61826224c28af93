"""Applications: what was applied for, frozen at submission; who reviews it; what was decided by whom."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, F, Max, OuterRef, Prefetch, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from accounts.models import Organisation, Role
from certification.models.scheme import Aim, CertificationScheme
from compliance.models import CameraSystem, Evidence, SignedAssessment
from core.references import new_reference
from core.workflow import StatusChange, Workflow

if TYPE_CHECKING:
    from certification.models.certificate import Certificate
    from certification.models.review import StepReview


def application_reference() -> str:
    return new_reference("AP")


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: Any) -> "ApplicationQuerySet":
        """Those to which an organisation of the user is party: the operator at any time, the body once it was sent."""
        ids = user.organisation_ids()
        return self.filter(Q(operator_id__in=ids) | (Q(body_id__in=ids) & ~Q(status=Application.Status.DRAFT)))

    def readable_by(self, user: Any) -> "ApplicationQuerySet":
        """Those that the user may open: of a body's auditors only the assigned one. The twin of `may_read`."""
        assigned = AuditorAssignment.objects.filter(auditor=user, ended_at__isnull=True)
        return self._read_with(user, assigned.values("application"))

    def talk_readable_by(self, user: Any) -> "ApplicationQuerySet":
        """Those whose documents, clarifications and findings the user may read: an auditor from the declaration to the
        end of the matter, by guardian's grant. The twin of `may_read_documents`.
        """
        granted = ApplicationUserObjectPermission.objects.filter(user=user, permission__codename="review_application")
        return self._read_with(user, granted.values("content_object"))

    def _read_with(self, user: Any, as_auditor_of: "models.QuerySet[Any, Any]") -> "ApplicationQuerySet":
        """Those of the user's own operator or of a body that lets the user read them all, and as an auditor of the body
        those of which `as_auditor_of` has the keys.
        """
        whole = user.organisations_where(Role.BODY_MANAGER, Role.DECISION_MAKER, Role.OBSERVER)
        as_auditor = Q(pk__in=as_auditor_of, body_id__in=user.organisations_where(Role.AUDITOR))
        own = Q(operator_id__in=user.organisation_ids())
        return self.visible_to(user).filter(own | Q(body_id__in=whole) | as_auditor)

    def with_visit_stage(self) -> "ApplicationQuerySet":
        """`visit_stage`: how far the visit of step 2 is, once awarded that of an open surveillance review: None where
        there is none, else `proposed`, `wished` (another date is asked for), `agreed`, `under_way`, `auditor_signed` or
        `signed`; of several the earliest that is not signed. No query of its own.
        """
        visits = apps.get_model("certification", "SiteVisit").objects
        stage = Case(
            When(status="proposed", wish="", then=Value("proposed")),
            When(status="proposed", then=Value("wished")),
            When(status="under_way", auditor_signed_at__isnull=False, then=Value("auditor_signed")),
            When(status="unsigned", then=Value("signed")),
            default=F("status"),
            output_field=models.CharField(),
        )
        ended = When(status__in=("signed", "unsigned"), then=Value(1))
        is_signed = Case(ended, default=Value(0), output_field=models.IntegerField())
        awarded = Q(application__status=Application.Status.AWARDED)
        of_step2 = Q(review__step="step2") & ~awarded
        of_watch = Q(review__step="watch", review__concluded_at__isnull=True) & awarded
        own = visits.filter(of_step2 | of_watch, application=OuterRef("pk")).exclude(status="cancelled")
        own = own.annotate(stage=stage, rank=is_signed).order_by("rank", "starts_at", "pk")
        return self.annotate(visit_stage=Subquery(own.values("stage")[:1]))

    def for_list(self) -> "ApplicationQuerySet":
        """With systems, assignments and `moved_at` (when its status last changed, None for a draft never sent), newest
        first. Three queries; without the frozen text.
        """
        return (
            self.defer("frozen")
            .with_visit_stage()
            .select_related("operator", "body", "scheme")
            .prefetch_related("systems", "assignments")
            .annotate(moved_at=Max("changes__at"))
            .order_by("-created_at", "-pk")
        )

    def for_waiting(self, follow_up_days: int) -> "ApplicationQuerySet":
        """Those at which somebody's move may be: open ones, ones that came back within so many days and were not
        followed by another, and awarded ones with a visit ahead. Two queries.
        """
        since = timezone.now() - dt.timedelta(days=follow_up_days)
        visited = Q(status=Application.Status.AWARDED, visit_stage__isnull=False) & ~Q(visit_stage="signed")
        came_back = Q(status__in=Application.CAME_BACK, resubmissions__isnull=True, moved_at__gte=since)
        return (
            self.defer("frozen")
            .with_visit_stage()
            .select_related("operator", "body")
            .prefetch_related("assignments")
            .annotate(moved_at=Max("changes__at"))
            .filter(Q(status__in=Application.OPEN) | came_back | visited)
            .order_by("moved_at", "created_at", "pk")
        )

    def for_page(self) -> "ApplicationQuerySet":
        """What the page of one application always shows, with its engagement; `has_review`, `watch_is_open` (one of
        surveillance) and `certificate_reference` of the award, None where there is none. Four queries.
        """
        reviews = apps.get_model("certification", "StepReview").objects.filter(application=OuterRef("pk"))
        certificates = apps.get_model("certification", "Certificate").objects.filter(application=OuterRef("pk"))
        own = self.with_visit_stage().annotate(
            has_review=Exists(reviews),
            watch_is_open=Exists(reviews.filter(step="watch", concluded_at__isnull=True)),
            certificate_reference=Subquery(certificates.order_by("pk").values("reference")[:1]),
        )
        engagement = ("engagement__quote", "engagement__document")
        own = own.select_related("operator", "body", "scheme", "previous", "created_by", *engagement)
        return own.prefetch_related(
            "documents",
            Prefetch("assignments", AuditorAssignment.objects.select_related("auditor")),
            Prefetch("changes", ApplicationChange.objects.select_related("by")),
        )

    def for_detail(self) -> "ApplicationQuerySet":
        """The same with its systems and certificates. Six queries."""
        return self.for_page().prefetch_related("systems", "certificates")

    def for_assigning(self) -> "ApplicationQuerySet":
        """Whose hands it is in. Two queries."""
        own = self.select_related("operator", "body", "scheme")
        return own.prefetch_related(Prefetch("assignments", AuditorAssignment.objects.select_related("auditor")))

    def with_grant_of(self, user: Any) -> "ApplicationQuerySet":
        """`granted_to`: the user's own key where guardian's grant was given to them, else None."""
        grants = ApplicationUserObjectPermission.objects.filter(
            user=user, content_object=OuterRef("pk"), permission__codename="review_application"
        )
        return self.annotate(granted_to=Subquery(grants.values("user")[:1]))

    def for_review(self) -> "ApplicationQuerySet":
        """What the pages between auditor and operator show beside their own records. Two queries."""
        return self.select_related("operator", "body", "scheme", "previous").prefetch_related("assignments")

    def for_readiness(self) -> "ApplicationQuerySet":
        """The terms alone; what readiness looks at is loaded there. One query."""
        return self.defer("frozen").select_related("operator", "body", "scheme")

    def for_desk(self) -> "ApplicationQuerySet":
        """What the pages of review and decision show beside the review itself. Three queries."""
        return self.select_related("operator", "body", "scheme", "previous").prefetch_related(
            "assignments", "decisions__by"
        )


class Application(Workflow):
    """An application of an operator to a body under a scheme, for one or several systems (design 4 over domain 9.4)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        RECEIVED = "received", _("received from another certification body")
        RETURNED = "returned", _("returned")
        ACCEPTED = "accepted", _("accepted")
        STEP1_REVIEW = "step1_review", _("step 1: desktop review")
        STEP1_FINDINGS = "step1_findings", _("step 1: findings")
        STEP1_PASSED = "step1_passed", _("step 1: concluded")
        STEP2_SCHEDULED = "step2_scheduled", _("step 2: scheduled")
        STEP2_AUDIT = "step2_audit", _("step 2: on-site audit")
        STEP2_FINDINGS = "step2_findings", _("step 2: findings")
        RECOMMENDED = "recommended", _("recommendation made")
        AWARDED = "awarded", _("awarded")
        DECLINED = "declined", _("declined")
        APPEALED = "appealed", _("appealed")
        WITHDRAWN = "withdrawn_by_applicant", _("withdrawn by the applicant")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        # Received, then awarded: with a certificate that another body takes over (services.transfers)
        Status.DRAFT: frozenset({Status.SUBMITTED, Status.RECEIVED, Status.WITHDRAWN}),
        Status.RECEIVED: frozenset({Status.AWARDED}),
        Status.SUBMITTED: frozenset({Status.ACCEPTED, Status.RETURNED, Status.WITHDRAWN}),
        Status.ACCEPTED: frozenset({Status.STEP1_REVIEW, Status.STEP2_SCHEDULED, Status.WITHDRAWN}),
        Status.STEP1_REVIEW: frozenset({Status.STEP1_PASSED, Status.STEP1_FINDINGS, Status.WITHDRAWN}),
        Status.STEP1_FINDINGS: frozenset({Status.STEP1_REVIEW, Status.WITHDRAWN}),
        Status.STEP1_PASSED: frozenset({Status.RECOMMENDED, Status.STEP2_SCHEDULED, Status.WITHDRAWN}),
        Status.STEP2_SCHEDULED: frozenset({Status.STEP2_AUDIT, Status.WITHDRAWN}),
        Status.STEP2_AUDIT: frozenset({Status.STEP2_FINDINGS, Status.RECOMMENDED, Status.WITHDRAWN}),
        Status.STEP2_FINDINGS: frozenset({Status.STEP2_AUDIT, Status.WITHDRAWN}),
        Status.RECOMMENDED: frozenset(
            {
                Status.AWARDED,
                Status.DECLINED,
                Status.STEP1_REVIEW,
                Status.STEP2_AUDIT,
                Status.WITHDRAWN,
            }
        ),
        Status.DECLINED: frozenset({Status.APPEALED}),
        Status.APPEALED: frozenset({Status.AWARDED, Status.DECLINED}),
    }
    CLOSED: ClassVar = (Status.RETURNED, Status.AWARDED, Status.WITHDRAWN, Status.DECLINED)  # a new one may follow
    CAME_BACK: ClassVar = (Status.RETURNED, Status.DECLINED)
    OPEN: ClassVar = (
        Status.DRAFT,
        Status.SUBMITTED,
        Status.RECEIVED,
        Status.ACCEPTED,
        Status.STEP1_REVIEW,
        Status.STEP1_FINDINGS,
        Status.STEP1_PASSED,
        Status.STEP2_SCHEDULED,
        Status.STEP2_AUDIT,
        Status.STEP2_FINDINGS,
        Status.RECOMMENDED,
        Status.APPEALED,
    )

    reference = models.CharField(max_length=20, unique=True, default=application_reference, editable=False)
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    scheme = models.ForeignKey(CertificationScheme, on_delete=models.PROTECT, related_name="applications")
    body = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="applications_received",
        verbose_name=_("certification body"),
    )
    aim = models.CharField(_("aim"), max_length=10, choices=Aim.choices)
    status = models.CharField(max_length=24, choices=Status.choices, default=Status.DRAFT, editable=False)
    systems = models.ManyToManyField(CameraSystem, related_name="applications", verbose_name=_("systems"))
    # Those that speak for its systems: one sign-off for all, or one each
    signed_assessments = models.ManyToManyField(SignedAssessment, blank=True, related_name="applications")
    scope = models.TextField(_("scope, as it is to be printed"), max_length=1000)
    scope_cy = models.TextField(_("scope in Welsh"), max_length=1000, blank=True)
    is_bilingual = models.BooleanField(_("certificate in English and Welsh"), default=False)
    sites = models.CharField(_("sites, such as the control room"), max_length=300, blank=True)
    frozen = models.TextField(blank=True, editable=False)  # canonical JSON of what was submitted
    frozen_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    previous = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="resubmissions",
    )
    renews = models.ForeignKey(  # the certificate that is replaced when this one is awarded
        "certification.Certificate", null=True, blank=True, on_delete=models.PROTECT, related_name="renewals"
    )
    created_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(
        default=1, editable=False
    )  # of the draft: a save against an older one is a conflict

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        permissions = (("review_application", "May review this application"),)

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> Organisation:
        return self.operator

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def certificate(self) -> "Certificate | None":
        """The first certificate that was issued for it: the award's. Reads `certificates` where it is loaded."""
        return min(self.certificates.all(), key=lambda certificate: certificate.pk, default=None)

    def open_assignment(self) -> "AuditorAssignment | None":
        """The auditor's assignment that has not ended. One query."""
        return self.assignments.select_related("auditor").filter(ended_at__isnull=True).first()

    def concluded_review(self) -> "StepReview | None":
        """The newest review that ended with a recommendation. One query."""
        own = self.reviews.select_related("assignment__auditor").exclude(recommendation="")
        return own.order_by("-concluded_at", "-pk").first()


class ApplicationChange(StatusChange):
    record = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="changes")


class ApplicationUserObjectPermission(UserObjectPermissionBase):
    """Guardian's grants on applications, with a real key: the assigned auditor's, which no role implies."""

    content_object = models.ForeignKey(Application, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = _("grant on an application")
        verbose_name_plural = _("grants on applications")


class ApplicationDocument(models.Model):
    """A document as it was when submitted: kind, title, hash and size stand here; the file is the evidence's own."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=150)
    file_name = models.CharField(max_length=150, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    link = models.URLField(blank=True)  # of a document that is an address and no file
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    dated = models.DateField(null=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("application", "evidence"), name="document_once_per_application"),
        )

    def __str__(self) -> str:
        return self.title


class AuditorAssignment(models.Model):
    """An auditor on an application. Work begins when the auditor has declared that there is no conflict of interest."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assignments")
    auditor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now)
    declared_at = models.DateTimeField(null=True)
    has_conflict = models.BooleanField(null=True)
    declaration = models.TextField(blank=True)
    # What was declared, item by item; None: not asked (assignments before these stood in the form)
    has_advised = models.BooleanField(null=True)
    has_worked_for = models.BooleanField(null=True)
    has_other_interest = models.BooleanField(null=True)
    interests_declared = models.JSONField(default=dict)  # Interest.Kind → what it is, for each one that there is
    warnings = models.JSONField(default=list)  # what the manager was warned of when assigning: {code, sentence}
    reason_despite = models.TextField(blank=True, max_length=2000)  # and why this auditor nevertheless
    due_on = models.DateField(_("review due"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("application",),
                condition=Q(ended_at__isnull=True),
                name="one_auditor_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id}: {self.auditor_id}"

    @property
    def reference(self) -> str:
        return self.application.reference

    @property
    def is_cleared(self) -> bool:
        """Whether the auditor declared that there is no conflict, and is still on it."""
        return self.has_conflict is False and self.ended_at is None

    def trail_organisation(self) -> Organisation:
        return self.application.body


class Decision(models.Model):
    """What a decision maker decided about an application, with reasons. Never changed; an appeal makes a second one."""

    class Outcome(models.TextChoices):
        AWARD = "award", _("award")
        DECLINE = "decline", _("decline")
        BACK_TO_AUDITOR = "back", _("back to the auditor")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reasons = models.TextField(max_length=4000)
    recommended = models.CharField(max_length=8, blank=True)  # what the auditor had recommended, a copy
    scope = models.TextField(blank=True, max_length=1000)  # as decided, where it differs from what was applied for
    scope_cy = models.TextField(blank=True, max_length=1000)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    on_appeal = models.BooleanField(default=False)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return f"{self.application_id}: {self.outcome}"

    @property
    def reference(self) -> str:
        return self.application.reference

    @property
    def is_for_operator(self) -> bool:
        """Whether the applicant reads the reasons; what goes back to the auditor stays with the body."""
        return self.outcome != self.Outcome.BACK_TO_AUDITOR

    def trail_organisation(self) -> Organisation:
        return self.application.operator if self.is_for_operator else self.application.body
