"""Training: the catalogue of courses and awards, what an organisation keeps of its people until they leave,
accreditation of managers and operators, and self-tests that somebody passed.

Of a person only what must be looked at again is kept: which licence, vetting or course, and until when it is current.
No number, no level, no result. Nothing of a person here is public; the catalogue and counts are.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.bilingual import local_text
from core.dates import today
from core.references import new_reference
from core.workflow import StatusChange, Workflow

NAME_LIMIT, POST_LIMIT, TITLE_LIMIT, TEXT_LIMIT = 120, 150, 150, 1500
SOON_DAYS, NEAR_DAYS = 90, 30


def staff_reference() -> str:
    return new_reference("ST")


def accreditation_reference() -> str:
    return new_reference("AC")


def result_reference() -> str:
    return new_reference("TS")


class Standing(models.TextChoices):
    """What time made of a date until which something is current."""

    UNDATED = "undated", _("no end date")
    CURRENT = "current", _("current")
    SOON = "soon", _("ends within 90 days")
    NEAR = "near", _("ends within 30 days")
    OVER = "over", _("ended")


STANDING_COLOURS: Mapping[str, str] = {
    Standing.UNDATED: "grey",
    Standing.CURRENT: "green",
    Standing.SOON: "yellow",
    Standing.NEAR: "orange",
    Standing.OVER: "red",
}


def standing_of(until: dt.date | None, on: dt.date) -> Standing:
    """Derived, never kept: the last day is still current."""
    if until is None:
        return Standing.UNDATED
    left = (until - on).days
    if left < 0:
        return Standing.OVER
    return Standing.NEAR if left <= NEAR_DAYS else Standing.SOON if left <= SOON_DAYS else Standing.CURRENT


class Course(models.Model):
    """A course, award or licence in the public catalogue, with the national occupational standards that it serves."""

    class Kind(models.TextChoices):
        COURSE = "course", _("course")
        AWARD = "award", _("award")
        LICENCE = "licence", _("licence")

    class Audience(models.TextChoices):
        OPERATOR = "operator", _("operators")
        MANAGER = "manager", _("managers and supervisors")
        EVERYBODY = "everybody", _("everybody who works with cameras")

    key = models.SlugField(_("address"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    audience = models.CharField(_("for whom"), max_length=10, choices=Audience.choices)
    name = models.CharField(_("name"), max_length=TITLE_LIMIT)
    name_cy = models.CharField(_("name in Welsh"), max_length=TITLE_LIMIT, blank=True)
    summary = models.TextField(_("what it is"), max_length=TEXT_LIMIT)
    summary_cy = models.TextField(_("what it is, in Welsh"), max_length=TEXT_LIMIT, blank=True)
    provider = models.CharField(_("provider"), max_length=TITLE_LIMIT, blank=True)
    awarding_body = models.CharField(_("awarding body"), max_length=TITLE_LIMIT, blank=True)
    level = models.CharField(_("level"), max_length=40, blank=True)
    standards = models.CharField(
        _("national occupational standards"),
        max_length=300,
        blank=True,
        help_text=_("Codes or names, with commas between them."),
    )
    accredited_by = models.CharField(_("accredited by"), max_length=TITLE_LIMIT, blank=True)
    accredited_until = models.DateField(_("accredited until"), null=True, blank=True)
    source = models.CharField(_("source of this entry"), max_length=300)
    checked_on = models.DateField(_("checked on"))
    ended_on = models.DateField(_("last day in the catalogue"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ("name", "pk")
        verbose_name = _("course or award")
        verbose_name_plural = _("courses and awards")

    def __str__(self) -> str:
        return self.name

    @property
    def local_name(self) -> str:
        return local_text(self, "name")

    @property
    def local_summary(self) -> str:
        return local_text(self, "summary")

    def trail_organisation(self) -> None:
        """The catalogue is everybody's."""


class StaffQuerySet(models.QuerySet["StaffMember"]):
    def visible_to(self, user: Any) -> "StaffQuerySet":
        """Those of the user's organisations; which roles read them is a matter of `training_permissions`."""
        return self.filter(organisation_id__in=user.organisation_ids())

    def staying(self, on: dt.date) -> "StaffQuerySet":
        """Those whose last day is not over."""
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gte=on))


