"""Certificates of the public API: the register, with what each is worth on the day of asking."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from rest_framework import serializers

from certification.models import Certificate
from certification.models.scheme import Aim
from compliance.models.vocabulary import Technology
from core.dates import today
from transparency.api.base import Asked, CappedPages, PublishedViewSet, Word
from transparency.pages.words import REGIONS
from transparency.register_filters import STANDINGS, Choice, filtered

Slug = serializers.SlugRelatedField[Any]


class ByReference(CappedPages):
    ordering = "reference"


class CertificateSerializer(serializers.ModelSerializer[Certificate]):
    """One certificate: the words copied at issue, its document, and what it is worth on the day of asking."""

    standing = serializers.SerializerMethodField(help_text="What it is worth on `standing_on`.")
    standing_on = serializers.SerializerMethodField()
    operator: Slug = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    body: Slug = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    scheme: Slug = serializers.SlugRelatedField(slug_field="key", read_only=True)
    predecessor: Slug = serializers.SlugRelatedField(slug_field="reference", read_only=True, allow_null=True)
    url = serializers.SerializerMethodField()
    document_url = serializers.SerializerMethodField(
        help_text="Null while the document is being printed, and for one recorded for the history."
    )

    class Meta:
        model = Certificate
        fields = (
            "reference",
            "standing",
            "standing_on",
            "body",
            "body_name",
            "accreditation_number",
            "operator",
            "operator_name",
            "operator_name_cy",
            "scheme",
            "scheme_name",
            "scheme_statement",
            "aim",
            "edition_title",
            "scope",
            "sites",
            "systems_listed",
            "found",
            "reviewed_on",
            "issued_on",
            "valid_from",
            "valid_until",
            "next_review_on",
            "predecessor",
            "url",
            "document_url",
            "document_sha256",
        )
        read_only_fields = fields

    def get_standing(self, certificate: Certificate) -> str:
        return certificate.standing(today()).value

    def get_standing_on(self, certificate: Certificate) -> str:
        return today().isoformat()

    def get_url(self, certificate: Certificate) -> str:
        return f"{settings.PORTAL_ORIGIN}/certificates/{certificate.reference}/"

    def get_document_url(self, certificate: Certificate) -> str | None:
        return f"{self.get_url(certificate)}certificate.pdf" if certificate.document_sha256 else None


class AskedOfCertificates(Asked):
    standing = serializers.ChoiceField(
        [each.value for each in STANDINGS], required=False, help_text="What it is worth today."
    )
    technology = serializers.ChoiceField(Technology.values, required=False, help_text="Of a system that it names.")
    step = serializers.ChoiceField(Aim.values, required=False, help_text="The step of certification.")
    region = serializers.ChoiceField(list(REGIONS), required=False, help_text="Where the holder is.")
    force = Word("Short name of the police force of the holder.")
    body = Word("Short name of the certification body.")
    scheme = Word("Key of the scheme.")
    q = Word("Words in its number, or in the name of holder or body.")


class CertificateViewSet(PublishedViewSet[Certificate]):
    """The register of certificates, those that do not count any more included."""

    queryset = Certificate.objects.select_related("scheme", "operator", "body", "predecessor").order_by("reference")
    serializer_class = CertificateSerializer
    pagination_class = ByReference
    asked = AskedOfCertificates
    lookup_field = "reference"
    lookup_value_regex = "[A-Za-z0-9-]+"

    def get_queryset(self) -> QuerySet[Certificate]:
        rows = super().get_queryset().defer("facts", "facts_jws", "terms", "terms_cy")
        return filtered(rows, Choice.of(self.request.query_params), today()) if self.action == "list" else rows
