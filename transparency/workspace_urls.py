"""Addresses of publishing under /workspace/<organisation>/."""

from django.urls import path

from transparency.views import publishing

app_name = "publishing"
urlpatterns = [
    path("publications/", publishing.publications, name="publications"),
    path("publications/<slug:reference>/", publishing.system, name="system"),
    path("publications/<slug:reference>/preview/<slug:language>/", publishing.preview, name="preview"),
    path("publications/<slug:reference>/publish/", publishing.publish, name="publish"),
    path("publications/<slug:reference>/withdraw/", publishing.withdraw, name="withdraw"),
]
