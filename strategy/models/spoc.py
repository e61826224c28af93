"""The register of single points of contact (SPOC): who is named, what the association knows, what the public reads."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation
from core.dates import add_months, today
from core.references import new_reference

POST_LIMIT, NAME_LIMIT, TELEPHONE_LIMIT = 150, 120, 40
CONFIRM_MONTHS = 12


def spoc_reference() -> str:
    return new_reference("SC")


class SpocEntryQuerySet(models.QuerySet["SpocEntry"]):
    def visible_to(self, user: Any) -> "SpocEntryQuerySet":
        """Those of the user's organisations; all of them for the people of a national body."""
        if any(membership.organisation.kind == Kind.NATIONAL_BODY for membership in user.memberships_now):
            return self.all()
        return self.filter(organisation_id__in=user.organisation_ids())

    def standing(self) -> "SpocEntryQuerySet":
        """Those that nobody ended."""
        return self.filter(ended_on__isnull=True)

    def on(self, day: dt.date) -> "SpocEntryQuerySet":
        """Those that stood on a day, both days inclusive: on the day of a change the old and the new one."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day), made_on__lte=day)


class SpocEntry(models.Model):
    """One person, or one mailbox, as the contact of an organisation. Another person is another entry.

    What the public reads is no field of it: it stands in `SpocPublication`, as it was when somebody decided.
    """

    class Language(models.TextChoices):
        ENGLISH = "en-gb", "English"
        WELSH = "cy", "Cymraeg"

    reference = models.CharField(max_length=20, unique=True, default=spoc_reference, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="spocs")
    post = models.CharField(_("post"), max_length=POST_LIMIT)
    post_cy = models.CharField(_("post in Welsh"), max_length=POST_LIMIT, blank=True)
    name = models.CharField(_("name"), max_length=NAME_LIMIT, blank=True)
    email = models.EmailField(_("email address"), blank=True)  # blank once it ended
    telephone = models.CharField(_("telephone"), max_length=TELEPHONE_LIMIT, blank=True)
    shows_name = models.BooleanField(_("the public may read the name"), default=False)
    shows_contact = models.BooleanField(_("the public may read the email address and telephone"), default=False)
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.ENGLISH)  # of mails
    person = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    named_on = models.DateField(_("named on"))  # as the organisation says; may be before it was entered here
    made_on = models.DateField(default=today, editable=False)  # when it was entered: what measures go by
    ended_on = models.DateField(null=True, editable=False)  # the last day on which it stood
    told_on = models.DateField(null=True, editable=False)  # the managers' association was told
    acknowledged_on = models.DateField(null=True, editable=False)
    acknowledged_by = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    confirmed_on = models.DateField(null=True, editable=False)  # the person said last that it is right
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    objects = SpocEntryQuerySet.as_manager()

    class Meta:
        ordering = ("-made_on", "-pk")
        verbose_name = _("single point of contact")
        verbose_name_plural = _("single points of contact")
        constraints = (
            models.UniqueConstraint(
                fields=("organisation",), condition=Q(ended_on__isnull=True), name="one_standing_spoc"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("made_on")), name="spoc_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_on__isnull=True) | Q(told_on__lte=F("acknowledged_on")),
                name="spoc_acknowledged_once_told",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation}: {self.post}"

    @property
    def confirm_by(self) -> dt.date:
        """When its person is asked again whether it is right."""
        return add_months(self.confirmed_on or self.made_on, CONFIRM_MONTHS)

    def public_facts(self) -> Mapping[str, str]:
        """What the public reads when it is published now: the post always, the rest where the entry says so."""
        return {
            "post": self.post,
            "post_cy": self.post_cy,
            "name": self.name if self.shows_name else "",
            "email": self.email if self.shows_contact else "",
            "telephone": self.telephone if self.shows_contact else "",
        }

    def trail_organisation(self) -> Organisation:
        return self.organisation


class SpocPublicationQuerySet(models.QuerySet["SpocPublication"]):
    def current(self) -> "SpocPublicationQuerySet":
        return self.filter(ended_on__isnull=True)

    def on(self, day: dt.date) -> "SpocPublicationQuerySet":
        """Those that the public read on a day, both days inclusive."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day), published_on__lte=day)


class SpocPublication(models.Model):
    """What the public reads of an entry, from a day to a day. Its personal parts are erased when it ends."""

    entry = models.ForeignKey(SpocEntry, on_delete=models.PROTECT, related_name="publications")
    post = models.CharField(max_length=POST_LIMIT)
    post_cy = models.CharField(max_length=POST_LIMIT, blank=True)
    name = models.CharField(max_length=NAME_LIMIT, blank=True)
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=TELEPHONE_LIMIT, blank=True)
    published_on = models.DateField(default=today)
    ended_on = models.DateField(null=True)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")

    objects = SpocPublicationQuerySet.as_manager()

    class Meta:
        ordering = ("-published_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("entry",), condition=Q(ended_on__isnull=True), name="one_public_text_of_a_spoc"
            ),
        )

    def __str__(self) -> str:
        return f"{self.entry.reference}, {self.published_on}"


class SpocConfirmation(models.Model):
    """One asking of a mailbox whether its entry is right. The link is kept as a hash; it takes one answer."""

    class Answer(models.TextChoices):
        STILL_RIGHT = "still_right", _("Yes, it is still right")
        SOMEBODY_ELSE = "somebody_else", _("No, it is somebody else now")
        NOT_ME = "not_me", _("No, I am not the single point of contact")

    entry = models.ForeignKey(SpocEntry, on_delete=models.PROTECT, related_name="confirmations")
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, editable=False)
    answer = models.CharField(max_length=15, choices=Answer.choices, blank=True)
    # Who it is now, as the mailbox said: a proposal, erased when it is settled
    new_name = models.CharField(_("name"), max_length=NAME_LIMIT, blank=True)
    new_post = models.CharField(_("post"), max_length=POST_LIMIT, blank=True)
    new_email = models.EmailField(_("email address"), blank=True)
    settled_on = models.DateField(null=True, editable=False)  # the organisation acted on a "no"

    class Meta:
        ordering = ("-asked_at", "-pk")
        indexes = (models.Index(fields=("entry", "-asked_at"), name="confirmation_of_spoc"),)

    def __str__(self) -> str:
        return f"{self.entry.reference}, {self.asked_at:%Y-%m-%d}"

    def is_open(self, now: dt.datetime | None = None) -> bool:
        """Whether its link still takes an answer."""
        return self.answered_at is None and self.expires_at > (now or timezone.now())

    def trail_organisation(self) -> Organisation:
        return self.entry.organisation
