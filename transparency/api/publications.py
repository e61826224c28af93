"""Publications, systems and cameras of the public API: from what operators published, and from nothing else."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from compliance.models.camera import CameraType, Precision
from compliance.models.vocabulary import Technology
from transparency.api.base import Asked, CappedPages, ListedViewSet, PublishedViewSet, Word, day_of
from transparency.api.cameras import CameraSerializer, rows_of
from transparency.grid import KEY_ZOOM, key_of, place_of, tile_shift
from transparency.models import Publication, PublicCamera

Slug = serializers.SlugRelatedField[Any]
UPDATED_SINCE = "Only what was published on that day or later."
# Beyond this many columns of tiles the box is looked through row by row, which for a large box is the quicker way.
MOST_COLUMNS = 24
WEST, SOUTH, EAST, NORTH = -180.0, -85.0, 180.0, 85.0


class ByReference(CappedPages):
    ordering = "reference"


class ByKey(CappedPages):
    ordering = "pk"


class PublicationSerializer(serializers.ModelSerializer[Publication]):
    """The newest version of one published thing; one that is withdrawn keeps its address, its day and its reason."""

    kind = serializers.CharField(read_only=True, help_text="What sort of thing was published.")
    organisation: Slug = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Publication
        fields = (
            "reference",
            "kind",
            "organisation",
            "subject_reference",
            "title",
            "title_cy",
            "version",
            "sha256",
            "published_at",
            "ended_at",
            "withdrawn_reason",
            "welsh_missing_reason",
            "url",
        )
        read_only_fields = fields

    def get_url(self, publication: Publication) -> str:
        return f"{settings.PORTAL_ORIGIN}{publication.path}"


class PublicationDetailSerializer(PublicationSerializer):
    """With what was frozen, while it is in force. `sha256` is that of its canonical JSON in UTF-8."""

    content = serializers.SerializerMethodField(help_text="Null when withdrawn.")

    class Meta:
        model = Publication
        fields = (*PublicationSerializer.Meta.fields, "content")
        read_only_fields = fields

    def get_content(self, publication: Publication) -> dict[str, Any] | None:
        return publication.facts() if publication.ended_at is None else None


class AskedOfPublications(Asked):
    authority = Word("Short name of the operator.")
    kind = Word("What sort of thing was published, such as `system`.")
    updated_since = day_of(UPDATED_SINCE)


class PublicationViewSet(PublishedViewSet[Publication]):
    """What operators published: the newest version of each thing."""

    queryset = Publication.objects.all()
    pagination_class = ByReference
    asked = AskedOfPublications
    lookup_field = "reference"
    lookup_value_regex = "[A-Za-z0-9-]+"

    def get_queryset(self) -> QuerySet[Publication]:
        newest = Publication.objects.newest().select_related("organisation").order_by("reference")
        if self.action == "retrieve":
            return newest
        return _narrowed(newest.defer("content"), self.choice)

    def get_serializer_class(self) -> type[PublicationSerializer]:
        return PublicationDetailSerializer if self.action == "retrieve" else PublicationSerializer


def _narrowed(rows: QuerySet[Publication], choice: dict[str, Any]) -> QuerySet[Publication]:
    if "authority" in choice:
        rows = rows.filter(organisation__slug=choice["authority"])
    if "kind" in choice:
        rows = rows.filter(kind=choice["kind"])
    if "updated_since" in choice:
        rows = rows.filter(published_at__date__gte=choice["updated_since"])
    return rows


class SystemSerializer(serializers.ModelSerializer[Publication]):
    """One published camera system in figures. What its page says word for word is in its publication."""

    reference = serializers.CharField(source="subject_reference", read_only=True)
    authority = serializers.CharField(source="organisation.slug", read_only=True)
    name = serializers.CharField(source="title", read_only=True)
    name_cy = serializers.CharField(source="title_cy", read_only=True)
    technologies = serializers.SerializerMethodField()
    cameras_counted = serializers.IntegerField(source="summary.cameras_counted", read_only=True)
    counted_from = serializers.DateField(source="summary.counted_from", read_only=True, allow_null=True)
    counted_until = serializers.DateField(source="summary.counted_until", read_only=True, allow_null=True)
    cameras_listed = serializers.IntegerField(source="summary.cameras_listed", read_only=True)
    cameras_withheld = serializers.IntegerField(source="summary.cameras_withheld", read_only=True)
    self_assessment_signed_on = serializers.DateField(source="summary.signed_on", read_only=True, allow_null=True)
    contact_post = serializers.CharField(source="summary.spoc_post", read_only=True)
    contact_email = serializers.CharField(source="summary.spoc_email", read_only=True)
    publication = serializers.CharField(source="reference", read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Publication
        fields = (
            "reference",
            "authority",
            "name",
            "name_cy",
            "technologies",
            "cameras_counted",
            "counted_from",
            "counted_until",
            "cameras_listed",
            "cameras_withheld",
            "self_assessment_signed_on",
            "contact_post",
            "contact_email",
            "version",
            "published_at",
            "publication",
            "url",
        )
        read_only_fields = fields

    def get_technologies(self, publication: Publication) -> list[str]:
        return list(publication.summary.get("technologies", ()))

    def get_url(self, publication: Publication) -> str:
        return f"{settings.PORTAL_ORIGIN}{publication.path}"


class AskedOfSystems(Asked):
    authority = Word("Short name of the operator.")
    technology = serializers.ChoiceField(Technology.values, required=False, help_text="What the system consists of.")
    updated_since = day_of(UPDATED_SINCE)


class SystemViewSet(PublishedViewSet[Publication]):
    """Camera systems whose page is in force."""

    queryset = Publication.objects.all()
    serializer_class = SystemSerializer
    pagination_class = ByReference
    asked = AskedOfSystems
    lookup_field = "subject_reference"
    lookup_url_kwarg = "reference"
    lookup_value_regex = "[A-Za-z0-9-]+"

    def get_queryset(self) -> QuerySet[Publication]:
        rows = Publication.objects.of_systems().current().select_related("organisation").defer("content")
        rows = rows.order_by("reference")
        if self.action == "retrieve":
            return rows
        if "technology" in self.choice:
            rows = rows.filter(summary__technologies__icontains=f'"{self.choice["technology"]}"')
        return _narrowed(rows, self.choice)


@extend_schema_field({"type": "string", "pattern": r"^-?\d{1,3}(\.\d{1,9})?(,-?\d{1,3}(\.\d{1,9})?){3}$"})
class Box(serializers.Field[Any, Any, Any, Any]):
    """Four numbers: west, south, east and north in degrees."""

    def to_internal_value(self, data: Any) -> tuple[float, ...]:
        try:
            box = tuple(float(part) for part in str(data).split(","))
        except ValueError as error:
            raise ValidationError(NOT_A_BOX) from error
        if len(box) != 4 or not _is_box(*box):
            raise ValidationError(NOT_A_BOX)
        return box


NOT_A_BOX = (
    "Write four numbers with commas: west, south, east and north in degrees, such as -1.6,53.7,-1.5,53.9;"
    " west before east, south before north, nothing beyond 180 or 85 degrees."
)


def _is_box(west: float, south: float, east: float, north: float) -> bool:
    return WEST <= west < east <= EAST and SOUTH <= south < north <= NORTH  # nan is none of these


class AskedOfCameras(Asked):
    authority = Word("Short name of the operator.")
    system = Word("Reference of the system.")
    ward = Word("Name of the ward.")
    type = serializers.ChoiceField(CameraType.values, required=False, help_text="Type of camera.")
    technology = serializers.ChoiceField(Technology.values, required=False, help_text="Technology.")
    precision = serializers.ChoiceField(
        [Precision.EXACT.value, Precision.STREET.value, Precision.WARD.value],
        required=False,
        help_text="How exactly its place is public.",
    )
    bbox = Box(required=False, help_text="Within west,south,east,north in degrees; finds those of exact places.")
    updated_since = day_of(UPDATED_SINCE)


class CameraViewSet(ListedViewSet[PublicCamera]):
    """Cameras of published lists. How many are withheld, and why, is said by their systems."""

    queryset = PublicCamera.objects.order_by("pk")
    serializer_class = CameraSerializer
    pagination_class = ByKey
    asked = AskedOfCameras

    def get_queryset(self) -> QuerySet[PublicCamera]:
        rows = super().get_queryset()
        choice = getattr(self, "choice", {})
        exact = {
            "organisation__slug": choice.get("authority"),
            "system_reference": choice.get("system"),
            "ward": choice.get("ward"),
            "camera_type": choice.get("type"),
            "technology": choice.get("technology"),
            "precision": choice.get("precision"),
            "publication__published_at__date__gte": choice.get("updated_since"),
        }
        rows = rows.filter(**{name: value for name, value in exact.items() if value is not None})
        return _within(rows, choice["bbox"]) if "bbox" in choice else rows

    def paginate_queryset(self, queryset: QuerySet[Any] | Sequence[Any]) -> list[Any] | None:
        page = super().paginate_queryset(queryset)
        return page if page is None else rows_of(page)


def _within(rows: QuerySet[PublicCamera], box: tuple[float, ...]) -> QuerySet[PublicCamera]:
    """Those in a box, found by the tiles that it touches while these are few."""
    west, south, east, north = box
    rows = rows.filter(longitude__gte=west, longitude__lte=east, latitude__gte=south, latitude__lte=north)
    shift = tile_shift(KEY_ZOOM)
    left, right = (place_of(0.0, longitude).x >> shift for longitude in (west, east))
    top, bottom = (place_of(latitude, 0.0).y >> shift for latitude in (north, south))
    if right - left >= MOST_COLUMNS:
        return rows.filter(tile__isnull=False)
    tiles = Q()
    for column in range(left, right + 1):
        tiles |= Q(tile__gte=key_of(column, top, KEY_ZOOM), tile__lte=key_of(column, bottom, KEY_ZOOM))
    return rows.filter(tiles)
