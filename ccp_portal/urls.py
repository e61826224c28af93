"""Every address of the portal: public pages in English at `/` and Welsh at `/cy/`, a workspace in its user's words."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from ccp_portal.health import healthz

handler500 = "core.middleware.fault"
handler429 = "accounts.views.entrance.too_many_requests"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path(".well-known/", include("transparency.well_known_urls")),
    path("", include("transparency.program_urls")),
    path("api/v1/", include("ccp_portal.api", namespace="v1")),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.entrance")),
    path("workspace/entrusted/", include("compliance.urls.entrusted")),
    path("invitations/systems/", include("compliance.urls.taking_up")),
    path("", include("accounts.urls")),
    path("calendar/", include("compliance.urls.calendars")),
    path("ask/", include("compliance.urls.asking")),
    path("workspace/administration/schemes/", include("certification.administration_urls")),
    path("workspace/administration/pages/", include("transparency.administration_urls")),
    path("workspace/<slug:organisation>/", include("compliance.urls")),
    path("workspace/<slug:organisation>/", include("certification.urls")),
    path("workspace/<slug:organisation>/", include("slas.urls")),
    path("workspace/<slug:organisation>/", include("transparency.workspace_urls")),
    path("workspace/<slug:organisation>/", include("strategy.workspace_urls")),
    *i18n_patterns(path("estate/", include("compliance.urls.estate_asking")), prefix_default_language=False),
    *i18n_patterns(path("refer/", include("compliance.urls.referring")), prefix_default_language=False),
    *i18n_patterns(path("", include("strategy.urls")), prefix_default_language=False),
    *i18n_patterns(path("", include("transparency.urls")), prefix_default_language=False),
]
