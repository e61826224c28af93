"""Agreements, under /workspace/<organisation>/."""

from django.urls import URLPattern, URLResolver, include, path

from slas.views import agreements

app_name = "slas"

one_agreement: list[URLPattern | URLResolver] = [
    path("", agreements.agreement, name="agreement"),
    path("send/", agreements.send, name="agreement_send"),
    path("reopen/", agreements.reopen, name="agreement_reopen"),
    path("abandon/", agreements.abandon, name="agreement_abandon"),
]

urlpatterns = [
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/<slug:reference>/", include(one_agreement)),
]
