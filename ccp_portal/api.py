"""The public read-only API, version 1: what is public already, as JSON."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.utils.decorators import method_decorator
from rest_framework import mixins, serializers, viewsets
from rest_framework.routers import SimpleRouter

from accounts.models import Organisation
from transparency.api import CappedPages, CertificateViewSet, PublicationViewSet

app_name = "v1"


class ByName(CappedPages):
    """By name, and by address where two have one name."""

    ordering = ("name", "slug")


class AuthoritySerializer(serializers.ModelSerializer[Organisation]):
    """One principal authority: facts of the field, nothing about people."""

    class Meta:
        model = Organisation
        fields = (
            "slug",
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


@method_decorator(login_not_required, name="dispatch")
class AuthorityViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Organisation]):
    """Principal authorities of England and Wales, past ones with their last day."""

    queryset = Organisation.objects.principal_authorities()
    serializer_class = AuthoritySerializer
    pagination_class = ByName
    lookup_field = "slug"


router = SimpleRouter()
router.register("authorities", AuthorityViewSet, basename="authority")
router.register("certificates", CertificateViewSet, basename="certificate")
router.register("publications", PublicationViewSet, basename="publication")

urlpatterns = [path("", include(router.urls))]
