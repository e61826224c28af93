"""Certificates and publications of the public API: read only, each field named, pages capped."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import QuerySet
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from certification.models import Certificate
from core.dates import today
from transparency.models import Publication
from transparency.register_filters import Choice, filtered
from transparency.views.public import CACHED_SECONDS

Slug = serializers.SlugRelatedField[Any]


class CappedPages(CursorPagination):
    """Pages of 100, at most 500, by a cursor instead of an offset, so that the last page costs what the first does.

    A cursor that nobody was given is a page that does not exist.
    """

    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 500

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, OverflowError, ValidationError, DataError) as error:
            raise NotFound("Invalid cursor") from error


class ByReference(CappedPages):
    ordering = "reference"


class CertificateSerializer(serializers.ModelSerializer[Certificate]):
    """One certificate: the words copied at issue, its document, and what it is worth on the day of asking."""

    standing = serializers.SerializerMethodField(help_text="What it is worth on `standing_on`.")
    standing_on = serializers.SerializerMethodField()
    operator: Slug = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    body: Slug = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    scheme: Slug = serializers.SlugRelatedField(slug_field="key", read_only=True)
    predecessor: Slug = serializers.SlugRelatedField(slug_field="reference", read_only=True)
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


class PublicationSerializer(serializers.ModelSerializer[Publication]):
    """The newest version of one published thing; one that is withdrawn keeps its address, its day and its reason."""

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


class OpenToPages(APIView):
    """Scripts in pages of other sites may read the answers: the API shows nobody more than the public sees."""

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {**super().default_response_headers, "Access-Control-Allow-Origin": "*"}


@method_decorator(login_not_required, name="dispatch")
@method_decorator(cache_control(public=True, max_age=CACHED_SECONDS), name="dispatch")
class CertificateViewSet(
    OpenToPages, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Certificate]
):
    """The register of certificates, those that do not count any more included.

    The list is filtered as the register's page is: `standing`, `technology`, `step`, `region`, `force`, `body`,
    `scheme`, `q`.
    """

    queryset = Certificate.objects.select_related("scheme", "operator", "body", "predecessor").order_by("reference")
    serializer_class = CertificateSerializer
    pagination_class = ByReference
    lookup_field = "reference"
    lookup_value_regex = "[A-Za-z0-9-]+"

    def get_queryset(self) -> QuerySet[Certificate]:
        rows = super().get_queryset().defer("facts", "facts_jws", "terms", "terms_cy")
        return filtered(rows, Choice.of(self.request.query_params), today()) if self.action == "list" else rows


@method_decorator(login_not_required, name="dispatch")
@method_decorator(cache_control(public=True, max_age=CACHED_SECONDS), name="dispatch")
class PublicationViewSet(
    OpenToPages, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Publication]
):
    """What operators published: the newest version of each thing."""

    pagination_class = ByReference
    lookup_field = "reference"
    lookup_value_regex = "[A-Za-z0-9-]+"

    def get_queryset(self) -> QuerySet[Publication]:
        newest = Publication.objects.newest().select_related("organisation").order_by("reference")
        return newest if self.action == "retrieve" else newest.defer("content")

    def get_serializer_class(self) -> type[PublicationSerializer]:
        return PublicationDetailSerializer if self.action == "retrieve" else PublicationSerializer
