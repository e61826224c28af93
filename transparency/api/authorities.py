"""Authorities of the public API: facts of the field, nothing about people."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from rest_framework import serializers

from accounts.models import Kind, Organisation
from accounts.models.organisation import Nation
from accounts.models.roles import OPERATOR_KINDS
from certification.models import Certificate
from transparency.api.base import Asked, CappedPages, PublishedViewSet, Word
from transparency.models import Publication
from transparency.pages.words import REGIONS


class ByName(CappedPages):
    """By name, and by address where two have one name."""

    ordering = ("name", "slug")


class AuthoritySerializer(serializers.ModelSerializer[Organisation]):
    """One operator: a principal authority, or another that published something or holds a certificate."""

    kind = serializers.CharField(read_only=True)
    nation = serializers.CharField(read_only=True)
    latitude = serializers.FloatField(read_only=True, allow_null=True, help_text="Of its middle, WGS 84.")
    longitude = serializers.FloatField(read_only=True, allow_null=True, help_text="Of its middle, WGS 84.")

    class Meta:
        model = Organisation
        fields = (
            "slug",
            "kind",
            "gss_code",
            "name",
            "name_cy",
            "official_name",
            "subkind",
            "nation",
            "region",
            "latitude",
            "longitude",
            "starts_on",
            "ends_on",
        )
        read_only_fields = fields


class AskedOfAuthorities(Asked):
    nation = serializers.ChoiceField(Nation.values, required=False, help_text="England or Wales.")
    region = serializers.ChoiceField(list(REGIONS), required=False, help_text="Region.")
    kind = serializers.ChoiceField(
        [kind.value for kind in Kind if kind in OPERATOR_KINDS], required=False, help_text="Kind of operator."
    )
    gss_code = Word("Official code.")
    publishes = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Whether it has published a system here."
    )


class AuthorityViewSet(PublishedViewSet[Organisation]):
    """Principal authorities of England and Wales, past ones with their last day, and other operators that publish."""

    queryset = Organisation.objects.outward()
    serializer_class = AuthoritySerializer
    pagination_class = ByName
    asked = AskedOfAuthorities
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Organisation]:
        published = Exists(Publication.objects.filter(organisation=OuterRef("pk")))
        certified = Exists(Certificate.objects.filter(operator=OuterRef("pk")))
        rows = (
            Organisation.objects.outward()
            .filter(kind__in=OPERATOR_KINDS)
            .filter(Q(kind=Kind.PRINCIPAL_AUTHORITY) | published | certified)
        )
        choice = getattr(self, "choice", {})
        for name in ("nation", "region", "kind", "gss_code"):
            if name in choice:
                rows = rows.filter(**{name: choice[name]})
        if choice.get("publishes") is not None:
            current = Exists(Publication.objects.of_systems().current().filter(organisation=OuterRef("pk")))
            rows = rows.filter(current) if choice["publishes"] else rows.exclude(current)
        return rows
