"""Addresses of this app under /workspace/<organisation>/."""

from compliance.urls import assessments, systems

app_name = "compliance"
urlpatterns = [*systems.urlpatterns, *assessments.urlpatterns]