class StaffMember(models.Model):
    """A person of an organisation by name and post, with or without an account. Erased the day after they leave."""

    reference = models.CharField(max_length=20, unique=True, default=staff_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="staff_members")
    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    post = models.CharField(_("post"), max_length=POST_LIMIT)
    person = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    left_on = models.DateField(_("last working day"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = StaffQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        verbose_name = _("training record of a person")
        verbose_name_plural = _("training records of people")

    def __str__(self) -> str:
        return self.reference  # never the name: trails and logs outlive the record

    def trail_organisation(self) -> Organisation:
        return self.organisation


class StaffRecord(models.Model):
    """One licence, vetting, check or training of a person, and until when it is current."""

    class Kind(models.TextChoices):
        SIA = "sia", _("SIA licence, public space surveillance")
        SIA_OTHER = "sia_other", _("SIA licence, non-front-line")
        VETTING = "vetting", _("police vetting")
        DBS = "dbs", _("DBS check")
        INDUCTION = "induction", _("induction")
        TRAINING = "training", _("training or award")

    # Of these only the end is kept: no course, no day, no words that could hold a result
    ONLY_UNTIL: ClassVar[frozenset[str]] = frozenset({Kind.SIA, Kind.SIA_OTHER, Kind.VETTING, Kind.DBS})

    member = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="records")
    kind = models.CharField(_("what is recorded"), max_length=10, choices=Kind.choices)
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("course, if it is not in the catalogue"), max_length=TITLE_LIMIT, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    until = models.DateField(_("current until, or to be refreshed by"), null=True, blank=True)
    told = models.CharField(max_length=10, blank=True, editable=False)  # the standing that was announced last

    class Meta:
        ordering = (F("until").asc(nulls_last=True), "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(kind__in=("sia", "sia_other", "vetting", "dbs"))
                | Q(title="", course__isnull=True, done_on__isnull=True, until__isnull=False),
                name="staff_record_only_until",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(until__isnull=True) | Q(done_on__lte=F("until")),
                name="staff_record_days_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.member.reference}, {self.kind}"

    @property
    def label(self) -> str:
        """What it is, in the language of the page. Reads `course`."""
        if self.kind != self.Kind.TRAINING:
            return self.get_kind_display()
        return self.course.local_name if self.course else self.title

    def standing(self, on: dt.date) -> Standing:
        return standing_of(self.until, on)


class AccreditationQuerySet(models.QuerySet["Accreditation"]):
    def current(self, on: dt.date) -> "AccreditationQuerySet":
        """Granted, not over, of a person who is still there."""
        granted = Accreditation.Status.GRANTED
        return self.filter(Q(until__isnull=True) | Q(until__gte=on), status=granted, member__isnull=False)


class Accreditation(Workflow):
    """An application of an organisation to a national body for one of its people, and what became of it.

    The national body reads post and grounds, not the name. It outlives the person's record without either.
    """

    class Status(models.TextChoices):
        APPLIED = "applied", _("applied for")
        GRANTED = "granted", _("accredited")
        REFUSED = "refused", _("not accredited")
        ENDED = "ended", _("ended")

    class Level(models.TextChoices):
        MANAGER = "manager", _("manager")
        OPERATOR = "operator", _("operator")

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        Status.APPLIED: frozenset({Status.GRANTED, Status.REFUSED, Status.ENDED}),
        Status.GRANTED: frozenset({Status.ENDED}),
    }

    reference = models.CharField(max_length=20, unique=True, default=accreditation_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="accreditations")
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(StaffMember, null=True, on_delete=models.SET_NULL, related_name="accreditations")
    level = models.CharField(_("as what"), max_length=10, choices=Level.choices)
    post = models.CharField(_("post"), max_length=POST_LIMIT, blank=True)
    grounds = models.TextField(_("grounds"), max_length=TEXT_LIMIT, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.APPLIED, editable=False)
    applied_on = models.DateField(default=today, editable=False)
    decided_on = models.DateField(null=True, editable=False)
    until = models.DateField(_("accredited until"), null=True, editable=False)
    reason = models.TextField(_("reason"), max_length=TEXT_LIMIT, blank=True, editable=False)
    told = models.CharField(max_length=10, blank=True, editable=False)  # the standing that was announced last
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AccreditationQuerySet.as_manager()

    class Meta:
        ordering = ("-applied_on", "-pk")
        verbose_name = _("accreditation")
        verbose_name_plural = _("accreditations")
        constraints = (
            models.UniqueConstraint(
                fields=("member", "level"), condition=Q(status="applied"), name="one_open_accreditation"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def standing(self, on: dt.date) -> Standing:
        return standing_of(self.until, on)

    def trail_organisation(self) -> Organisation:
        return self.organisation


class AccreditationChange(StatusChange):
    record = models.ForeignKey(Accreditation, on_delete=models.PROTECT, related_name="changes")


class SelfTestRecord(models.Model):
    """That a person passed a self-test: which edition, on which day, by which pass mark. Not how often they tried."""

    reference = models.CharField(max_length=20, unique=True, default=result_reference, editable=False)
    person = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="self_tests")
    principle = models.PositiveSmallIntegerField()
    edition = models.CharField(max_length=30)
    passed_on = models.DateField(default=today)
    score = models.PositiveSmallIntegerField()
    questions = models.PositiveSmallIntegerField()
    pass_mark = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("principle", "-passed_on")
        constraints = (
            models.UniqueConstraint(fields=("person", "principle", "edition"), name="one_record_of_a_self_test"),
            models.CheckConstraint(condition=Q(score__gte=F("pass_mark")), name="self_test_was_passed"),
        )

    def __str__(self) -> str:
        return self.reference

    def trail_organisation(self) -> None:
        """A person's own."""
