"""Where published cameras are: rows made from publications alone, so that maps and lists need not read frozen text.

Filled by `transparency.services.places` and by nothing else; they can be made anew at any time.
"""

import enum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from transparency.models.publication import Publication


class PublicCameraQuerySet(models.QuerySet["PublicCamera"]):
    def on_the_map(self) -> "PublicCameraQuerySet":
        """Those with a public place: of `exact` precision."""
        return self.filter(x__isnull=False)


class PublicCamera(models.Model):
    """One listed camera of a system page that is in force. A withheld one has no row, nor has a number plate reader of
    the police; one that is known by its street or ward, or that moves, has names and no coordinates.
    """

    # Looked for by `system_reference`: each version of a page gives all its rows another publication.
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="cameras", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    system_reference = models.CharField(max_length=40)
    path = models.CharField(max_length=200)  # of the system's page, without language prefix
    ref = models.CharField(max_length=60, blank=True)
    location = models.CharField(max_length=250, blank=True)
    ward = models.CharField(max_length=120, blank=True)
    locality = models.CharField(max_length=120, blank=True)
    camera_type = models.CharField(max_length=20)  # of compliance.models.camera.CameraType
    technology = models.CharField(max_length=20)  # of compliance.models.vocabulary.Technology
    precision = models.CharField(max_length=10)  # of compliance.models.camera.Precision
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)  # WGS84, only where exact
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    x = models.IntegerField(null=True)  # web Mercator in 2**28 steps, from the west and from the north
    y = models.IntegerField(null=True)
    tile = models.IntegerField(null=True)  # transparency.grid.tile_key of the place

    objects = PublicCameraQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(precision="exact")
                | Q(latitude__isnull=True, longitude__isnull=True, x__isnull=True, y__isnull=True, tile__isnull=True),
                name="only_exact_cameras_have_a_place",
            ),
        )
        indexes = (
            models.Index(fields=("system_reference",), name="public_camera_by_system"),
            models.Index(fields=("organisation", "ward"), name="public_camera_by_name"),
            models.Index(fields=("tile",), condition=Q(tile__isnull=False), name="public_camera_by_tile"),
        )

    def __str__(self) -> str:
        return self.ref or self.location or self.ward


class GridCell(models.Model):
    """How many cameras of one organisation, type and technology are in one cell of the map at one zoom.

    `x` and `y` number the cells from the north-west; a tile is a square of them that is asked for at once. The sums of
    places give the middle of the cameras, and can be kept by adding and taking away.
    """

    zoom = models.SmallIntegerField()
    tile = models.IntegerField()
    x = models.IntegerField()
    y = models.IntegerField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    camera_type = models.CharField(max_length=20)
    technology = models.CharField(max_length=20)
    count = models.IntegerField()
    sum_x = models.BigIntegerField()
    sum_y = models.BigIntegerField()

    KEY: ClassVar = ("zoom", "tile", "x", "y", "organisation", "camera_type", "technology")
    SUMS: ClassVar = ("count", "sum_x", "sum_y")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("zoom", "tile", "x", "y", "organisation", "camera_type", "technology"), name="grid_cell_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.zoom}/{self.x}/{self.y}"


class KnownBy(enum.StrEnum):
    """What the public knows of a counted camera: every one is in exactly one of these."""

    EXACT = "exact"  # on the map
    STREET = "street"
    WARD = "ward"
    WITHHELD = "withheld"  # with a reason
    MOVING = "moving"  # worn, flown, driven or moved from place to place
    UNLISTED = "unlisted"  # counted, in no published list


class PlaceCount(models.Model):
    """How many cameras of one organisation the public knows in one way. Type and technology are only said of those that
    are listed.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    camera_type = models.CharField(max_length=20, blank=True)
    technology = models.CharField(max_length=20, blank=True)
    known_by = models.CharField(max_length=10)  # of KnownBy
    count = models.IntegerField()

    KEY: ClassVar = ("organisation", "camera_type", "technology", "known_by")
    SUMS: ClassVar = ("count",)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "camera_type", "technology", "known_by"), name="place_count_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} {self.known_by}: {self.count}"


class PlacedSystem(models.Model):
    """What one system adds to the counts of its organisation: it is taken away again when its page changes."""

    system_reference = models.CharField(max_length=40, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="+", db_index=False)
    counts = models.JSONField()  # a list of [type, technology, known by, count]
    places = models.TextField(default="")  # its wards and towns in small plain letters, each on a line of its own

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.system_reference
