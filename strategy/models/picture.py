"""The national picture by authority: a read model, made anew each night from what the measures count. Nothing else
writes it, and no page counts by itself.
"""

import datetime as dt
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q

from accounts.models import Kind, Organisation


class LightRow(NamedTuple):
    """What figures, filters and order read of a row: four hundred of them are made for a page."""

    pk: int
    organisation_id: int
    name: str
    name_cy: str
    on: dt.date
    kind: str
    nation: str
    region: str
    force: str
    force_name: str
    states: dict[str, str]
    at_risk: int
    systems: int
    cameras: int | None
    certified_until: dt.date | None


NAMED_ELSEWHERE = {"name": "organisation__name", "name_cy": "organisation__name_cy"}
LIGHT = [NAMED_ELSEWHERE.get(field, field) for field in LightRow._fields]


class PictureRowQuerySet(models.QuerySet["PictureRow"]):
    def light(self) -> "list[LightRow]":
        """For figures, filters and order: all rows by name, without their facts. One query."""
        return [LightRow(*values) for values in self.values_list(*LIGHT)]

    def open_to(self, organisation: Organisation) -> "PictureRowQuerySet":
        """What the people of an organisation read: a national body all, a police force its area, others themselves."""
        if organisation.kind == Kind.NATIONAL_BODY:
            return self.all()
        if organisation.kind == Kind.POLICE_FORCE:
            area = Organisation.objects.filter(police_forces=organisation)
            return self.filter(Q(organisation__in=area) | Q(organisation=organisation))
        return self.filter(organisation=organisation)


class PictureRow(models.Model):
    """One authority on one day; `facts` has every column of the files."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    kind = models.CharField(max_length=30)
    nation = models.CharField(max_length=20, blank=True)
    region = models.CharField(max_length=40, blank=True)
    force = models.CharField(max_length=100, blank=True)  # slug of the territorial force
    force_name = models.CharField(max_length=150, blank=True)
    states: Any = models.JSONField(default=dict)  # of each column: what figures and filters read
    at_risk = models.PositiveSmallIntegerField(default=0)  # systems
    systems = models.PositiveIntegerField(default=0)  # recorded here
    cameras = models.PositiveIntegerField(null=True)  # of systems in use, as the operator counted them; or nobody did
    certified_until = models.DateField(null=True)  # of the certificate that is counted
    facts: Any = models.JSONField(default=dict)

    objects = PictureRowQuerySet.as_manager()

    class Meta:
        ordering = ("organisation__name", "organisation")
        indexes = (models.Index(fields=("force",), name="picture_of_force"),)

    def __str__(self) -> str:
        return f"{self.organisation_id}, {self.on}"

    @property
    def name(self) -> str:
        return self.organisation.name

    @property
    def name_cy(self) -> str:
        return self.organisation.name_cy
