"""Groups: a working group, a programme board, an advisory council; who sits in them and to whom they report."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation
from core.bilingual import local_text
from core.dates import today
from core.references import new_reference

NAME_LIMIT, POST_LIMIT, TERMS_LIMIT, INTERESTS_LIMIT = 150, 150, 8000, 1000


def member_reference() -> str:
    return new_reference("GM")


class GroupKind(models.TextChoices):
    WORKING_GROUP = "working_group", _("working group")
    PROGRAMME_BOARD = "programme_board", _("programme board")
    ADVISORY_COUNCIL = "advisory_council", _("advisory council")


class Represents(models.TextChoices):
    """For whom a member speaks. The first three are those that deliverable 5.6 asks for."""

    LOCAL_AUTHORITIES = "la", _("local authorities")
    PCC_OFFICES = "opcc", _("offices of police and crime commissioners")
    POLICE_CHIEFS = "npcc", _("police chiefs' council")
    OTHERS = "other", _("others")


SPEAKS_FOR = {
    Kind.PRINCIPAL_AUTHORITY: Represents.LOCAL_AUTHORITIES,
    Kind.PARISH_COUNCIL: Represents.LOCAL_AUTHORITIES,
    Kind.PCC_OFFICE: Represents.PCC_OFFICES,
    Kind.POLICE_FORCE: Represents.POLICE_CHIEFS,
}


class GroupQuerySet(models.QuerySet["Group"]):
    def visible_to(self, user: Any) -> "GroupQuerySet":
        """Those that the user's organisations keep, and those in which one of them has a member today."""
        return self.open_to(user.organisation_ids())

    def open_to(self, organisations: Any) -> "GroupQuerySet":
        sitting = GroupMembership.objects.current().filter(group=OuterRef("pk"), organisation_id__in=organisations)
        return self.filter(Q(body_id__in=organisations) | Exists(sitting))


class Group(models.Model):
    """A group that a national body keeps."""

    Kind = GroupKind

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=GroupKind.choices)
    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    name_cy = models.CharField(_("name in Welsh"), max_length=NAME_LIMIT, blank=True)
    terms = models.TextField(_("terms of reference"), max_length=TERMS_LIMIT)
    terms_cy = models.TextField(_("terms of reference in Welsh"), max_length=TERMS_LIMIT, blank=True)
    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="groups_kept")
    reports_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reported_by")
    reports_to_body = models.CharField(_("reports to"), max_length=150, blank=True)
    began_on = models.DateField(_("set up on"), default=today)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)  # the last day on which there was the group

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")), name="group_days_in_order"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def local_name(self) -> str:
        return local_text(self, "name")

    @property
    def local_terms(self) -> str:
        return local_text(self, "terms")

    @property
    def reference(self) -> str:
        return self.slug

    def trail_organisation(self) -> Organisation:
        return self.body


class GroupTerms(models.Model):
    """A version of the terms of reference, as the group agreed them on a day. Never changed."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    terms = models.TextField(_("terms of reference"), max_length=TERMS_LIMIT)
    terms_cy = models.TextField(_("terms of reference in Welsh"), max_length=TERMS_LIMIT, blank=True)
    agreed_on = models.DateField(_("agreed on"))
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("group", "number"), name="terms_once_per_group"),)

    def __str__(self) -> str:
        return f"{self.group.slug} {self.number}"

    @property
    def local_terms(self) -> str:
        return local_text(self, "terms")


class GroupReport(models.Model):
    """A report that the group sent to whom it reports."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="reports")
    title = models.CharField(_("what was sent"), max_length=200)
    sent_to = models.CharField(_("to whom"), max_length=150)
    sent_on = models.DateField(_("sent on"))
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-sent_on", "-pk")

    def __str__(self) -> str:
        return self.title

    def trail_organisation(self) -> Organisation:
        return self.group.body


class GroupMembershipQuerySet(models.QuerySet["GroupMembership"]):
    def current(self, on: dt.date | None = None) -> "GroupMembershipQuerySet":
        """Those that stood on a day, both days inclusive."""
        day = on or today()
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day)


class GroupMembership(models.Model):
    """An organisation's seat, by post; who fills it is named inside, and outside only where that was agreed to."""

    reference = models.CharField(max_length=20, unique=True, default=member_reference, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="group_memberships")
    post = models.CharField(_("post"), max_length=POST_LIMIT)
    post_cy = models.CharField(_("post in Welsh"), max_length=POST_LIMIT, blank=True)
    person = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_LIMIT, blank=True)
    shows_name = models.BooleanField(_("the public may read the name"), default=False)
    represents = models.CharField(_("speaks for"), max_length=10, choices=Represents.choices)
    is_chair = models.BooleanField(_("takes the chair"), default=False)
    from_on = models.DateField(_("member from"), default=today)
    until_on = models.DateField(_("until"), null=True, blank=True)  # the last day on which it stood
    interests = models.TextField(_("declaration of interests"), max_length=INTERESTS_LIMIT, blank=True)
    interests_on = models.DateField(_("declared on"), null=True, blank=True)

    objects = GroupMembershipQuerySet.as_manager()

    class Meta:
        ordering = ("organisation__name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="group_member_days_in_order"
            ),
        )
        indexes = (models.Index(fields=("organisation", "from_on"), name="group_member_of_body"),)

    def __str__(self) -> str:
        return f"{self.organisation.name}: {self.post}"

    @property
    def local_post(self) -> str:
        return local_text(self, "post")

    @property
    def who(self) -> str:
        """The person, for the group itself."""
        return self.name or (self.person.get_full_name() if self.person else "")

    def trail_organisation(self) -> Organisation:
        return self.group.body


class GroupMailRefusal(models.Model):
    """Somebody who wants no mail of a group, though an organisation of theirs sits in it."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="mail_refusals")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("group", "user"), name="mail_refused_once"),)

    def __str__(self) -> str:
        return f"{self.group_id}/{self.user_id}"


class GroupCalendar(models.Model):
    """A secret address under which a member's calendar program reads the meetings of the groups that the member reads.

    Only a hash of the secret is kept. Revoking ends the address; another one is another row.
    """

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="group_calendars")
    secret_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return str(self.user_id)
