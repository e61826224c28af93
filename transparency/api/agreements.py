"""Published agreements of the public API: their days, parties and what they are worth on the day of asking."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from compliance.models.vocabulary import Technology
from core.dates import today
from transparency.agreement_register import Choice, filtered, published
from transparency.agreement_standing import PUBLIC, standing_of
from transparency.api.base import Asked, CappedPages, PublishedViewSet, Word
from transparency.models import Publication

PARTY = {
    "type": "object",
    "properties": {"slug": {"type": "string"}, "name": {"type": "object"}, "side": {"type": "string"}},
}


class ByReference(CappedPages):
    ordering = "subject_reference"


class AgreementSerializer(serializers.ModelSerializer[Publication]):
    """One published agreement in figures. What its page says word for word is in its publication."""

    reference = serializers.CharField(source="subject_reference", read_only=True)
    standing = serializers.SerializerMethodField(help_text="What it is worth on `standing_on`.")
    standing_on = serializers.SerializerMethodField()
    parties = serializers.SerializerMethodField()
    clause_set = serializers.CharField(source="summary.clause_set", read_only=True)
    technologies = serializers.ListField(child=serializers.CharField(), source="summary.technologies", read_only=True)
    systems = serializers.ListField(child=serializers.CharField(), source="summary.systems", read_only=True)
    completed_on = serializers.DateField(source="summary.completed_on", read_only=True, allow_null=True)
    starts_on = serializers.DateField(source="summary.starts_on", read_only=True, allow_null=True)
    ends_on = serializers.DateField(source="summary.ends_on", read_only=True, allow_null=True)
    review_on = serializers.DateField(source="summary.review_on", read_only=True, allow_null=True)
    replaced_from = serializers.DateField(source="summary.replaced_from", read_only=True, allow_null=True)
    ends_early_on = serializers.DateField(source="summary.ends_early_on", read_only=True, allow_null=True)
    previous = serializers.CharField(source="summary.previous", read_only=True, allow_null=True)
    measures = serializers.IntegerField(source="summary.measures", read_only=True, help_text="How many measures.")
    withheld = serializers.IntegerField(source="summary.withheld", read_only=True, help_text="How many clauses are.")
    publication = serializers.CharField(source="reference", read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Publication
        fields = (
            "reference",
            "title",
            "title_cy",
            "standing",
            "standing_on",
            "parties",
            "clause_set",
            "technologies",
            "systems",
            "completed_on",
            "starts_on",
            "ends_on",
            "review_on",
            "replaced_from",
            "ends_early_on",
            "previous",
            "measures",
            "withheld",
            "version",
            "published_at",
            "publication",
            "url",
        )
        read_only_fields = fields

    def get_standing(self, publication: Publication) -> str:
        return standing_of(publication.summary, today()).value

    def get_standing_on(self, publication: Publication) -> str:
        return today().isoformat()

    @extend_schema_field({"type": "array", "items": PARTY})
    def get_parties(self, publication: Publication) -> list[dict[str, Any]]:
        return list(publication.summary["parties"])

    def get_url(self, publication: Publication) -> str:
        return f"{settings.PORTAL_ORIGIN}{publication.path}"


class AskedOfAgreements(Asked):
    standing = serializers.ChoiceField(
        [each.value for each in PUBLIC], required=False, help_text="What it is worth today."
    )
    technology = serializers.ChoiceField(Technology.values, required=False, help_text="What it is about.")
    force = Word("Short name of a police force or agency that is party to it.")
    council = Word("Short name of a council that is party to it.")
    q = Word("Words in its title, its number or the names of its parties.")


class AgreementViewSet(PublishedViewSet[Publication]):
    """Agreements between councils and police that are public, those that are not in force any more included."""

    queryset = Publication.objects.all()
    serializer_class = AgreementSerializer
    pagination_class = ByReference
    asked = AskedOfAgreements
    lookup_field = "subject_reference"
    lookup_url_kwarg = "reference"
    lookup_value_regex = "[A-Za-z0-9-]+"

    def get_queryset(self) -> QuerySet[Publication]:
        rows = Publication.objects.of_agreements().current().defer("content").order_by("subject_reference")
        if self.action != "list":
            return rows
        found = filtered(published(), Choice.of(self.request.query_params), today())
        return rows.filter(pk__in=[each.pk for each in found])
