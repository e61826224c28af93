"""Applications and certificates, under /workspace/<organisation>/."""

from django.urls import URLPattern, URLResolver, include, path

from certification import applying_urls, desk_urls, impartial_urls, life_urls, visit_urls
from certification.views import applications, certificates, decisions, documents, intake

app_name = "certification"

one_application: list[URLPattern | URLResolver] = [
    path("", applications.application, name="application"),
    path("submission.json", documents.submission, name="application_submission"),
    path("accept/", intake.accept, name="application_accept"),
    path("return/", intake.return_application, name="application_return"),
    path("assign/", intake.assign, name="application_assign"),
    path("declare/", intake.declare, name="application_declare"),
    path("begin/", intake.begin, name="review_begin"),
    path("decision/", decisions.decide, name="decision"),
    path("appeal/", decisions.appeal, name="appeal"),
    path("visits/", include(visit_urls.of_application)),
]

urlpatterns = [
    path("applications/", applications.applications, name="applications"),
    *applying_urls.of_organisation,
    path(
        "applications/<slug:reference>/",
        include([*one_application, *applying_urls.of_application, *desk_urls.of_application]),
    ),
    *desk_urls.of_organisation,
    *impartial_urls.of_organisation,
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/<slug:reference>/", certificates.certificate, name="certificate"),
    *life_urls.of_certificate,
    path("certificates/<slug:reference>/<str:act>/", certificates.act, name="certificate_act"),
    *life_urls.of_transfer,
]
