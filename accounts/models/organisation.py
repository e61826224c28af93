"""Organisations: councils, forces, certification and national bodies; dated, in two languages, linked in time."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, Q, When
from django.utils.translation import gettext_lazy as _

from accounts.models.roles import OPERATOR_KINDS, ROLES_OF_KIND, Kind, Role, kind_choices
from core.addresses import address_of
from core.bilingual import local_text
from core.dates import today
from core.errors import Text


class Nation(models.TextChoices):
    ENGLAND = "england", _("England")
    WALES = "wales", _("Wales")


def nation_choices() -> Sequence[tuple[str, Text]]:
    return Nation.choices


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def current(self, on: dt.date | None = None) -> "OrganisationQuerySet":
        """Organisations that exist on a day, both dates inclusive."""
        day = on or today()
        return self.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=day)).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        )

    def outward(self) -> "OrganisationQuerySet":
        """Those that public pages and data may name: all but training ones. Whoever reads organisations for the
        public starts here.
        """
        return self.filter(is_training=False)

    def at(self, slug: str) -> "Organisation | None":
        """Whoever is at that address today: where it leads since a reorganisation, else who has it. One query."""
        leads = Case(When(former_slugs__slug=slug, then=0), default=1)
        return self.filter(Q(slug=slug) | Q(former_slugs__slug=slug)).order_by(leads, "pk").first()

    def counted(self) -> "OrganisationQuerySet":
        """Those that figures count: never a training one, and what is made up in a demonstration portal alone."""
        return self.outward() if settings.PORTAL_DEMONSTRATION else self.outward().filter(is_demonstration=False)

    def dealing_with(self, organisation: "Organisation") -> "OrganisationQuerySet":
        """Whom it may name, ask and agree with: training organisations meet among themselves alone."""
        return self.filter(is_training=organisation.is_training)

    def operators(self) -> "OrganisationQuerySet":
        return self.filter(kind__in=OPERATOR_KINDS)

    def other_operators(self, organisation: "Organisation") -> "OrganisationQuerySet":
        """Whom an operator may name as watching for it, or being watched for, by name."""
        return self.operators().current().dealing_with(organisation).exclude(pk=organisation.pk).order_by("name")

    def principal_authorities(self) -> "OrganisationQuerySet":
        """Principal authorities of England and Wales: the denominator of national figures."""
        return self.filter(kind=Kind.PRINCIPAL_AUTHORITY)

    def by_code(self, code: str) -> "Organisation | None":
        """The one with that GSS code, else the one that had it before. Two queries at most."""
        if found := self.filter(gss_code=code).first():
            return found
        return next((row for row in self.exclude(former_gss_codes=[]) if code in row.former_gss_codes), None)

    def for_list(self) -> "OrganisationQuerySet":
        return self.order_by("name")

    def with_people_count(self, on: dt.date | None = None) -> "OrganisationQuerySet":
        """With `people_count`: how many people hold a role there on a day."""
        day = on or today()
        not_over = Q(memberships__ends_on__isnull=True) | Q(memberships__ends_on__gte=day)
        current = Q(memberships__starts_on__lte=day) & not_over
        return self.annotate(people_count=Count("memberships__user", filter=current, distinct=True))

    def visible_to(self, user: Any) -> "OrganisationQuerySet":
        """Organisations that the user belongs to today; all of them for a site administrator."""
        if user.is_staff:
            return self.all()
        return self.filter(pk__in=user.organisation_ids())


class Organisation(models.Model):
    """A body of the field. `slug` is its address until it is reorganised; names change and are kept with
    their dates."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=30, choices=kind_choices)
    name = models.CharField(_("name"), max_length=150)
    name_cy = models.CharField(_("name in Welsh"), max_length=150, blank=True)
    official_name = models.CharField(_("full name"), max_length=200, blank=True)
    gss_code = models.CharField(_("GSS code"), max_length=9, null=True, blank=True, unique=True)
    former_gss_codes = models.JSONField(_("former GSS codes"), default=list, blank=True)
    subkind = models.CharField(_("kind of authority"), max_length=40, blank=True)
    nation = models.CharField(_("nation"), max_length=10, choices=nation_choices, blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    police_forces = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="policed_authorities",
        verbose_name=_("territorial police force"),
    )
    predecessors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="successors", verbose_name=_("predecessors")
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    # Known with the organisation: pages of others ask for nothing inherited
    is_successor = models.BooleanField(_("came after others"), default=False, editable=False)
    is_demonstration = models.BooleanField(_("made up for demonstration"), default=False)
    is_training = models.BooleanField(_("for training, made up"), default=False)  # never public, in no figure anywhere

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="organisation_dates_in_order",
                violation_error_message=_("The end date must not be before the start date."),
            ),
        )
        indexes = (models.Index(fields=("kind", "name"), name="organisation_by_kind"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("accounts:organisation", self.slug)

    @property
    def local_name(self) -> str:
        """The name in the language of the page, where there is one."""
        return local_text(self, "name")

    @property
    def is_counted(self) -> bool:
        """The twin of `OrganisationQuerySet.counted`."""
        return not self.is_training and (settings.PORTAL_DEMONSTRATION or not self.is_demonstration)

    def deals_with(self, other: "Organisation") -> bool:
        """The twin of `OrganisationQuerySet.dealing_with`."""
        return self.is_training == other.is_training

    @property
    def full_name(self) -> str:
        return self.official_name or self.name

    @property
    def runs_cameras(self) -> bool:
        """Whether it is of a kind that may be an operator of cameras."""
        return self.kind in OPERATOR_KINDS

    def is_current(self, on: dt.date | None = None) -> bool:
        """Whether it exists on a day, both dates inclusive; the twin of `OrganisationQuerySet.current`."""
        day = on or today()
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)

    @property
    def is_welsh(self) -> bool:
        return self.nation == Nation.WALES

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that people can hold here."""
        return ROLES_OF_KIND[self.kind]

    def trail_organisation(self) -> "Organisation":
        return self


class FormerName(models.Model):
    """A name that an organisation bore until a day, inclusive."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=200)
    name_cy = models.CharField(max_length=200, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-until",)

    def __str__(self) -> str:
        return self.name
