"""The public read-only API, version 1: what is public already, as JSON."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.utils.decorators import method_decorator
from rest_framework import mixins, serializers, viewsets
from rest_framework.pagination import CursorPagination
from rest_framework.routers import SimpleRouter

from accounts.models import Organisation
from transparency.api import CertificateViewSet, PublicationViewSet

app_name = "v1"


class ByName(CursorPagination):
    """Pages of 100, at most 500; a cursor instead of an offset, so that the last page costs what the first does."""

    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 500
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
