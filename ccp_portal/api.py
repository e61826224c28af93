"""The addresses of the public read-only API, version 1: what is public already, as JSON."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from transparency.api.agreements import AgreementViewSet
from transparency.api.authorities import AuthorityViewSet
from transparency.api.base import Nothing
from transparency.api.certificates import CertificateViewSet
from transparency.api.publications import CameraViewSet, PublicationViewSet, SystemViewSet
from transparency.views.api_schema import schema_json

app_name = "v1"

router = SimpleRouter()
router.register("authorities", AuthorityViewSet, basename="authority")
router.register("systems", SystemViewSet, basename="system")
router.register("cameras", CameraViewSet, basename="camera")
router.register("certificates", CertificateViewSet, basename="certificate")
router.register("agreements", AgreementViewSet, basename="agreement")
router.register("publications", PublicationViewSet, basename="publication")

urlpatterns = [
    path("schema.json", schema_json, name="schema"),
    path("", include(router.urls)),
    re_path(r"", Nothing.as_view(), name="nothing"),
]
